import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readManifests } from '../../../../../src/kubernetes/manifests.js';
import { observe } from '../../../../../src/kubernetes/observation.js';
import { ClusterTimeline } from '../../../../../src/policy/history/timeline.js';
import type { ConnectionSet } from '../../../../../src/policy/questions/matrix/connection_set.js';
import { endsOf, type MatrixEnd } from '../../../../../src/policy/questions/matrix/ends.js';
import { Matrix } from '../../../../../src/policy/questions/matrix/matrix.js';
import { marks } from '../../cluster.js';

/** A folder with clusters as np-guard's netpol-analyzer has them: manifests and what it says of them. */
const DATA = process.env.KTAPE_REAL_DATA;
const skip = DATA === undefined ? 'KTAPE_REAL_DATA names no folder with real clusters' : false;

for (const name of ['new_online_boutique', 'anp_banp_blog_demo']) {
  test(`the matrix of ${name} is what another tool found, pair by pair`, { skip }, () => {
    const folder = join(DATA ?? '', 'netpol', name);
    const rows = readdirSync(join(folder, 'objects')).flatMap((file) =>
      [...readManifests(readFileSync(join(folder, 'objects', file), 'utf8'))].flatMap((entry) => {
        const observation = 'object' in entry ? observe(entry.object, 'imported', 0n) : entry;
        return 'row' in observation ? observation.row : [];
      }),
    );
    const timeline = new ClusterTimeline([...rows, ...marks()]);
    const state = timeline.at(0n);
    const found = new Matrix(state, endsOf(timeline, state)).pairs().flatMap((pair) => {
      assert.ok(pair.unknown.isEmpty, pair.why);
      if (pair.allowed.isEmpty) return [];
      return `${nameOf(pair.source)} => ${nameOf(pair.destination)} : ${saidOf(pair.allowed)}`;
    });
    const expected = readFileSync(join(folder, `${name}_connlist_output.txt`), 'utf8').split('\n');
    assert.ok(found.length > 10);
    assert.deepEqual(found.sort(), expected.filter((line) => line.includes('=>')).sort());
  });
}

function nameOf(end: MatrixEnd): string {
  if (end.kind === 'workload') return `${end.namespace}/${end.name}[${end.workloadKind}]`;
  return '0.0.0.0-255.255.255.255[External]';
}

function saidOf(allowed: ConnectionSet): string {
  return allowed.isAll ? 'All Connections' : allowed.text;
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type KubernetesObjectRow, listMark, type Observed } from '../../../src/kubernetes/observation.js';
import { withUnseenEnds } from '../../../src/kubernetes/unseen_ends.js';

function pod(time: bigint, observed: Observed, name: string, version: string): KubernetesObjectRow {
  const identity = { namespace: 'shop', name, uid: `uid-${name}`, resource_version: version };
  return { time, observed, kind: 'Pod', api_version: 'v1', ...identity, object: '{}', removed: null };
}

/** What is told of pods, as `vanished gone at 20`. */
function ends(rows: readonly KubernetesObjectRow[]): string[] {
  const told = [...withUnseenEnds(rows)].filter(({ observed }) => observed === 'vanished');
  return told.map(({ name, time }) => `vanished ${name} at ${time}`);
}

test('what a later first list does not show had ended, unless it is newer than the list', () => {
  const rows = [
    pod(10n, 'listed', 'gone', '3'),
    pod(10n, 'listed', 'stays', '4'),
    listMark('Pod', 'v1', '5', 10n),
    pod(15n, 'added', 'newer', '9'),
    pod(20n, 'listed', 'stays', '4'),
    listMark('Pod', 'v1', '8', 20n),
  ];
  assert.deepEqual(ends(rows), ['vanished gone at 20']);
});

test('what is seen again after the list had not ended: its row of the list was lost', () => {
  const rows = [
    pod(10n, 'listed', 'lost', '3'),
    listMark('Pod', 'v1', '5', 10n),
    listMark('Pod', 'v1', '8', 20n),
    pod(30n, 'listed', 'lost', '3'),
    listMark('Pod', 'v1', '8', 30n),
  ];
  assert.deepEqual(ends(rows), []);
});

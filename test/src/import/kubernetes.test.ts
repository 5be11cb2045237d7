import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { importKubernetes } from '../../../src/import/kubernetes.js';
import { ktapeRows } from '../../capture/recorder_process.js';
import { scratch } from '../../scratch.js';

const OPTIONS = { tool: 'ktape test', now: 5n, node: 'n1', at: 7n };
const POD = 'apiVersion: v1\nkind: Pod\nmetadata: {namespace: shop, name: web}\n';
const SECRET = 'apiVersion: v1\nkind: Secret\nmetadata: {name: password}\nstringData: {a: hunter2}\n';

test('objects of files and directories, as of the time given; Secrets stay out', async (t) => {
  const folder = scratch(t);
  await mkdir(join(folder, 'in', 'deeper'), { recursive: true });
  await writeFile(join(folder, 'in', 'a.yaml'), `${POD}---\n${SECRET}`);
  await writeFile(
    join(folder, 'in', 'deeper', 'b.json'),
    JSON.stringify({
      kind: 'List',
      apiVersion: 'v1',
      items: [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }],
    }),
  );
  const out = join(folder, 'tape');
  assert.deepEqual(await importKubernetes([join(folder, 'in')], out, OPTIONS), {
    objects: 2,
    secrets: 1,
    problems: [],
  });
  assert.deepEqual(
    ktapeRows(
      out,
      'SELECT epoch_ns(time), observed, kind, namespace, name FROM kubernetes_objects ORDER BY kind',
    ),
    [
      ['7', 'imported', 'Namespace', null, 'shop'],
      ['7', 'imported', 'NamespaceList', null, null],
      ['7', 'imported', 'Pod', 'shop', 'web'],
      ['7', 'imported', 'PodList', null, null],
    ],
  );
});

test('a document that cannot be read is told and is a loss, and no list counts as complete', async (t) => {
  const folder = scratch(t);
  await writeFile(join(folder, 'a.yaml'), POD);
  await writeFile(join(folder, 'b.yaml'), 'kind: Pod: broken');
  const out = join(folder, 'tape');
  const { objects, problems } = await importKubernetes(
    [join(folder, 'a.yaml'), join(folder, 'b.yaml')],
    out,
    OPTIONS,
  );
  assert.equal(objects, 1);
  assert.match(problems.join(), /b\.yaml: document 0: Nested mappings are not allowed/);
  assert.deepEqual(ktapeRows(out, 'SELECT kind FROM kubernetes_objects'), [['Pod']]);
  assert.deepEqual(ktapeRows(out, 'SELECT source, reason FROM losses'), [
    ['kubernetes', 'unreadable document'],
  ]);
});

test('where nothing is an object, or a path is not there, no tape is left', async (t) => {
  const folder = scratch(t);
  const out = join(folder, 'tape');
  await writeFile(join(folder, 'a.yaml'), 'just: yaml');
  await assert.rejects(
    importKubernetes([join(folder, 'a.yaml')], out, OPTIONS),
    /a\.yaml: document 0: .*it has no kind/,
  );
  await assert.rejects(
    importKubernetes([join(folder, 'none')], out, OPTIONS),
    /none: no such file or directory$/,
  );
  assert.equal(existsSync(out), false);
});

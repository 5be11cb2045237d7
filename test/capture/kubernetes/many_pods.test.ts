import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { objectKey } from '../../../fixtures/lab/kubernetes_objects.js';
import { scratch } from '../../scratch.js';
import { CLUSTER_ONLY, ktapeRows, startRecorder } from '../recorder_process.js';
import { until } from '../until.js';
import { hasRead, isWatchOfPods, LabApi } from './lab_api.js';
import { largePod } from './many_pods.js';

const PODS = 5000;
const CHANGED = 1000;
const DELETED = 200;

test('5,000 pods: each on the tape once, then each change, in pages and bounded memory', async (t) => {
  const api = new LabApi();
  for (let i = 0; i < PODS; i++) api.store.create(largePod(i));
  await api.start();
  t.after(() => api.stop());
  const folder = scratch(t);
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, api.config().exportConfig());
  const tape = join(folder, 'tape');
  const recorder = startRecorder(t, ['--out', tape, '--kubernetes', kubeconfig, ...CLUSTER_ONLY]);
  await recorder.says(/^recording /);
  await until('it watches pods', () => api.requests.some(isWatchOfPods));

  const pods = api.store.list('Pod');
  for (const pod of pods.slice(0, CHANGED)) {
    api.store.update({ ...pod, metadata: { ...pod.metadata, labels: { changed: 'yes' } } });
  }
  for (const pod of pods.slice(-DELETED)) api.store.delete('Pod', objectKey(pod));
  await hasRead(api);
  recorder.child.kill('SIGTERM');
  assert.equal(await recorder.exited, 0, recorder.said.join('\n'));

  assert.deepEqual(
    ktapeRows(
      tape,
      `SELECT observed, count(*), count(DISTINCT uid) FROM kubernetes_objects WHERE kind = 'Pod' GROUP BY 1 ORDER BY 2 DESC`,
    ),
    [
      ['listed', String(PODS), String(PODS)],
      ['modified', String(CHANGED), String(CHANGED)],
      ['deleted', String(DELETED), String(DELETED)],
    ],
  );
  // On a busy machine the first list takes more than a second, which is said.
  const gaps = "FROM losses WHERE reason = 'watch gap' AND subject = 'Pod' AND detail <> 'not listed yet'";
  assert.deepEqual(ktapeRows(tape, gaps), []);
  const pages = api.requests.filter(
    ({ pathname, searchParams }) => pathname === '/api/v1/pods' && searchParams.has('limit'),
  );
  assert.equal(pages.length, PODS / 100);
  const [[most]] = ktapeRows(tape, 'SELECT max(resident_bytes) FROM recorder_health') as [[string]];
  t.diagnostic(`at most ${Math.round(Number(most) / 2 ** 20)} MiB resident`);
  assert.ok(Number(most) < 300 * 2 ** 20, `${most} bytes resident`);
});

import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { KubernetesObject } from '../../../fixtures/lab/kubernetes_objects.js';
import { skippedLive } from '../../live.js';
import { scratch } from '../../scratch.js';
import { CLUSTER_ONLY, ktapeRows, startRecorder } from '../recorder_process.js';
import { smallDisk, whyNoSmallDisk } from '../small_disk.js';
import { until } from '../until.js';
import { hasRead, isListOfPods, isWatchOfPods, LabApi } from './lab_api.js';

const MIB = 1 << 20;
/** Together more than the recorder may keep in memory. */
const PODS = 600;
const LEFT = 10;

test('objects seen while memory and disk were full: later the tape has each as it is, and says what it lacks', async (t) => {
  if (skippedLive(t, whyNoSmallDisk())) return;
  const disk = smallDisk(t, 64);
  const api = new LabApi();
  for (const name of ['same', 'changed', 'gone']) api.put(name, '1');
  await api.start();
  t.after(() => api.stop());
  const kubeconfig = join(scratch(t), 'kubeconfig');
  await writeFile(kubeconfig, api.config().exportConfig());
  const out = join(disk, 'tape');
  const small = ['--max-memory', '140MiB', '--min-free', '16MiB'];
  const recorder = startRecorder(t, ['--out', out, '--kubernetes', kubeconfig, ...CLUSTER_ONLY, ...small]);
  await recorder.says(/^recording node/);
  const lists = () => api.requests.filter(isListOfPods).length;
  await until('it watches pods', () => api.requests.some(isWatchOfPods));

  const ballast = join(disk, 'ballast');
  await writeFile(ballast, Buffer.alloc(60 * MIB));
  api.put('changed', '2');
  api.remove('gone');
  for (let i = 0; i < PODS; i++) api.store.create(bulkyPod(i));
  await recorder.says(/^cannot write to the tape, will try again: .*--min-free is 16 MiB$/);
  await recorder.says(/^memory is full: rows of kubernetes_objects are given up$/);
  for (let i = LEFT; i < PODS; i++) api.remove(`large-${i}`);
  await hasRead(api);

  await rm(ballast);
  await until('pods are listed anew', () => lists() > 1);
  await until(
    'it watches on',
    () => api.requests.findLastIndex(isWatchOfPods) > api.requests.findLastIndex(isListOfPods),
  );
  api.put('later', '1');
  await hasRead(api);
  recorder.child.kill('SIGTERM');
  assert.equal(await recorder.exited, 0, recorder.said.join('\n'));

  const left = Array.from({ length: LEFT }, (_, i) => [`large-${i}`, null]);
  assert.deepEqual(
    ktapeRows(
      out,
      "SELECT name, object ->> '$.metadata.labels.v' FROM pods WHERE valid_to IS NULL ORDER BY name",
    ),
    [['changed', '2'], ...left, ['later', '1'], ['same', '1']],
  );
  const [[onTape]] = ktapeRows(out, "SELECT count(*) FROM kubernetes_objects WHERE kind LIKE 'Pod%'") as [
    [string],
  ];
  const [[shed]] = ktapeRows(
    out,
    "SELECT sum(count) FROM losses WHERE reason = 'memory full' AND subject = 'Pod'",
  ) as [[string]];
  const [listed, relisted, watched] = [3 + 1, 2 + LEFT + 1, 2 + PODS + (PODS - LEFT) + 1];
  assert.equal(Number(onTape) + Number(shed), listed + watched + relisted * (lists() - 1));
  const [gap] = ktapeRows(
    out,
    `SELECT min(time) <= (SELECT min(time) FROM losses WHERE reason = 'memory full' AND subject = 'Pod'),
      max(until) >= (SELECT max(time) FROM kubernetes_objects WHERE kind = 'PodList')
    FROM losses WHERE reason = 'watch gap' AND subject = 'Pod' AND detail <> 'not listed yet'`,
  );
  assert.deepEqual(gap, [true, true]);
});

/** 40 kB of JSON. */
function bulkyPod(number: number): KubernetesObject {
  const name = `large-${number}`;
  const annotations = { note: `${number} `.repeat(40_000).slice(0, 40_000) };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: 'shop', name, annotations },
  } as KubernetesObject;
}

/** In a pod: the files that the kubelet puts there, against the lab's API server over TLS. */
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { loadKubeConfig } from '../../../capture/kubernetes/kubeconfig.js';
import { scratch } from '../../scratch.js';
import { until } from '../until.js';
import { LabApi } from './lab_api.js';
import { Recording } from './recording.js';
import { ServiceAccountVolume, serverCertificate } from './service_account.js';

const VOLUME = 'var/run/secrets/kubernetes.io/serviceaccount';

/** A server with pod a over TLS, and a pod's view of it: the environment, and the root of its files. */
async function cluster(t: TestContext) {
  const root = scratch(t);
  const certificate = serverCertificate(root);
  const api = new LabApi(certificate);
  api.put('a');
  await api.start();
  t.after(() => api.stop());
  const variables = { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: String(api.port) };
  // The client library reads them itself.
  Object.assign(process.env, variables);
  t.after(() => {
    for (const name of Object.keys(variables)) delete process.env[name];
  });
  return { root, certificate, api, load: () => loadKubeConfig('in-cluster', process.env, root) };
}

/** Records what is reached with the pod's files. */
async function record({ api, load }: Awaited<ReturnType<typeof cluster>>) {
  const config = await load();
  return new Recording({ config: () => config, reloadConfig: load, stop: () => api.stop() });
}

test('the service account reaches the server; when its token is another one it is read again', async (t) => {
  const pod = await cluster(t);
  const { api, root, certificate } = pod;
  const volume = new ServiceAccountVolume(join(root, VOLUME), certificate.cert, 'secret');
  const recording = await record(pod);
  await until('it watches', () => api.asked.at(-1)?.startsWith('watch') === true);

  volume.put('renewed');
  api.tokens.add('renewed');
  api.tokens.delete('secret');
  api.breakConnections();
  api.put('b');
  await until('b is seen', () => recording.rows.length === 3);
  await recording.end();
  assert.deepEqual(recording.seen, ['listed a', 'listed PodList', 'added b']);
  assert.ok(recording.notices.includes('the API server answered 401 Unauthorized'));
});

test('a server with another certificate is not talked to; it is said why, and the time is a gap', async (t) => {
  const pod = await cluster(t);
  mkdirSync(join(pod.root, 'other'));
  const other = serverCertificate(join(pod.root, 'other'));
  new ServiceAccountVolume(join(pod.root, VOLUME), other.cert, 'secret');
  const recording = await record(pod);
  await until('it says so', () => recording.notices.length > 0);
  await recording.end();
  assert.match(
    recording.notices[0] ?? '',
    /^cannot reach the API server https:\/\/127\.0\.0\.1:\d+: self-signed certificate/,
  );
  assert.deepEqual([pod.api.requests, recording.rows], [[], []]);
  assert.match(recording.gaps.at(-1)?.reason ?? '', /self-signed certificate/);
});

test('a pod without the files: which one is missing or empty', async (t) => {
  const { root, certificate, load } = await cluster(t);
  const said = () => load().then(String, (error: Error) => error.message.replace(root, ''));
  assert.match(await said(), /^\/var\/run\/.+\/token: the pod's service account cannot be read: ENOENT/);
  new ServiceAccountVolume(join(root, VOLUME), certificate.cert, '\n');
  assert.match(await said(), /\/token: is empty; expected what the kubelet puts there$/);
  writeFileSync(join(root, VOLUME, 'token'), 'secret');
  rmSync(join(root, VOLUME, '..data/ca.crt'));
  assert.match(await said(), /\/ca\.crt: the pod's service account cannot be read: ENOENT/);
});

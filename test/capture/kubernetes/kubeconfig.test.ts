import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { loadKubeConfig } from '../../../capture/kubernetes/kubeconfig.js';

let directory: string;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
});
after(() => rm(directory, { recursive: true }));

/** A kubeconfig with one cluster and one context. */
function kubeconfig(cluster: string, context = 'c'): string {
  return `{kind: Config, current-context: ${context},
    clusters: [{name: k, cluster: ${cluster}}],
    contexts: [{name: c, context: {cluster: k, user: u}}],
    users: [{name: u, user: {token: t}}]}`;
}

async function load(text: string): Promise<string> {
  const file = join(directory, 'config');
  await writeFile(file, text);
  return loadKubeConfig(file, {}).then(
    (config) => config.getCurrentCluster()?.server ?? '',
    (error: Error) => error.message.replace(directory, ''),
  );
}

test('a kubeconfig names the server of its current context', async () => {
  assert.equal(await load(kubeconfig('{server: "https://10.0.0.1:6443"}')), 'https://10.0.0.1:6443');
});

test('what is wrong with a kubeconfig is said with its file', async () => {
  assert.match(await load('a: ['), /^\/config: not a kubeconfig: /);
  assert.equal(
    await load(kubeconfig('{server: "https://10.0.0.1"}', 'other')),
    '/config: its current-context "other" is not among its contexts',
  );
  assert.equal(
    await load(kubeconfig('{server: nonsense}')),
    '/config: the server of k is "nonsense", not a URL',
  );
  assert.equal(
    await load(kubeconfig('{server: "http://10.0.0.1"}')),
    '/config: http://10.0.0.1 is not https; set insecure-skip-tls-verify to allow it',
  );
  assert.equal(
    await load(kubeconfig('{server: "HTTP://10.0.0.1"}')),
    '/config: HTTP://10.0.0.1 is not https; set insecure-skip-tls-verify to allow it',
  );
  assert.equal(
    await load(kubeconfig('{server: "ftp://10.0.0.1", insecure-skip-tls-verify: true}')),
    '/config: the server of k is "ftp://10.0.0.1"; expected an https:// address',
  );
  for (const text of ['', '5', '[]', 'null', '{}', '{clusters: [null]}']) {
    assert.equal(
      await load(text),
      '/config: not a kubeconfig: expected an object with clusters, contexts and users',
      text,
    );
  }
});

test('a kubeconfig that cannot be read: the option and why', async () => {
  await assert.rejects(
    loadKubeConfig('/no/such/file', {}),
    /^InvalidFileError: \/no\/such\/file: the kubeconfig of --kubernetes cannot be read: ENOENT: no such file/,
  );
});

test('in-cluster needs the variables that Kubernetes sets in pods', async () => {
  await assert.rejects(
    loadKubeConfig('in-cluster', {}),
    /not in a cluster: the variable KUBERNETES_SERVICE_HOST is not set/,
  );
});

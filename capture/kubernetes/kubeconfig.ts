import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { InvalidFileError, KtapeError, reasonOf } from '../../src/errors.js';

const EXPECTED = 'expected an object with clusters, contexts and users';

/** Where the kubelet puts what a pod needs to reach the API server: `token`, `ca.crt` and `namespace`. */
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * Reads how to reach the cluster: from a kubeconfig file, or `in-cluster` from the pod's service account, whose
 * files are below `root`. Throws a KtapeError that names the file or variable and what is wrong; whether the server
 * answers is not tried. The client library reads the token again every minute, because the kubelet renews it.
 */
export async function loadKubeConfig(
  source: string,
  environment: Readonly<Record<string, string | undefined>>,
  root = '',
): Promise<KubeConfig> {
  return source === 'in-cluster' ? inClusterConfig(environment, root) : fileConfig(source);
}

async function inClusterConfig(
  environment: Readonly<Record<string, string | undefined>>,
  root: string,
): Promise<KubeConfig> {
  for (const name of ['KUBERNETES_SERVICE_HOST', 'KUBERNETES_SERVICE_PORT']) {
    if (!environment[name]) throw new KtapeError(`not in a cluster: the variable ${name} is not set`);
  }
  for (const name of ['token', 'ca.crt']) {
    const file = `${root}${SERVICE_ACCOUNT}/${name}`;
    const content = await readFile(file, 'utf8').catch((error: unknown) => {
      throw new InvalidFileError(file, `the pod's service account cannot be read: ${reasonOf(error)}`);
    });
    if (content.trim() === '')
      throw new InvalidFileError(file, 'is empty; expected what the kubelet puts there');
  }
  const config = await emptyConfig();
  config.loadFromCluster(root);
  return config;
}

async function fileConfig(file: string): Promise<KubeConfig> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new InvalidFileError(file, `the kubeconfig of --kubernetes cannot be read: ${reasonOf(error)}`);
  });
  const config = await emptyConfig();
  try {
    config.loadFromString(text);
    config.makePathsAbsolute(dirname(file));
  } catch (error) {
    // The client library looks into what is not there.
    const reason = error instanceof TypeError ? EXPECTED : reasonOf(error).split('\n')[0];
    throw new InvalidFileError(file, `not a kubeconfig: ${reason}`);
  }
  if (!Array.isArray(config.contexts) || config.contexts.length === 0) {
    throw new InvalidFileError(file, `not a kubeconfig: ${EXPECTED}`);
  }
  const { currentContext } = config;
  if (config.getContextObject(currentContext) === null) {
    throw new InvalidFileError(
      file,
      `its current-context "${currentContext ?? ''}" is not among its contexts`,
    );
  }
  const cluster = config.getCurrentCluster();
  if (cluster === null)
    throw new InvalidFileError(file, `the context ${currentContext} names no cluster in it`);
  if (!URL.canParse(cluster.server)) {
    throw new InvalidFileError(file, `the server of ${cluster.name} is "${cluster.server}", not a URL`);
  }
  const { protocol } = new URL(cluster.server);
  if (protocol !== 'https:' && protocol !== 'http:') {
    throw new InvalidFileError(
      file,
      `the server of ${cluster.name} is "${cluster.server}"; expected an https:// address`,
    );
  }
  if (protocol === 'http:' && !cluster.skipTLSVerify) {
    throw new InvalidFileError(
      file,
      `${cluster.server} is not https; set insecure-skip-tls-verify to allow it`,
    );
  }
  return config;
}

/** Loads the client library only now: it takes some 70 MiB of memory, which recorders that do not watch are spared. */
async function emptyConfig(): Promise<KubeConfig> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  return new KubeConfig();
}

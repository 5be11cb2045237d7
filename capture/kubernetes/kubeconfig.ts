import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { InvalidFileError, KtapeError, reasonOf } from '../../src/errors.js';

const EXPECTED = 'expected an object with clusters, contexts and users';

/**
 * Reads how to reach the cluster: from a kubeconfig file, or `in-cluster` from the pod's service account. Throws a
 * KtapeError that names the file or variable and what is wrong; whether the server answers is not tried.
 */
export async function loadKubeConfig(
  source: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<KubeConfig> {
  return source === 'in-cluster' ? inClusterConfig(environment) : fileConfig(source);
}

function inClusterConfig(environment: Readonly<Record<string, string | undefined>>): KubeConfig {
  for (const name of ['KUBERNETES_SERVICE_HOST', 'KUBERNETES_SERVICE_PORT']) {
    if (!environment[name]) throw new KtapeError(`not in a cluster: the variable ${name} is not set`);
  }
  const config = new KubeConfig();
  config.loadFromCluster();
  return config;
}

async function fileConfig(file: string): Promise<KubeConfig> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new InvalidFileError(file, `the kubeconfig of --kubernetes cannot be read: ${reasonOf(error)}`);
  });
  const config = new KubeConfig();
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

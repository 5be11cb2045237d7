import { CoreV1Api, KubeConfig, type V1Pod } from '@kubernetes/client-node';
import { KtapeError, reasonOf, systemReason, UsageError } from '../errors.js';

/** What the client library calls the context that it makes up, of localhost:8080, where there is no kubeconfig. */
const MADE_UP = 'loaded-context';

/** Reads how to reach the cluster as kubectl does. Throws a KtapeError that names the option and what is wrong. */
export function loadCluster(kubeconfig: string | undefined, context: string | undefined): KubeConfig {
  const config = new KubeConfig();
  const { KUBECONFIG = '' } = process.env;
  const byDefault = KUBECONFIG === '' ? '~/.kube/config' : `KUBECONFIG ${KUBECONFIG}`;
  const where = kubeconfig === undefined ? byDefault : `--kubeconfig ${kubeconfig}`;
  try {
    if (kubeconfig === undefined) config.loadFromDefault();
    else config.loadFromFile(kubeconfig);
  } catch (error) {
    const [reason = ''] = systemReason(error).split('\n');
    throw new (kubeconfig === undefined ? KtapeError : UsageError)(`${where}: ${reason}`);
  }
  if (kubeconfig === undefined && config.getCurrentContext() === MADE_UP) {
    throw new KtapeError(
      'no kubeconfig found: neither --kubeconfig nor KUBECONFIG names one, and there is no ~/.kube/config',
    );
  }
  if (context !== undefined) {
    const known = (config.contexts ?? []).map(({ name }) => name);
    if (!known.includes(context)) {
      throw new UsageError(`--context ${context}: no such context; there is ${known.join(', ') || 'none'}`);
    }
    config.setCurrentContext(context);
  }
  if (config.getCurrentCluster() === null) {
    throw new KtapeError(`${where}: its current context names no cluster`);
  }
  return config;
}

/** The pods with these labels, by name. Throws a KtapeError when the API server cannot be asked. */
export async function listPods(
  config: KubeConfig,
  namespace: string,
  labelSelector: string,
): Promise<V1Pod[]> {
  const api = config.makeApiClient(CoreV1Api);
  try {
    const { items } = await api.listNamespacedPod({ namespace, labelSelector });
    return items.sort((a, b) => (podName(a) < podName(b) ? -1 : 1));
  } catch (error) {
    throw new KtapeError(`cannot list the pods of namespace ${namespace}: ${apiReason(error)}`);
  }
}

export function podName({ metadata }: V1Pod): string {
  return metadata?.name ?? '';
}

/** The client library's errors carry the whole answer: what the server said in one line. */
function apiReason(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'body' in error && typeof error.body === 'string') {
    try {
      const { message }: { message?: unknown } = JSON.parse(error.body);
      if (typeof message === 'string') return message;
    } catch {
      // Not a Status of Kubernetes: what the library says must do.
    }
  }
  return reasonOf(error).split('\n')[0] ?? '';
}

/** A kind of object that the recorder lists and watches. */
export interface WatchedKind {
  readonly kind: string;
  /** Group and version as objects carry it: `v1`, `apps/v1`. */
  readonly apiVersion: string;
  /** Name of the resource in paths of the API. */
  readonly plural: string;
  readonly namespaced: boolean;
}

/**
 * What a postmortem needs of a cluster. Events are those of the core group: every version of Kubernetes serves
 * them, the usual read-only roles may list them, and their fields have the names that people know (`count`,
 * `involvedObject`); events.k8s.io serves the same objects with these fields under `deprecated…`.
 */
export const WATCHED_KINDS: readonly WatchedKind[] = [
  { kind: 'Pod', apiVersion: 'v1', plural: 'pods', namespaced: true },
  { kind: 'Service', apiVersion: 'v1', plural: 'services', namespaced: true },
  { kind: 'EndpointSlice', apiVersion: 'discovery.k8s.io/v1', plural: 'endpointslices', namespaced: true },
  { kind: 'Node', apiVersion: 'v1', plural: 'nodes', namespaced: false },
  { kind: 'Namespace', apiVersion: 'v1', plural: 'namespaces', namespaced: false },
  { kind: 'ReplicaSet', apiVersion: 'apps/v1', plural: 'replicasets', namespaced: true },
  { kind: 'Deployment', apiVersion: 'apps/v1', plural: 'deployments', namespaced: true },
  { kind: 'DaemonSet', apiVersion: 'apps/v1', plural: 'daemonsets', namespaced: true },
  { kind: 'StatefulSet', apiVersion: 'apps/v1', plural: 'statefulsets', namespaced: true },
  { kind: 'Job', apiVersion: 'batch/v1', plural: 'jobs', namespaced: true },
  { kind: 'NetworkPolicy', apiVersion: 'networking.k8s.io/v1', plural: 'networkpolicies', namespaced: true },
  { kind: 'Event', apiVersion: 'v1', plural: 'events', namespaced: true },
];

const NAMESPACED = new Set(WATCHED_KINDS.filter((kind) => kind.namespaced).map(identityOf));

/** Whether objects of this kind are known to live in a namespace. */
export function isNamespaced(kind: string, apiVersion: string): boolean {
  return NAMESPACED.has(identityOf({ kind, apiVersion }));
}

/** Path of the kind's collection over all namespaces: `/apis/apps/v1/deployments`. */
export function collectionPath({ apiVersion, plural }: WatchedKind): string {
  return `${apiVersion.includes('/') ? '/apis' : '/api'}/${apiVersion}/${plural}`;
}

function identityOf({ kind, apiVersion }: Pick<WatchedKind, 'kind' | 'apiVersion'>): string {
  return `${apiVersion} ${kind}`;
}

/** A kind of object that the recorder lists and watches. */
export interface WatchedKind {
  readonly kind: string;
  /** Group and version as objects carry it: `v1`, `apps/v1`. */
  readonly apiVersion: string;
  /** Name of the resource in paths of the API. */
  readonly plural: string;
  readonly namespaced: boolean;
  /**
   * For a kind that comes by a CustomResourceDefinition, which a cluster may lack: other groups and versions that
   * serve the same objects, asked for in this order where `apiVersion` is not served.
   */
  readonly otherVersions?: readonly string[];
}

/** Calico's API server serves the objects as `v3`; without it there are the resources that it keeps them in. */
const CALICO = { apiVersion: 'projectcalico.org/v3', otherVersions: ['crd.projectcalico.org/v1'] };
const CILIUM = { apiVersion: 'cilium.io/v2', otherVersions: [] };
const NETWORK_POLICY_API = { apiVersion: 'policy.networking.k8s.io/v1alpha1', otherVersions: [] };

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
  { kind: 'ServiceAccount', apiVersion: 'v1', plural: 'serviceaccounts', namespaced: true },
  { kind: 'ReplicaSet', apiVersion: 'apps/v1', plural: 'replicasets', namespaced: true },
  { kind: 'Deployment', apiVersion: 'apps/v1', plural: 'deployments', namespaced: true },
  { kind: 'DaemonSet', apiVersion: 'apps/v1', plural: 'daemonsets', namespaced: true },
  { kind: 'StatefulSet', apiVersion: 'apps/v1', plural: 'statefulsets', namespaced: true },
  { kind: 'Job', apiVersion: 'batch/v1', plural: 'jobs', namespaced: true },
  { kind: 'NetworkPolicy', apiVersion: 'networking.k8s.io/v1', plural: 'networkpolicies', namespaced: true },
  { kind: 'Event', apiVersion: 'v1', plural: 'events', namespaced: true },
  { kind: 'AdminNetworkPolicy', plural: 'adminnetworkpolicies', namespaced: false, ...NETWORK_POLICY_API },
  {
    kind: 'BaselineAdminNetworkPolicy',
    plural: 'baselineadminnetworkpolicies',
    namespaced: false,
    ...NETWORK_POLICY_API,
  },
  {
    kind: 'ClusterNetworkPolicy',
    plural: 'clusternetworkpolicies',
    namespaced: false,
    apiVersion: 'policy.networking.k8s.io/v1alpha2',
    otherVersions: ['policy.networking.k8s.io/v1beta1'],
  },
  { kind: 'CiliumNetworkPolicy', plural: 'ciliumnetworkpolicies', namespaced: true, ...CILIUM },
  {
    kind: 'CiliumClusterwideNetworkPolicy',
    plural: 'ciliumclusterwidenetworkpolicies',
    namespaced: false,
    ...CILIUM,
  },
  {
    kind: 'CiliumCIDRGroup',
    plural: 'ciliumcidrgroups',
    namespaced: false,
    apiVersion: 'cilium.io/v2',
    otherVersions: ['cilium.io/v2alpha1'],
  },
  { kind: 'NetworkPolicy', plural: 'networkpolicies', namespaced: true, ...CALICO },
  { kind: 'GlobalNetworkPolicy', plural: 'globalnetworkpolicies', namespaced: false, ...CALICO },
  { kind: 'NetworkSet', plural: 'networksets', namespaced: true, ...CALICO },
  { kind: 'GlobalNetworkSet', plural: 'globalnetworksets', namespaced: false, ...CALICO },
  { kind: 'Tier', plural: 'tiers', namespaced: false, ...CALICO },
  { kind: 'Profile', plural: 'profiles', namespaced: false, ...CALICO },
  { kind: 'StagedNetworkPolicy', plural: 'stagednetworkpolicies', namespaced: true, ...CALICO },
  { kind: 'StagedGlobalNetworkPolicy', plural: 'stagedglobalnetworkpolicies', namespaced: false, ...CALICO },
  {
    kind: 'StagedKubernetesNetworkPolicy',
    plural: 'stagedkubernetesnetworkpolicies',
    namespaced: true,
    ...CALICO,
  },
];

const NAMESPACED = new Set(
  WATCHED_KINDS.filter(({ namespaced }) => namespaced).flatMap((watched) =>
    versionsOf(watched).map((apiVersion) => identityOf(watched.kind, apiVersion)),
  ),
);

/** The groups and versions that serve objects of the kind, the preferred one first. */
export function versionsOf({ apiVersion, otherVersions = [] }: WatchedKind): readonly string[] {
  return [apiVersion, ...otherVersions];
}

/** Whether objects of this kind are known to live in a namespace. */
export function isNamespaced(kind: string, apiVersion: string): boolean {
  return NAMESPACED.has(identityOf(kind, apiVersion));
}

/**
 * The kind by a name that no other kind shares, as in `losses.subject`: Calico's NetworkPolicy is not that of
 * Kubernetes. The two groups of Calico hold the same objects and have one name.
 */
export function kindName(apiVersion: string, kind: string): string {
  const group = apiVersion.split('/')[0] ?? '';
  return group.endsWith('projectcalico.org') ? `Calico ${kind}` : kind;
}

/** Path of the kind's collection over all namespaces: `/apis/apps/v1/deployments`. */
export function collectionPath({ apiVersion, plural }: Pick<WatchedKind, 'apiVersion' | 'plural'>): string {
  return `${versionPath(apiVersion)}/${plural}`;
}

/** Path at which the API server says which resources a group and version has: `/apis/apps/v1`. */
export function versionPath(apiVersion: string): string {
  return `${apiVersion.includes('/') ? '/apis' : '/api'}/${apiVersion}`;
}

function identityOf(kind: string, apiVersion: string): string {
  return `${apiVersion} ${kind}`;
}

/** Who enforces the policies. What the APIs leave open, and a few things that they do not, differ between these. */
export type DataPlane = 'kubernetes' | 'calico' | 'cilium';

/** What is assumed of a data plane. */
export interface Assumptions {
  /**
   * Whether an address block also means pods and nodes of the cluster whose address lies in it. The API does not say;
   * plain packet filters compare addresses, Cilium knows pods and nodes by labels, never (unless it runs with
   * policy-cidr-match-mode) by address. Source: cilium/pkg/policy/api/ingress.go, docs.cilium.io, Layer 3 Policies.
   */
  readonly blocksMatchPods: boolean;
  /**
   * What traffic between a pod and its own node escapes. `NetworkPolicy`: Kubernetes' policies in both directions, as
   * the API says. `ingress`: every policy, from node to pod only.
   */
  readonly ownNode: 'NetworkPolicy' | 'ingress';
  /**
   * Whether what is neither TCP, UDP nor SCTP is allowed and isolated as these are. The API leaves that undefined for
   * NetworkPolicy (kubernetes.io, concepts, network policies).
   */
  readonly definesOtherProtocols: boolean;
  /**
   * Labels of pods, by how their keys begin, at which it does not look unless it is told to. How it was told is not
   * recorded. Source: cilium/pkg/labelsfilter/filter.go, docs.cilium.io, Limiting Identity-Relevant Labels.
   */
  readonly unseenLabels: readonly RegExp[];
}

const UNSEEN_BY_CILIUM = [
  /^io\.kubernetes(?!\.pod\.namespace)/,
  /^kubernetes\.io/,
  /^k8s\.io/,
  /beta\.kubernetes\.io/,
  /^statefulset\.kubernetes\.io\/pod-name/,
  /^apps\.kubernetes\.io\/pod-index/,
  /^batch\.kubernetes\.io\/(job-completion-index|controller-uid)/,
  /^(pod-template-(generation|hash)|controller-(revision-hash|uid)|annotation|etcd_node)/,
];

const ASSUMPTIONS: Readonly<Record<DataPlane, Assumptions>> = {
  kubernetes: {
    blocksMatchPods: true,
    ownNode: 'NetworkPolicy',
    definesOtherProtocols: false,
    unseenLabels: [],
  },
  calico: { blocksMatchPods: true, ownNode: 'ingress', definesOtherProtocols: true, unseenLabels: [] },
  cilium: {
    blocksMatchPods: false,
    ownNode: 'ingress',
    definesOtherProtocols: true,
    unseenLabels: UNSEEN_BY_CILIUM,
  },
};

export const DATA_PLANES = Object.keys(ASSUMPTIONS) as readonly DataPlane[];

export function assumptionsOf(dataPlane: DataPlane): Assumptions {
  return ASSUMPTIONS[dataPlane];
}

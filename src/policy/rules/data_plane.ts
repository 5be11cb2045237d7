/** Who enforces the policies. What the APIs leave open, and a few things that they do not, differ between these. */
export type DataPlane = 'kubernetes' | 'calico' | 'cilium';

export const DATA_PLANES: readonly DataPlane[] = ['kubernetes', 'calico', 'cilium'];

/** What is assumed of a data plane. */
export interface Assumptions {
  /**
   * Whether an address block also means pods of the cluster whose address lies in it. The API does not say; plain
   * packet filters compare addresses, Cilium never matches its own endpoints by address.
   */
  readonly blocksMatchPods: boolean;
  /**
   * What traffic between a pod and its own node escapes. `NetworkPolicy`: Kubernetes' policies in both directions, as
   * the API says. `ingress`: every policy, from node to pod only.
   */
  readonly ownNode: 'NetworkPolicy' | 'ingress';
  /** Whether an isolated pod may not send or receive what is neither TCP, UDP nor SCTP; undefined: the API does not say. */
  readonly isolatesOtherProtocols: true | undefined;
}

const ASSUMPTIONS: Readonly<Record<DataPlane, Assumptions>> = {
  kubernetes: { blocksMatchPods: true, ownNode: 'NetworkPolicy', isolatesOtherProtocols: undefined },
  calico: { blocksMatchPods: true, ownNode: 'ingress', isolatesOtherProtocols: true },
  cilium: { blocksMatchPods: false, ownNode: 'ingress', isolatesOtherProtocols: true },
};

export function assumptionsOf(dataPlane: DataPlane): Assumptions {
  return ASSUMPTIONS[dataPlane];
}

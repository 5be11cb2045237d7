import type { Endpoint, NodeEndpoint } from '../cluster/endpoint.js';
import { type Cidr, cidrContains } from '../ip.js';
import type { Cluster } from '../rules/cluster.js';
import type { EndpointSet, Role } from '../rules/endpoint_set.js';
import { nodeSaid } from '../rules/ends.js';
import { anyOf, type Match, unknown } from '../rules/match.js';
import type { Miss } from '../rules/miss.js';
import { groupLabels, isOfPods, labelsSaid, podLabels } from './labels.js';
import { decidingKeys, type Selector, selects } from './selector.js';

const NETWORK_SETS = ['NetworkSet', 'GlobalNetworkSet'] as const;

/** Pods that a selector takes: whom a policy is about. */
export class SelectedPods implements EndpointSet {
  constructor(
    protected readonly selector: Selector,
    readonly text: string,
  ) {}

  has(endpoint: Endpoint, cluster: Cluster): Match {
    return endpoint.kind === 'pod' && selects(this.selector, podLabels(endpoint.pod, cluster));
  }

  whyNot(endpoint: Endpoint, role: Role, cluster: Cluster): Miss {
    if (endpoint.kind !== 'pod') {
      const actual = `${role} ${endpoint.address} is neither a pod of this cluster nor in such a network set`;
      return { distance: 30, asks: this.text, actual };
    }
    const labels = podLabels(endpoint.pod, cluster);
    const keys = decidingKeys(this.selector, labels, false);
    return { distance: keys.length, asks: this.text, actual: labelsSaid(keys, endpoint.pod, role, labels) };
  }
}

/** What a selector in a rule takes: pods, and whatever has an address in a network set with such labels. */
export class SelectedEndpoints extends SelectedPods {
  private readonly networks = new WeakMap<Cluster, SelectedNetworks>();

  constructor(
    selector: Selector,
    text: string,
    /** Whether a network set that it takes has a pod that has no address yet. */
    private readonly unaddressed: Match,
  ) {
    super(selector, text);
  }

  override has(endpoint: Endpoint, cluster: Cluster): Match {
    return anyOf([this.byLabels(endpoint, cluster), this.byAddress(endpoint, cluster)], (match) => match);
  }

  private byLabels(endpoint: Endpoint, cluster: Cluster): Match {
    return endpoint.kind === 'node' ? this.asHostEndpoint(endpoint) : super.has(endpoint, cluster);
  }

  /** A node may be an endpoint too, by a HostEndpoint with whatever labels. Those are not recorded. */
  private asHostEndpoint(endpoint: NodeEndpoint): Match {
    const why = unknown(`${nodeSaid(endpoint)}, and whether it is a HostEndpoint was not recorded`);
    const match = selects(this.selector, (key) => (isOfPods(key) ? undefined : why));
    return match === false ? false : why;
  }

  private byAddress({ kind, ip }: Endpoint, cluster: Cluster): Match {
    const { sets, others } = this.networksIn(cluster);
    if (ip === undefined) return sets.some(({ match }) => match !== false) && this.unaddressed;
    const among = anyOf(
      sets,
      ({ blocks, match }) => blocks.some((block) => cidrContains(block, ip)) && match,
    );
    return among === false && kind !== 'pod' ? others : among;
  }

  private networksIn(cluster: Cluster): SelectedNetworks {
    const known = this.networks.get(cluster);
    if (known !== undefined) return known;
    const all = NETWORK_SETS.flatMap((kind) => cluster.addressGroups(kind));
    const [gap] = NETWORK_SETS.flatMap((kind) => cluster.whyUnknown(`Calico ${kind}`) ?? []);
    const networks = {
      sets: all.map((set) => ({
        blocks: set.blocks,
        match: selects(this.selector, groupLabels(set, cluster)),
      })),
      others: gap === undefined ? false : unknown(gap),
    };
    this.networks.set(cluster, networks);
    return networks;
  }
}

/** What a selector makes of the network sets in one state of the cluster. */
interface SelectedNetworks {
  readonly sets: readonly { readonly blocks: readonly Cidr[]; readonly match: Match }[];
  /** Whether an address in none of the sets is in one that was not recorded. */
  readonly others: Match;
}

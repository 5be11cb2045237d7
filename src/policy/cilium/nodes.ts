import type { Endpoint } from '../cluster/endpoint.js';
import { LabelSelector } from '../kubernetes/label_selector.js';
import { LabelledNodes } from '../kubernetes/labelled_nodes.js';
import type { Cluster } from '../rules/cluster.js';
import type { Role } from '../rules/endpoint_set.js';
import { allOf, type Match } from '../rules/match.js';
import type { Miss } from '../rules/miss.js';
import { labelOf } from './endpoints.js';
import { isNode } from './entities.js';
import type { Peer } from './peer_clause.js';

/**
 * Nodes other than the pod's own, by their labels. Cilium refuses a policy that names some unless it runs with
 * enable-node-selector-labels, which is taken to be so.
 * Source: cilium/pkg/k8s/apis/cilium.io/utils (getNodeSelector).
 */
export class RemoteNodes implements Peer {
  readonly text: string;

  private constructor(private readonly nodes: LabelledNodes) {
    this.text = `${nodes.text} other than its own`;
  }

  /** Compiles an item of fromNodes or toNodes. */
  static compile(raw: unknown, where: string): RemoteNodes {
    return new RemoteNodes(new LabelledNodes(LabelSelector.compile(raw, where, labelOf)));
  }

  has(endpoint: Endpoint, cluster: Cluster, ownNode: string | null): Match {
    const demands = [() => isNode(endpoint, ownNode, false), () => this.nodes.has(endpoint, cluster)];
    return allOf(demands, (holds) => holds());
  }

  whyNot(endpoint: Endpoint, role: Role): Miss {
    return { ...this.nodes.whyNot(endpoint, role), asks: this.text };
  }
}

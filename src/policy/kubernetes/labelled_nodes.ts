import type { Endpoint } from '../cluster/endpoint.js';
import type { Cluster } from '../rules/cluster.js';
import type { EndpointSet, Role } from '../rules/endpoint_set.js';
import { type Match, unknown } from '../rules/match.js';
import type { Miss } from '../rules/miss.js';
import type { LabelSelector } from './label_selector.js';

/** Nodes by their labels, at the addresses in their status, where pods that share a node's network are too. */
export class LabelledNodes implements EndpointSet {
  constructor(private readonly nodes: LabelSelector) {}

  /** `nodes role=edge`, `every node`. */
  get text(): string {
    return this.nodes.isEmpty ? 'every node' : `nodes ${this.nodes.text}`;
  }

  has(endpoint: Endpoint, cluster: Cluster): Match {
    if (endpoint.kind !== 'node') return false;
    if (this.nodes.isEmpty) return true;
    const labels = cluster.nodeLabels(endpoint.node);
    return labels === undefined
      ? unknown(`the labels of node ${endpoint.node} are not known`)
      : this.nodes.matches(labels);
  }

  whyNot(endpoint: Endpoint, role: Role): Miss {
    const actual = endpoint.kind === 'node' ? `is node ${endpoint.node}` : 'is not a node';
    return { distance: 30, asks: this.text, actual: `${role} ${endpoint.address} ${actual}` };
  }
}

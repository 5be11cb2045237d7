import type { Connection } from '../cluster/endpoint.js';
import type { Cluster } from '../rules/cluster.js';
import { isUnknown, type Match, unknown } from '../rules/match.js';
import type { Direction } from '../rules/policy.js';
import { PortClause } from '../rules/port_clause.js';
import type { PortRange } from '../rules/port_range.js';

/** Compiles the ports of a rule, of Kubernetes' or of Cilium's policies. */
export function portClause(ranges: readonly PortRange[], direction: Direction): PortClause {
  return direction === 'egress' ? new EgressPorts(ranges) : new PortClause(ranges);
}

/**
 * Ports of an egress rule. A name stands for a port of the destination pod. Not so in older versions of
 * Cilium: there it stands for the one number that it has in all pods, whatever the destination, and for no port where
 * pods differ. Which version enforces the policies is not recorded.
 * Source: cilium/pkg/types/portmap.go, pull request 44429 of cilium/cilium.
 */
class EgressPorts extends PortClause {
  override holds(connection: Connection, cluster?: Cluster): Match {
    const match = super.holds(connection);
    if (cluster?.dataPlane !== 'cilium' || isUnknown(match)) return match;
    if (new PortClause(this.everywhere(cluster)).holds(connection) === match) return match;
    return unknown('versions of Cilium differ on what the name of a port stands for in egress rules');
  }

  override ports(cluster?: Cluster): readonly PortRange[] {
    return cluster?.dataPlane === 'cilium' ? [...this.ranges, ...this.everywhere(cluster)] : this.ranges;
  }

  /** As older versions of Cilium read them. */
  private everywhere(cluster: Cluster): PortRange[] {
    return this.ranges.flatMap((range) => {
      if (typeof range.port !== 'string') return range;
      const numbers = cluster.portNumbers(range.port, range.protocol);
      return numbers.length === 1 ? { ...range, port: numbers[0] } : [];
    });
  }
}

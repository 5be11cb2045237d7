import type { ClusterState, Connection } from '../cluster/cluster_state.js';
import { isSamePod, peerEndOf, subjectOf } from '../cluster/ends.js';
import { assumptionsOf } from '../rules/data_plane.js';
import type { Direction } from '../rules/policy.js';
import { Planner } from './plan.js';
import { throughTiers } from './tiers.js';
import { type ConnectionVerdict, type DirectionVerdict, type Verdict, worse } from './verdict.js';

/** Judges connections in one state of the cluster. What is found for one serves the next. */
export class Evaluator {
  private readonly planner: Planner;

  constructor(readonly cluster: ClusterState) {
    this.planner = new Planner(cluster);
  }

  /** Judges one connection: it needs both directions allowed. One to a service is judged at its backends. */
  evaluate(connection: Connection): ConnectionVerdict {
    if (connection.destination.kind === 'service')
      return this.atBackends(connection, connection.destination.service);
    const egress = this.direction('egress', connection);
    const ingress = this.direction('ingress', connection);
    return { verdict: worse(egress.verdict, ingress.verdict), egress, ingress };
  }

  /** The verdict that holds at every backend of the service; unknown where they differ. */
  private atBackends(connection: Connection, service: string): ConnectionVerdict {
    const { destinationPort: port, protocol } = connection;
    const backends = port === null ? undefined : this.cluster.backends(service, port, protocol);
    if (backends === undefined)
      return settledBoth('unknown', `where service ${service} leads was not recorded`);
    const verdicts = backends.map((backend) =>
      this.evaluate({ ...connection, destination: backend.endpoint, destinationPort: backend.port }),
    );
    const [first] = verdicts;
    if (first === undefined)
      return settledBoth(
        'unknown',
        `service ${service} leads nowhere on ${protocol} ${port}: no such port, or no ready endpoint`,
      );
    const isSame = verdicts.every(
      ({ egress, ingress }) =>
        egress.verdict === first.egress.verdict && ingress.verdict === first.ingress.verdict,
    );
    return isSame
      ? first
      : settledBoth('unknown', `it depends on which endpoint of service ${service} is chosen`);
  }

  private direction(direction: Direction, connection: Connection): DirectionVerdict {
    const subject = subjectOf(direction, connection);
    const other = peerEndOf(direction, connection);
    const role = direction === 'ingress' ? 'destination' : 'source';
    if (subject.kind === 'unknown') return settled(direction, 'unknown', subject.why);
    if (subject.kind === 'service') {
      return settled(
        direction,
        'unknown',
        `${subject.address} is service ${subject.service}, which opens no connections`,
      );
    }
    if (subject.kind !== 'pod') {
      return settled(direction, 'allowed', `the ${role} is not a pod, so no policy selects it`);
    }
    if (other.kind === 'pod' && isSamePod(subject.pod, other.pod)) {
      return settled(direction, 'allowed', 'a pod may always reach itself');
    }
    const gap = this.cluster.whyPoliciesUnknown;
    if (gap !== undefined) return settled(direction, 'unknown', gap);
    const plan = this.planner.planOf(direction, subject);
    const isOwnNode = other.kind === 'node' && other.node === subject.pod.node;
    const { ownNode } = assumptionsOf(this.cluster.dataPlane);
    if (isOwnNode && ownNode === 'ingress' && direction === 'ingress') {
      return settled(direction, 'allowed', 'what comes from its own node is always let in');
    }
    const isFreeOfNetworkPolicies = isOwnNode && ownNode === 'NetworkPolicy';
    const assumptions = assumptionsOf(this.cluster.dataPlane);
    const { verdict, decisions } = throughTiers({ plan, connection, assumptions, isFreeOfNetworkPolicies });
    if (decisions.length > 0) return { direction, verdict, decisions, otherwise: undefined };
    if (isFreeOfNetworkPolicies && plan.tiers.length > 0) {
      return settled(direction, 'allowed', 'traffic between a pod and its own node is always allowed');
    }
    return settled(direction, 'allowed', `no policy isolates the ${role} pod`);
  }
}

function settled(direction: Direction, verdict: Verdict, otherwise: string): DirectionVerdict {
  return { direction, verdict, decisions: [], otherwise };
}

function settledBoth(verdict: Verdict, otherwise: string): ConnectionVerdict {
  const egress = settled('egress', verdict, otherwise);
  return { verdict, egress, ingress: settled('ingress', verdict, otherwise) };
}

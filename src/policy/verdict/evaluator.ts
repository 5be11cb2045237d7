import type { Connection, Endpoint, PodEndpoint, ServiceEndpoint } from '../cluster/endpoint.js';
import type { ClusterState } from '../rules/cluster_state.js';
import { assumptionsOf } from '../rules/data_plane.js';
import { isSamePod, peerEndOf, subjectOf } from '../rules/ends.js';
import type { Direction } from '../rules/policy.js';
import { type Explained, explain } from './explain.js';
import { Outcomes } from './outcomes.js';
import { type ConnectionVerdict, type DirectionVerdict, type Verdict, worse } from './verdict.js';

/** Judges connections in one state of the cluster. What is found for one serves the next. */
export class Evaluator {
  private readonly outcomes: Outcomes;

  constructor(readonly cluster: ClusterState) {
    this.outcomes = new Outcomes(cluster);
  }

  /** Judges one connection: it needs both directions allowed. One to a service is judged at its endpoints. */
  evaluate(connection: Connection): ConnectionVerdict {
    const { destination } = connection;
    return destination.kind === 'service'
      ? this.atEndpoints(connection, destination)
      : this.judge(connection);
  }

  /** The reasons of a verdict of this evaluator. */
  explain(verdict: DirectionVerdict): Explained[] {
    return explain(verdict, this.cluster);
  }

  private judge(connection: Connection): ConnectionVerdict {
    const { source, destination } = connection;
    if (source.kind === 'service') return this.judge({ ...connection, source: inPlaceOf(source) });
    if (destination.kind === 'service')
      return this.judge({ ...connection, destination: inPlaceOf(destination) });
    const egress = this.direction('egress', connection);
    const ingress = this.direction('ingress', connection);
    return { verdict: worse(egress.verdict, ingress.verdict), egress, ingress };
  }

  /** The verdict that holds at every endpoint of the service that its address can lead to; unknown where they differ. */
  private atEndpoints(connection: Connection, { ip, service }: ServiceEndpoint): ConnectionVerdict {
    const { destinationPort: port, protocol } = connection;
    const unknown = (why: string) => settledBoth(connection, 'unknown', why);
    if (port === null) return unknown('the destination port is not known');
    const backends = this.cluster.backends(service, port, protocol);
    if (backends === undefined) return unknown(`where service ${service} leads was not recorded`);
    const verdicts = backends
      .filter(({ endpoint }) => ip === undefined || endpoint.ip?.length === ip.length)
      .map((backend) =>
        this.judge({ ...connection, destination: backend.endpoint, destinationPort: backend.port }),
      );
    const [first] = verdicts;
    if (first === undefined)
      return unknown(
        `service ${service} leads nowhere on ${protocol} ${port}: no such port, or no ready endpoint`,
      );
    const isSame = verdicts.every(
      ({ egress, ingress }) =>
        egress.verdict === first.egress.verdict && ingress.verdict === first.ingress.verdict,
    );
    return isSame ? first : unknown(`it depends on which endpoint of service ${service} is chosen`);
  }

  private direction(direction: Direction, connection: Connection): DirectionVerdict {
    const subject = subjectOf(direction, connection);
    const other = peerEndOf(direction, connection);
    if (subject.kind !== 'pod') return atNoPod(direction, connection, subject);
    if (other.kind === 'pod' && isSamePod(subject.pod, other.pod)) {
      return settled(direction, connection, 'allowed', 'a pod may always reach itself');
    }
    const gap = this.cluster.whyPoliciesUnknown;
    if (gap !== undefined) return settled(direction, connection, 'unknown', gap);
    if (other.kind !== 'node') return this.atPod(direction, connection, subject, false);
    const { node } = subject.pod;
    if (node !== null) return this.atPod(direction, connection, subject, other.node === node);
    const ofAnother = this.atPod(direction, connection, subject, false);
    const ofItsOwn = this.atPod(direction, connection, subject, true);
    return ofItsOwn.verdict === ofAnother.verdict
      ? ofAnother
      : settled(direction, connection, 'unknown', 'the node of the pod is not known');
  }

  /** What the policies that select the pod make of the connection. */
  private atPod(
    direction: Direction,
    connection: Connection,
    subject: PodEndpoint,
    isOwnNode: boolean,
  ): DirectionVerdict {
    const { ownNode } = assumptionsOf(this.cluster.dataPlane);
    if (isOwnNode && ownNode === 'ingress' && direction === 'ingress') {
      return settled(direction, connection, 'allowed', 'what comes from its own node is always let in');
    }
    const isUnbound = isOwnNode && ownNode === 'NetworkPolicy';
    const outcome = this.outcomes.of(direction, connection, subject, isUnbound);
    const { verdict, decisions } = outcome;
    if (decisions.length > 0)
      return { direction, connection, verdict, decisions, otherwise: undefined, outcome };
    return settled(direction, connection, 'allowed', isUnbound ? OWN_NODE : NOT_ISOLATED[direction]);
  }
}

const OWN_NODE = 'traffic between a pod and its own node is always allowed';
const NOT_ISOLATED = {
  egress: 'no policy isolates the source pod',
  ingress: 'no policy isolates the destination pod',
} as const;
const NO_POD = {
  egress: 'the source is not a pod, so no policy selects it',
  ingress: 'the destination is not a pod, so no policy selects it',
} as const;

function atNoPod(
  direction: Direction,
  connection: Connection,
  subject: Exclude<Endpoint, PodEndpoint>,
): DirectionVerdict {
  return subject.kind === 'unknown'
    ? settled(direction, connection, 'unknown', subject.why)
    : settled(direction, connection, 'allowed', NO_POD[direction]);
}

/** Who is at an end that has a service's address: it may be any of the pods behind it, or none. */
function inPlaceOf({ address, ip, service }: ServiceEndpoint): Endpoint {
  const why = `${address} is service ${service}, which opens and takes no connections itself`;
  return { kind: 'unknown', address, ip, why };
}

function settled(
  direction: Direction,
  connection: Connection,
  verdict: Verdict,
  otherwise: string,
): DirectionVerdict {
  return { direction, connection, verdict, decisions: [], otherwise, outcome: undefined };
}

function settledBoth(connection: Connection, verdict: Verdict, otherwise: string): ConnectionVerdict {
  const egress = settled('egress', connection, verdict, otherwise);
  return { verdict, egress, ingress: settled('ingress', connection, verdict, otherwise) };
}

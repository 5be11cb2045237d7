import type { Connection, Endpoint, PodEndpoint } from '../cluster/endpoint.js';
import { type Clause, isAboutEnd } from '../rules/clause.js';
import type { ClusterState } from '../rules/cluster_state.js';
import { peerEndOf } from '../rules/ends.js';
import { isUnknown } from '../rules/match.js';
import type { Direction } from '../rules/policy.js';
import { type Plan, planOf } from './plan.js';
import { PodNumbers, PolicySet } from './policy_set.js';
import { throughTiers } from './tiers.js';
import type { Outcome } from './verdict.js';

/** What is kept, in units of about a hundred bytes; then all of it is forgotten and begun anew. */
const KEPT = 1 << 22;

/** Clauses by which ends are compared; with more of them that takes longer than judging each end. */
const COMPARED = 64;

/** What the policies of one namespace make of its pods, in one direction. */
interface Namespace {
  readonly policies: PolicySet;
  /** By number of the pod. */
  readonly pods: Map<number, KnownPod>;
}

interface KnownPod {
  readonly plan: Plan;
  /** What the rules of the plan ask of ends. */
  readonly aboutEnds: readonly Clause[];
  /** By number of the other end; the same for all that the rules do not tell apart. */
  readonly byEnd: Map<number, ByPort>;
  readonly byLikeness: Map<string, ByPort>;
}

/** By protocol and destination port. */
type ByPort = Map<string, Map<number | null, Outcome>>;

/** What policies make of connections at pods: what is found for one holds for all that are the same to the policies. */
export class Outcomes {
  private readonly numbers = new PodNumbers();
  private readonly namespaces = {
    egress: new Map<string, Namespace>(),
    ingress: new Map<string, Namespace>(),
  };
  private kept = 0;

  constructor(private readonly cluster: ClusterState) {}

  /**
   * What the policies that select the pod make of a connection that it opens or takes.
   * @param isUnbound whether the other end is the pod's own node and NetworkPolicies do not bind what goes between the two.
   */
  of(direction: Direction, connection: Connection, subject: PodEndpoint, isUnbound: boolean): Outcome {
    const { cluster } = this;
    const { policies, pods } = this.namespaceOf(direction, subject.pod.namespace);
    const pod = policies.numberOfPod(subject);
    const known = pods.get(pod) ?? this.meet(direction, subject, policies);
    pods.set(pod, known);
    const passage = { plan: known.plan, connection, cluster, isUnbound, outcomes: undefined };
    const end = peerEndOf(direction, connection);
    const number = isUnbound || !policies.isByEnds ? undefined : policies.numberOf(end);
    if (number === undefined) return throughTiers(passage);
    const byPort = known.byEnd.get(number) ?? this.atEnd(known, direction, connection, number);
    const { protocol, destinationPort } = connection;
    const before = byPort.get(protocol)?.get(destinationPort);
    if (before !== undefined) return before;
    const outcome = throughTiers(passage);
    const ofProtocol = byPort.get(protocol) ?? new Map<number | null, Outcome>();
    byPort.set(protocol, ofProtocol.set(destinationPort, outcome));
    // Whoever asks for its reasons leaves one for each decision.
    this.count(1 + outcome.decisions.length);
    return outcome;
  }

  private meet(direction: Direction, subject: PodEndpoint, { policies }: PolicySet): KnownPod {
    const plan = planOf(direction, subject, policies, this.cluster);
    const clauses = plan.tiers.flatMap(({ rules }) => rules.flatMap(({ rule }) => rule.clauses));
    return { plan, aboutEnds: clauses.filter(isAboutEnd), byEnd: new Map(), byLikeness: new Map() };
  }

  private atEnd(known: KnownPod, direction: Direction, connection: Connection, number: number): ByPort {
    const isCompared = known.aboutEnds.length <= COMPARED;
    const byPort: ByPort = isCompared ? this.alike(known, direction, connection) : new Map();
    known.byEnd.set(number, byPort);
    this.count(1);
    return byPort;
  }

  private alike({ aboutEnds, byLikeness }: KnownPod, direction: Direction, connection: Connection): ByPort {
    const likeness = [
      ...likenessOf(direction, peerEndOf(direction, connection)),
      ...aboutEnds.map((clause) => said(clause, connection, this.cluster)),
    ].join('\n');
    const known = byLikeness.get(likeness);
    if (known !== undefined) return known;
    const byPort: ByPort = new Map();
    byLikeness.set(likeness, byPort);
    this.count(1 + (likeness.length >> 7));
    return byPort;
  }

  private namespaceOf(direction: Direction, name: string): Namespace {
    const namespaces = this.namespaces[direction];
    const known = namespaces.get(name);
    if (known !== undefined) return known;
    const policies = [...this.cluster.policies(null), ...this.cluster.policies(name)];
    const namespace = {
      policies: new PolicySet(policies, direction, this.numbers),
      pods: new Map<number, KnownPod>(),
    };
    namespaces.set(name, namespace);
    return namespace;
  }

  /** Counts what is kept. Plans stay when all else is forgotten: they are as many as pods, and dear to make. */
  private count(units: number): void {
    this.kept += units;
    if (this.kept <= KEPT) return;
    this.kept = 0;
    for (const { pods } of Object.values(this.namespaces).flatMap((all) => [...all.values()])) {
      for (const { byEnd, byLikeness } of pods.values()) {
        byEnd.clear();
        byLikeness.clear();
      }
    }
  }
}

/** What clauses that are not about ends look at in one: the name of a port may mean another in each destination. */
function likenessOf(direction: Direction, end: Endpoint): unknown[] {
  const names = direction === 'egress' && end.kind === 'pod' ? JSON.stringify(end.pod.ports) : '';
  return [end.ip?.length, names];
}

/** Whether a clause holds, and how far it is from holding. */
function said(clause: Clause, connection: Connection, cluster: ClusterState): string | number {
  const match = clause.holds(connection, cluster);
  if (isUnknown(match)) return match.unknown;
  return match ? '' : clause.miss(connection, cluster).distance;
}

import type { ClusterState, Connection, Endpoint, Pod } from '../cluster/cluster_state.js';
import type { Clause } from '../rules/clause.js';
import { EndClause } from '../rules/end_clause.js';
import { isUnknown, type Match } from '../rules/match.js';
import type { CompiledPolicy, Direction, Rule } from '../rules/policy.js';

/** A clause in one state of the cluster. */
export interface BoundClause {
  readonly clause: Clause;
  /** @param peer number of the connection's other end: the source of ingress, the destination of egress. */
  holds(connection: Connection, peer: number): Match;

  /** How far it is from holding, as Miss has it; 0 where it does not fail. */
  distance(connection: Connection, peer: number): number;
}

/** A rule in one state of the cluster. */
export interface BoundRule {
  readonly rule: Rule;
  readonly clauses: readonly BoundClause[];
}

/** Number of every endpoint that is not a pod. */
const NOT_A_POD = -1;

/**
 * Remembers which pods a clause about the other end holds for: thousands of connections ask the same of each. Pods are
 * numbered, so that what is remembered of a clause is a row of bytes.
 */
export class ClauseMemory {
  /** A pod has one address of each family at most, and an address block looks at the one in use. */
  private readonly numbers = { v4: new Map<Pod, number>(), v6: new Map<Pod, number>() };
  private count = 0;
  /** By number of a pod: the number that it shares with all pods of its namespace that have the same labels. */
  private readonly alike: number[] = [];
  private readonly likes = new Map<string, number>();
  private readonly bound = new Map<Clause, BoundClause>();
  private readonly allowing = {
    egress: new Map<CompiledPolicy, readonly BoundRule[]>(),
    ingress: new Map<CompiledPolicy, readonly BoundRule[]>(),
  };

  constructor(private readonly cluster: ClusterState) {}

  /** The number of an endpoint, to be given with every question about it. */
  numberOf(endpoint: Endpoint): number {
    if (endpoint.kind !== 'pod') return NOT_A_POD;
    const numbers = endpoint.ip?.length === 16 ? this.numbers.v6 : this.numbers.v4;
    const known = numbers.get(endpoint.pod);
    if (known !== undefined) return known;
    numbers.set(endpoint.pod, this.count);
    this.alike.push(this.likeOf(endpoint.pod));
    return this.count++;
  }

  private likeOf({ namespace, labels }: Pod): number {
    const key = `${namespace} ${JSON.stringify(labels)}`;
    const like = this.likes.get(key) ?? this.likes.size;
    this.likes.set(key, like);
    return like;
  }

  /** The rules of a policy that allow something in that direction. */
  allowingRules(policy: CompiledPolicy, direction: Direction): readonly BoundRule[] {
    const known = this.allowing[direction].get(policy);
    if (known !== undefined) return known;
    const rules = policy.sections[direction]?.rules.filter(({ action }) => action === 'allow') ?? [];
    const bound = rules.map((rule) => this.bindRule(rule, direction));
    this.allowing[direction].set(policy, bound);
    return bound;
  }

  /** A rule of that direction. */
  bindRule(rule: Rule, direction: Direction): BoundRule {
    return { rule, clauses: rule.clauses.map((clause) => this.bind(clause, direction)) };
  }

  private bind(clause: Clause, direction: Direction): BoundClause {
    const made = this.bound.get(clause);
    if (made !== undefined) return made;
    const { cluster } = this;
    const peerEnd = direction === 'ingress' ? 'source' : 'destination';
    const isAboutPeer = clause instanceof EndClause && clause.end === peerEnd;
    const bound = isAboutPeer
      ? new RememberedEnd(
          clause,
          cluster,
          clause.sets.every((set) => set.isByLabels) ? this.alike : undefined,
        )
      : new AskedEachTime(clause, cluster);
    this.bound.set(clause, bound);
    return bound;
  }
}

class AskedEachTime implements BoundClause {
  constructor(
    readonly clause: Clause,
    private readonly cluster: ClusterState,
  ) {}

  holds(connection: Connection): Match {
    return this.clause.holds(connection, this.cluster);
  }

  distance(connection: Connection): number {
    if (this.holds(connection) !== false) return 0;
    return this.clause.miss(connection, this.cluster).distance;
  }
}

/** What a byte remembers of a pod; 0: nothing. From FAILS on: how far the clause is from holding, in halves. */
const HOLDS = 1;
const FAILS = 2;

/** Farther than a byte can say is as far as it can. */
const FARTHEST = 255;

class RememberedEnd implements BoundClause {
  /** By number of the pod, or of those alike. */
  private row = new Uint8Array(64);

  constructor(
    readonly clause: EndClause,
    private readonly cluster: ClusterState,
    /** By number of the pod, where pods that are alike are the same to the clause. */
    private readonly alike: readonly number[] | undefined,
  ) {}

  holds(connection: Connection, peer: number): Match {
    if (peer === NOT_A_POD) return this.clause.holds(connection, this.cluster);
    const place = this.placeOf(peer);
    const known = this.row[place];
    if (known) return known === HOLDS;
    const match = this.clause.holds(connection, this.cluster);
    if (!isUnknown(match)) this.remember(place, match ? HOLDS : this.failure(connection));
    return match;
  }

  distance(connection: Connection, peer: number): number {
    if (this.holds(connection, peer) !== false) return 0;
    const code = this.row[this.placeOf(peer)] ?? this.failure(connection);
    return (code - FAILS) / 2;
  }

  private placeOf(peer: number): number {
    return this.alike?.[peer] ?? peer;
  }

  private failure(connection: Connection): number {
    return Math.min(FARTHEST, FAILS + 2 * this.clause.miss(connection, this.cluster).distance);
  }

  private remember(place: number, code: number): void {
    if (place >= this.row.length) {
      const wider = new Uint8Array(2 * place);
      wider.set(this.row);
      this.row = wider;
    }
    this.row[place] = code;
  }
}

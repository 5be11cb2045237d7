import type { Connection } from '../cluster/cluster_state.js';
import type { Direction } from '../rules/policy.js';
import { PortClause } from '../rules/port_clause.js';
import type { BoundClause } from './clause_memory.js';
import type { PlannedRule } from './plan.js';

/** Ports that are kept for one pod; a scan of all of them must not fill the memory. */
const KEPT_PORTS = 64;

/**
 * The rules of a tier by the port that a connection is to: most rules ask for a few ports, and a pod is asked for on a
 * few, so that what a rule asks of the other end is looked at only where its ports fit.
 */
export class PortIndex {
  /** By protocol. */
  private readonly known = new Map<string, Map<number, readonly PlannedRule[]>>();

  constructor(
    private readonly direction: Direction,
    private readonly rules: readonly PlannedRule[],
  ) {}

  /** The rules whose ports fit, without what they ask of the port. */
  of(connection: Connection): readonly PlannedRule[] {
    const { protocol, destinationPort } = connection;
    if (destinationPort === null) return this.rules;
    const known = this.known.get(protocol)?.get(destinationPort);
    if (known !== undefined) return known;
    const fitting = this.rules.flatMap((rule) => this.narrowed(rule, connection));
    const byPort = this.known.get(protocol) ?? new Map<number, readonly PlannedRule[]>();
    if (byPort.size >= KEPT_PORTS) byPort.clear();
    byPort.set(destinationPort, fitting);
    this.known.set(protocol, byPort);
    return fitting;
  }

  private narrowed(planned: PlannedRule, connection: Connection): PlannedRule[] {
    const settled = planned.clauses.filter((bound) => this.isSettled(bound));
    if (settled.length === 0) return [planned];
    if (settled.some((bound) => bound.holds(connection, -1) === false)) return [];
    return [{ ...planned, clauses: planned.clauses.filter((bound) => !this.isSettled(bound)) }];
  }

  /** Whether the port alone settles the clause: a name means another port in each destination, which ingress has but one of. */
  private isSettled({ clause }: BoundClause): boolean {
    if (!(clause instanceof PortClause)) return false;
    return this.direction === 'ingress' || clause.ranges.every(({ port }) => typeof port !== 'string');
  }
}

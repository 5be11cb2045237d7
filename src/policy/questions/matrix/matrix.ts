import type { Connection, Endpoint } from '../../cluster/endpoint.js';
import type { StateAt } from '../../history/state_at.js';
import { EndClause } from '../../rules/end_clause.js';
import { isSamePod } from '../../rules/ends.js';
import type { Direction } from '../../rules/policy.js';
import { type PortRange, portNumbers } from '../../rules/port_range.js';
import { Evaluator } from '../../verdict/evaluator.js';
import type { ConnectionVerdict } from '../../verdict/verdict.js';
import { ConnectionSet, LAST_PORT, type PortSpan, PROTOCOLS } from './connection_set.js';
import type { MatrixEnd } from './ends.js';

/** What one end may open to another. Connections in neither set are denied. */
export interface MatrixPair {
  readonly source: MatrixEnd;
  readonly destination: MatrixEnd;
  readonly allowed: ConnectionSet;
  readonly unknown: ConnectionSet;
  /** Why the unknown ones cannot be judged, as a clause; undefined where there are none. */
  readonly why: string | undefined;
}

/** Who may talk to whom in a state of the cluster. */
export class Matrix {
  private readonly evaluator: Evaluator;
  private readonly rules = {
    egress: new Map<MatrixEnd, readonly PortRule[]>(),
    ingress: new Map<MatrixEnd, readonly PortRule[]>(),
  };

  constructor(
    private readonly state: StateAt,
    readonly ends: readonly MatrixEnd[],
  ) {
    this.evaluator = new Evaluator(state);
  }

  /** Every pair of which one end at least is a workload, in the order of the ends; with itself where it has two pods. */
  pairs(concerns: (source: MatrixEnd, destination: MatrixEnd) => boolean = () => true): MatrixPair[] {
    return this.ends.flatMap((source) =>
      this.ends.flatMap((destination) =>
        concerns(source, destination) ? this.pair(source, destination) : [],
      ),
    );
  }

  private pair(source: MatrixEnd, destination: MatrixEnd): MatrixPair[] {
    if (source.kind !== 'workload' && destination.kind !== 'workload') return [];
    const endpoints = endpointsBetween(source, destination);
    if (endpoints === undefined) return [];
    const { allowed, unknown, why } = this.connections(source, destination, endpoints);
    return [
      { source, destination, allowed: ConnectionSet.of(allowed), unknown: ConnectionSet.of(unknown), why },
    ];
  }

  /** Tries one port of each stretch in which no policy tells one port from the next. */
  private connections(source: MatrixEnd, destination: MatrixEnd, between: Between) {
    const any: Connection = { ...between, protocol: 'TCP', sourcePort: null, destinationPort: null };
    const ports = [...this.rulesAt('egress', source), ...this.rulesAt('ingress', destination)]
      .filter(({ ends }) => ends.every((clause) => clause.holds(any, this.state) !== false))
      .flatMap((rule) => rule.ports);
    const allowed: PortSpan[] = [];
    const unknown: PortSpan[] = [];
    let why: string | undefined;
    for (const span of spansBetween(ports, between.destination)) {
      const found = this.evaluator.evaluate({ ...any, protocol: span.protocol, destinationPort: span.from });
      if (found.verdict === 'allowed') allowed.push(span);
      if (found.verdict === 'unknown') {
        unknown.push(span);
        why ??= whyUnknown(found);
      }
    }
    return { allowed, unknown, why };
  }

  /** The rules of the policies that select an end. */
  private rulesAt(direction: Direction, end: MatrixEnd): readonly PortRule[] {
    const known = this.rules[direction].get(end);
    if (known !== undefined) return known;
    const [endpoint] = end.endpoints;
    const rules =
      end.kind === 'workload' && endpoint ? this.rulesOver(direction, end.namespace, endpoint) : [];
    this.rules[direction].set(end, rules);
    return rules;
  }

  private rulesOver(direction: Direction, namespace: string, endpoint: Endpoint): PortRule[] {
    return [...this.state.policies(null), ...this.state.policies(namespace)]
      .filter(({ selects }) => selects.has(endpoint, this.state) !== false)
      .flatMap(({ sections }) => sections[direction]?.rules ?? [])
      .map((rule) => ({
        ends: rule.clauses.filter((clause) => clause instanceof EndClause),
        ports: rule.clauses.flatMap((clause) => clause.ports(this.state)),
      }));
  }
}

/** What a rule asks of the ends, and the ports that it names. */
interface PortRule {
  readonly ends: readonly EndClause[];
  readonly ports: readonly PortRange[];
}

interface Between {
  readonly source: Endpoint;
  readonly destination: Endpoint;
}

/**
 * An address of each end, of one family and of two pods; undefined where there are none. Of nodes rather another one
 * than the pod's own, which policies may not keep from it.
 */
export function endpointsBetween(from: MatrixEnd, to: MatrixEnd): Between | undefined {
  return (
    firstBetween(from, to, (one) => isPossible(one) && !isOwnNode(one)) ?? firstBetween(from, to, isPossible)
  );
}

function firstBetween(from: MatrixEnd, to: MatrixEnd, fits: (one: Between) => boolean): Between | undefined {
  for (const source of from.endpoints) {
    for (const destination of to.endpoints) {
      if (fits({ source, destination })) return { source, destination };
    }
  }
  return undefined;
}

function isPossible({ source, destination }: Between): boolean {
  const isOneFamily = !source.ip || !destination.ip || source.ip.length === destination.ip.length;
  if (source.kind !== 'pod' || destination.kind !== 'pod') return isOneFamily;
  return isOneFamily && !isSamePod(source.pod, destination.pod);
}

function isOwnNode({ source, destination }: Between): boolean {
  const [pod, node] = source.kind === 'pod' ? [source, destination] : [destination, source];
  return pod.kind === 'pod' && node.kind === 'node' && pod.pod.node === node.node;
}

/** The stretches of ports, over each protocol, at whose borders one of the ranges begins or ends. */
function spansBetween(ranges: readonly PortRange[], destination: Endpoint): PortSpan[] {
  return PROTOCOLS.flatMap((protocol) => {
    const borders = ranges
      .filter((range) => range.protocol === protocol)
      .flatMap((range) => bordersOf(range, destination));
    const starts = [...new Set([1, ...borders.filter((port) => port <= LAST_PORT)])].sort((a, b) => a - b);
    return starts.map((from, i) => ({ protocol, from, to: (starts[i + 1] ?? LAST_PORT + 1) - 1 }));
  });
}

function bordersOf({ protocol, port, endPort }: PortRange, destination: Endpoint): number[] {
  if (typeof port === 'number') return [port, (endPort ?? port) + 1];
  if (port === undefined || destination.kind !== 'pod') return [];
  return portNumbers(destination.pod, port, protocol).flatMap((number) => [number, number + 1]);
}

function whyUnknown({ egress, ingress }: ConnectionVerdict): string | undefined {
  const one = [egress, ingress].find(({ verdict }) => verdict === 'unknown');
  return one?.otherwise ?? one?.decisions.find(({ effect }) => effect === 'unknown')?.unknown;
}

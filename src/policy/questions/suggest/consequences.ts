import type { JsonObject } from '../../../kubernetes/json.js';
import type { Connection, Endpoint } from '../../cluster/endpoint.js';
import type { StateAt } from '../../history/state_at.js';
import type { ClusterTimeline } from '../../history/timeline.js';
import { isSamePod } from '../../rules/ends.js';
import type { CompiledPolicy } from '../../rules/policy.js';
import { ConnectionSet, PROTOCOLS } from '../matrix/connection_set.js';
import { endNames } from '../matrix/end_names.js';
import { endsOf, type MatrixEnd } from '../matrix/ends.js';
import { Matrix } from '../matrix/matrix.js';

/** Connections that are judged otherwise than before. */
export interface Consequence {
  readonly source: string;
  readonly destination: string;
  readonly connections: ConnectionSet;
}

/** What a change does beside what is wanted of it. */
export interface Consequences {
  readonly opens: readonly Consequence[];
  readonly closes: readonly Consequence[];
}

/** Compares who may talk to whom before and after a change of these policies, given as they were and as they would be. */
export function consequencesOf(
  timeline: ClusterTimeline,
  before: StateAt,
  after: StateAt,
  policies: readonly CompiledPolicy[],
  wanted: readonly Connection[],
): Consequences {
  const ends = endsOf(timeline, before, [before, after]);
  const bears = new Set(ends.filter((end) => isSelected(end, policies, after)));
  const concerns = (source: MatrixEnd, destination: MatrixEnd) => bears.has(source) || bears.has(destination);
  const named = endNames(ends);
  const was = new Matrix(before, ends).pairs(concerns);
  const is = new Matrix(after, ends).pairs(concerns);
  const opens: Consequence[] = [];
  const closes: Consequence[] = [];
  for (const [i, old] of was.entries()) {
    const { source, destination, allowed } = is[i] ?? old;
    const names = { source: named(source), destination: named(destination) };
    const opened = allowed.minus(old.allowed).minus(wantedBetween(wanted, source, destination));
    const closed = old.allowed.minus(allowed);
    if (!opened.isEmpty) opens.push({ ...names, connections: opened });
    if (!closed.isEmpty) closes.push({ ...names, connections: closed });
  }
  return { opens, closes };
}

/** How many ports of pairs there are in all. */
export function extentOf(consequences: readonly Consequence[]): number {
  return consequences.reduce((sum, { connections }) => sum + connections.count, 0);
}

/** Lines that differ between two objects, as they stand in JSON. */
export function linesChanged(before: JsonObject | undefined, after: JsonObject): number {
  const lines = (object: JsonObject | undefined) =>
    object === undefined ? [] : JSON.stringify(object, null, 1).replaceAll(',\n', '\n').split('\n');
  const left = lines(before);
  const added = lines(after).filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  return left.length + added.length;
}

function isSelected(end: MatrixEnd, policies: readonly CompiledPolicy[], state: StateAt): boolean {
  const [endpoint] = end.endpoints;
  return endpoint?.kind === 'pod' && policies.some(({ selects }) => selects.has(endpoint, state) !== false);
}

function wantedBetween(
  wanted: readonly Connection[],
  source: MatrixEnd,
  destination: MatrixEnd,
): ConnectionSet {
  return ConnectionSet.of(
    wanted.flatMap((connection) => {
      const protocol = PROTOCOLS.find((one) => one === connection.protocol);
      const port = connection.destinationPort;
      const isBetween = isAmong(connection.source, source) && isAmong(connection.destination, destination);
      return protocol && port !== null && isBetween ? [{ protocol, from: port, to: port }] : [];
    }),
  );
}

function isAmong(endpoint: Endpoint, end: MatrixEnd): boolean {
  return end.endpoints.some((one) => {
    if (one.kind === 'pod' && endpoint.kind === 'pod') return isSamePod(one.pod, endpoint.pod);
    return one.address === endpoint.address;
  });
}

import { inert } from '../inert.js';
import { rangeText } from '../policy/questions/address_ranges.js';
import type { ConnectionSet } from '../policy/questions/matrix/connection_set.js';
import { endNames } from '../policy/questions/matrix/end_names.js';
import type { MatrixEnd } from '../policy/questions/matrix/ends.js';
import type { MatrixPair } from '../policy/questions/matrix/matrix.js';
import { shortTimes } from '../tape/time.js';
import { csvLine } from './csv.js';
import { jsonText } from './json_text.js';

/** A matrix with what is to be said beside it. */
export interface MatrixAnswer {
  /** What was asked, such as the path of a tape. */
  readonly source: string;
  /** RFC 3339; null for manifests. */
  readonly at: string | null;
  readonly ends: readonly MatrixEnd[];
  readonly pairs: readonly MatrixPair[];
  /** What the answer lacks or leaves out, a sentence each. */
  readonly notes: readonly string[];
}

/** `Who may talk to whom in incident.tape at 2026-11-22T10:15:30Z`. */
export function matrixTitle({ source, at }: MatrixAnswer): string {
  return `Who may talk to whom in ${inert(source)}${at === null ? '' : ` at ${shortTimes(at)}`}`;
}

/** `{source, at, ends, pairs: [{source, destination, allowed, ports, unknown?, unknownPorts?, why?}], notes?}`. */
export function matrixJson({ source, at, ends, pairs, notes }: MatrixAnswer): string {
  const named = endNames(ends);
  return jsonText({
    source,
    at,
    ends: ends.map((end) => ({ name: named(end), ...endJson(end) })),
    pairs: pairs.map((pair) => ({
      source: named(pair.source),
      destination: named(pair.destination),
      ...pairJson(pair),
    })),
    ...(notes.length > 0 ? { notes } : {}),
  });
}

/** A line for each pair; what is in neither of the last two columns is denied. */
export function matrixCsv({ ends, pairs }: MatrixAnswer): string {
  const named = endNames(ends);
  const lines = pairs.map(({ source, destination, allowed, unknown, why }) =>
    csvLine([
      named(source),
      named(destination),
      allowed.text,
      unknown.isEmpty ? null : unknown.text,
      why ?? null,
    ]),
  );
  return [csvLine(['source', 'destination', 'allowed', 'unknown', 'why_unknown']), ...lines].join('');
}

function endJson(end: MatrixEnd) {
  switch (end.kind) {
    case 'workload':
      return { kind: end.workloadKind, namespace: end.namespace, workload: end.name, pods: end.pods };
    case 'nodes':
      return { kind: 'Node', nodes: end.nodes };
    case 'outside':
      return { kind: 'External', addresses: end.ranges.map(rangeText) };
  }
}

function pairJson({ allowed, unknown, why }: MatrixPair) {
  const doubtful = unknown.isEmpty ? {} : { unknown: unknown.text, unknownPorts: portsJson(unknown), why };
  return { allowed: allowed.text, ports: portsJson(allowed), ...doubtful };
}

function portsJson({ spans }: ConnectionSet) {
  return spans.map(({ protocol, from, to }) => ({ protocol, from, to }));
}

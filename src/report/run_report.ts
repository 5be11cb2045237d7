import { DuckDBTimestampNanosecondsValue } from '@duckdb/node-api';
import { KtapeError } from '../errors.js';
import type { ClusterTimeline } from '../policy/history/timeline.js';
import { notRecorded } from '../policy/questions/unrecorded.js';
import type { DataPlane } from '../policy/rules/data_plane.js';
import type { CannedQuery } from '../query/canned.js';
import { baseTables } from '../query/catalog.js';
import { type Cell, cellOf } from '../query/cell.js';
import { missingTables, notCaptured } from '../query/failure.js';
import { type GivenValues, resolveParameters } from '../query/parameters.js';
import { policyVerdicts } from '../query/policy_verdicts_table.js';
import { addressNotes, MANIFESTS_SOURCE } from '../query/sources.js';
import type { DeclaredColumn } from '../query/sql_header.js';
import type { Bindings, TapeDatabase } from '../query/tape_database.js';
import type { Manifest } from '../tape/manifest.js';
import { type Coverage, recordingCoverage } from './coverage.js';

/** An answered question, or one that this tape cannot answer: then `rows` is null. */
export interface Report {
  readonly query: CannedQuery;
  readonly parameters: Readonly<Record<string, Cell>>;
  readonly columns: readonly DeclaredColumn[];
  readonly rows: readonly (readonly Cell[])[] | null;
  /** Of an answer that judges by policies: whose habits it assumes. */
  readonly dataPlane?: DataPlane;
  readonly coverage: Coverage;
}

/**
 * Asks a canned question. A table that the tape lacks gives no rows at all, never an empty answer.
 * @param names how kinds of policy that were not recorded are named.
 */
export async function runReport(
  database: TapeDatabase,
  query: CannedQuery,
  given: GivenValues,
  names: 'kinds' | 'families' = 'kinds',
): Promise<Report> {
  const { name, columns } = query;
  const missing = query.needs.filter((need) => missingTables(need, database.tape).length > 0);
  if (missing.length > 0) {
    const gaps = missing.map((need) => `${notCaptured(need, database.tape)}.`);
    return { query, parameters: {}, columns, rows: null, coverage: { complete: false, gaps, notes: [] } };
  }
  const bindings = await resolveParameters(database, query.parameters, given, baseTables(query.needs));
  const answer = await database.ask(query.sql, bindings);
  checkColumns(name, columns, answer.columns);
  const rows: (readonly Cell[])[] = [];
  for await (const batch of answer.batches) rows.push(...batch);
  const parameters = Object.fromEntries(
    Object.entries(bindings).map(([name, value]) => [name, cellOf(value)]),
  );
  const cluster = judgesPolicies(query) ? await database.judgedCluster() : undefined;
  const coverage = await coverageOf(database, query, bindings, given);
  if (cluster === undefined) return { query, parameters, columns, rows, coverage };
  const notes = [...coverage.notes, ...clusterNotes(cluster, database.tape.manifest, names)];
  const { dataPlane } = cluster;
  return { query, parameters, columns, rows, dataPlane, coverage: { ...coverage, notes } };
}

/** Whether its answer depends on who enforces the policies. */
export function judgesPolicies({ needs }: CannedQuery): boolean {
  return needs.includes(policyVerdicts.name);
}

/** What the verdicts take for granted of the cluster, a sentence each. */
function clusterNotes(
  cluster: ClusterTimeline,
  { sources }: Manifest,
  names: 'kinds' | 'families',
): string[] {
  const { dataPlane, isDataPlaneAssumed } = cluster;
  const assumed = isDataPlaneAssumed
    ? ", as no policy of Calico's or Cilium's own kinds was seen; --dataplane can say otherwise"
    : '';
  const manifests = sources.find(({ name }) => name === MANIFESTS_SOURCE);
  return [
    `Judged as ${dataPlane} enforces policies${assumed}.`,
    ...(manifests === undefined
      ? []
      : [`The cluster is that of ${manifests.detail}, taken to have been so all the time.`]),
    ...addressNotes(sources),
    ...notRecorded(cluster, names),
  ];
}

async function coverageOf(
  database: TapeDatabase,
  query: CannedQuery,
  bindings: Bindings,
  given: GivenValues,
): Promise<Coverage> {
  const window = { since: boundOf(bindings, 'since'), until: boundOf(bindings, 'until') };
  const { gaps, ...within } = await recordingCoverage(database, query, window, given);
  const said = query.coverageSql === undefined ? [] : await database.rows(query.coverageSql, bindings);
  const notes = said.map(([sentence]) => String(sentence));
  return { complete: gaps.length === 0, gaps, notes, ...within };
}

/** A question whose header and answer disagree must not be read by its header. */
function checkColumns(
  name: string,
  declared: readonly DeclaredColumn[],
  found: readonly { readonly name: string; readonly type: string }[],
): void {
  const listed = (columns: readonly { name: string; type: string }[]) =>
    columns.map((column) => `${column.name} ${column.type}`).join(', ');
  if (listed(declared) !== listed(found)) {
    throw new KtapeError(`queries/${name}.sql declares ${listed(declared)}; its answer has ${listed(found)}`);
  }
}

function boundOf(bindings: Bindings, name: string): bigint {
  const value = bindings[name];
  if (value instanceof DuckDBTimestampNanosecondsValue) return value.nanos;
  throw new KtapeError(`${name} is no time`);
}

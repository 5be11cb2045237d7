import { readFileSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import { KtapeError, reasonOf } from '../errors.js';
import { tables } from '../schema/tables/index.js';
import type { Removed } from '../tape/manifest.js';
import { sqlText } from '../tape/sql/literals.js';
import { parseTime } from '../tape/time.js';
import { type CapturedFiles, createTableView } from './captured_tables.js';
import { registerIpIn } from './ip_in.js';
import { packagePath } from './package_files.js';
import { policyVerdicts } from './policy_verdicts_table.js';
import type { Relation } from './relation.js';
import { type View, views } from './views.js';

/** What is said of a stretch that a limit had the recorder remove. */
export const REMOVED = 'removed to stay within a limit';

/** Captured by every recorder, and empty where a tape was made by other means: nothing is known to be lost. */
export const ALWAYS_THERE = 'losses';

/**
 * Creates everything that a question can name: macros, the captured tables, the views whose tables
 * were captured. Returns the tables and views that should be there but cannot be read, and why.
 */
export async function createRelations(
  connection: DuckDBConnection,
  captured: CapturedFiles,
  removed: readonly Removed[],
): Promise<ReadonlyMap<string, Error>> {
  registerIpIn(connection);
  await connection.run(readFileSync(packagePath('queries/macros.sql'), 'utf8'));
  const created = new Set<string>();
  const broken = new Map(captured.broken);
  for (const table of tables) {
    const files = captured.files.get(table.name) ?? (table.name === ALWAYS_THERE ? [] : undefined);
    if (files === undefined || broken.has(table.name)) continue;
    try {
      const more = table.name === ALWAYS_THERE ? removedRows(removed) : undefined;
      await createTableView(connection, table, files, { more, rows: captured.rows });
      created.add(table.name);
    } catch (error) {
      if (!(error instanceof KtapeError)) throw error;
      broken.set(table.name, error);
    }
  }
  for (const relation of [policyVerdicts, ...views()]) {
    const cause = relation.needs.map((need) => broken.get(need)).find((error) => error !== undefined);
    if (cause !== undefined) broken.set(relation.name, cause);
    else if (canBeMade(relation, created)) {
      await create(connection, relation);
      created.add(relation.name);
    }
  }
  return broken;
}

/** What was removed as rows of losses, in SQL; undefined where nothing was. */
function removedRows(removed: readonly Removed[]): string | undefined {
  if (removed.length === 0) return undefined;
  const rows = removed.map(
    ({ node, since, until, limit }) =>
      `(make_timestamp_ns(${parseTime(since)}), make_timestamp_ns(${parseTime(until)}), ${sqlText(node)}, ${sqlText(limit)})`,
  );
  return `SELECT time, until, node, 'recorder' AS source, '${REMOVED}' AS reason, subject
    FROM (VALUES ${rows.join(', ')}) AS removed (time, until, node, subject)`;
}

function canBeMade({ needs, orElse }: Relation, created: ReadonlySet<string>): boolean {
  return [needs, ...(orElse === undefined ? [] : [orElse])].some((set) =>
    set.every((need) => created.has(need)),
  );
}

async function create(connection: DuckDBConnection, relation: Relation | View): Promise<void> {
  const columns = relation.columns.map(({ name, type }) => `${name} ${type}`).join(', ');
  try {
    if ('sql' in relation) await connection.run(`CREATE VIEW ${relation.name} AS\n${relation.sql}`);
    else await connection.run(`CREATE TABLE ${relation.name} (${columns})`);
  } catch (error) {
    throw new KtapeError(`queries/views/${relation.name}.sql: ${reasonOf(error)}`);
  }
}

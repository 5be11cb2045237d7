import { type DuckDBConnection, type DuckDBPreparedStatement, StatementType } from '@duckdb/node-api';
import { KtapeError } from '../errors.js';

/**
 * Table functions that only read, and read only what the sandbox lets them. Others are refused: some
 * write (`enable_logging`), some run SQL given as text, some take addresses in memory.
 */
const TABLE_FUNCTIONS = new Set([
  'duckdb_columns',
  'duckdb_functions',
  'duckdb_settings',
  'duckdb_tables',
  'duckdb_types',
  'duckdb_views',
  'generate_series',
  'json_each',
  'json_tree',
  'parquet_file_metadata',
  'parquet_kv_metadata',
  'parquet_metadata',
  'parquet_scan',
  'parquet_schema',
  'range',
  'read_parquet',
  'repeat',
  'repeat_row',
  'unnest',
]);

/** What a statement that reads refers to. */
export interface Reading {
  /** Tables, views and names of its own WITH clauses. */
  readonly tables: ReadonlySet<string>;
}

/** Looks at one SQL statement before anything of it is bound or run; throws a KtapeError unless it only reads. */
export async function checkOnlyReads(connection: DuckDBConnection, sql: string): Promise<Reading> {
  // What is explained must read too: EXPLAIN ANALYZE runs it.
  const explained = /^\s*EXPLAIN\s+(?:ANALYZE\s)?([\s\S]*)$/i.exec(sql)?.[1];
  const parsed = await parse(connection, explained ?? sql);
  if (parsed.error) {
    if (parsed.error_type !== 'parser') throw new KtapeError(ONLY_READS);
    // DuckDB's own message shows the place.
    await connection.extractStatements(sql);
    throw new KtapeError(parsed.error_message);
  }
  if (parsed.statements.length !== 1) {
    throw new KtapeError(`${parsed.statements.length} statements; expected one`);
  }
  const tables = new Set<string>();
  for (const node of nodesOf(parsed.statements)) {
    if (node.type === 'BASE_TABLE') tables.add(String(node.table_name).toLowerCase());
    if (node.type === 'TABLE_FUNCTION') checkFunction(node.function);
  }
  return { tables };
}

/** Makes sure of it once the statement is prepared, by what DuckDB then takes it for. */
export function checkPrepared(statement: DuckDBPreparedStatement): void {
  const { statementType } = statement;
  if (statementType !== StatementType.SELECT && statementType !== StatementType.EXPLAIN) {
    throw new KtapeError(ONLY_READS);
  }
}

const ONLY_READS =
  'only statements that read are run: SELECT, WITH, FROM, VALUES, DESCRIBE, SUMMARIZE, SHOW, EXPLAIN, and PIVOT … ON … IN (…)';

type Parsed =
  | { readonly error: false; readonly statements: readonly unknown[] }
  | { readonly error: true; readonly error_type: string; readonly error_message: string };

/** DuckDB's own parser says what the statement is; it serializes no statement but those that read. */
async function parse(connection: DuckDBConnection, sql: string): Promise<Parsed> {
  const reader = await connection.runAndReadAll('SELECT json_serialize_sql($1::VARCHAR)', [sql]);
  return JSON.parse(String(reader.getRows()[0]?.[0]));
}

type Node = Readonly<Record<string, unknown>>;

function* nodesOf(value: unknown): Generator<Node> {
  const pending = [value];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    if (!Array.isArray(next)) yield next as Node;
    pending.push(...Object.values(next).filter((child) => typeof child === 'object'));
  }
}

function checkFunction(call: unknown): void {
  const name = String((call as Node | undefined)?.function_name).toLowerCase();
  if (!TABLE_FUNCTIONS.has(name)) {
    throw new KtapeError(
      `the table function ${name} is not for tapes; tables and views are read by their names`,
    );
  }
}

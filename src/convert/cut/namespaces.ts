import { closest } from '../../closest.js';
import { UsageError } from '../../errors.js';
import { createTableView } from '../../query/captured_tables.js';
import { tables } from '../../schema/tables/index.js';
import { sqlList } from '../../tape/sql/literals.js';
import { segmentFiles, type Tape } from '../../tape/tape.js';
import type { SegmentDatabase } from '../segment_database.js';
import { namespaceStatements, OF_NAMESPACES } from './namespace_sql.js';

/** Tables of which it has to be known what they hold of the namespaces, before anything is cut. */
const ASKED = ['kubernetes_objects', 'cgroups', 'packet_drops', 'flows'];

/** Columns that name a namespace. */
const NAMING: Readonly<Record<string, readonly string[]>> = {
  kubernetes_objects: ['namespace', "if(kind = 'Namespace', name, NULL)"],
  flows: ['source_namespace', 'destination_namespace'],
};

/**
 * Finds out what of a tape is of some namespaces, as tables in the database; returns for each table the condition that
 * a row is of them. A table without one holds nothing that is of a namespace.
 * @param within the condition that a row is in the window.
 */
export async function chooseNamespaces(
  database: SegmentDatabase,
  tape: Tape,
  namespaces: readonly string[],
  within: string,
): Promise<Readonly<Record<string, string>>> {
  for (const table of tables) {
    const files = (await segmentFiles(tape, table.name)) ?? [];
    if (ASKED.includes(table.name) || 'k8s_namespace_name' in table.columns)
      await createTableView(database.connection, table, files);
  }
  await checkNamed(database, tape, namespaces);
  for (const statement of namespaceStatements(sqlList(namespaces), within)) await database.run(statement);
  return OF_NAMESPACES;
}

/** Throws a UsageError that names those there are, where nothing of the tape is of a namespace that was asked for. */
async function checkNamed(database: SegmentDatabase, tape: Tape, wanted: readonly string[]): Promise<void> {
  const named = tables
    .filter(({ name }) => tape.manifest.tables[name] !== undefined)
    .flatMap(({ name, columns }) =>
      ('k8s_namespace_name' in columns ? ['k8s_namespace_name'] : (NAMING[name] ?? [])).map(
        (column) => `SELECT DISTINCT ${column} AS namespace FROM ${name}`,
      ),
    );
  const [found] = await database.row(
    `SELECT to_json(list(DISTINCT namespace ORDER BY namespace) FILTER (namespace IS NOT NULL))::VARCHAR
     FROM (${named.join(' UNION ALL ') || 'SELECT NULL AS namespace'})`,
  );
  const known = (JSON.parse(String(found)) ?? []) as string[];
  const strange = wanted.find((namespace) => !known.includes(namespace));
  if (strange === undefined) return;
  const there = known.length === 0 ? 'it names none' : `it has ${known.slice(0, 20).join(', ')}`;
  throw new UsageError(
    `${tape.directory}: nothing of a namespace "${strange}"${closest(strange, known)}; ${there}`,
  );
}

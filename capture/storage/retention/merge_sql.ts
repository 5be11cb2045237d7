import { cgroups } from '../../../src/schema/tables/cgroups.js';
import { kubernetesObjects } from '../../../src/schema/tables/kubernetes_objects.js';
import type { MergeJob } from './merge_job.js';

/** What the rows of a table of states are of, of which the last tells what is: columns or expressions of SQL. */
const SUBJECT: Readonly<Record<string, readonly string[]>> = {
  // A mark of a list has no name; of the first lists and of the later ones the last is kept.
  [kubernetesObjects.name]: [
    'node',
    'kind',
    'api_group',
    'namespace',
    'name',
    'uid',
    "if(name IS NULL, observed, '')",
  ],
  // The kernel gives a number anew only after the node has booted.
  [cgroups.name]: ['node', 'cgroup_id'],
};

/** The rows that a merge is to give, with all columns of the table. */
export function mergedRows({ table, sources, carry }: MergeJob): string {
  const files = `[${sources.map(quoted).join(', ')}]`;
  const all = `SELECT *, file_index AS source_file, file_row_number AS source_row
    FROM read_parquet(${files}, file_row_number = true)`;
  const whole = `SELECT * EXCLUDE (source_file, source_row, file_row_number)`;
  const subject = SUBJECT[table];
  if (carry === undefined || subject === undefined) {
    return `${whole} FROM (${all}) ORDER BY time, source_file, source_row`;
  }
  const isObject = table === kubernetesObjects.name;
  const group = isObject
    ? `, if(contains(api_version, '/'), split_part(api_version, '/', 1), '') AS api_group`
    : '';
  const ended = isObject && carry === 'living' ? ENDED : 'false';
  return `
    WITH received AS (SELECT *${group} FROM (${all})),
    last AS (
      FROM received
      QUALIFY row_number() OVER (
        PARTITION BY ${subject.join(', ')} ORDER BY time DESC, source_file DESC, source_row DESC
      ) = 1
    )
    ${whole.replace('source_file', isObject ? 'api_group, source_file' : 'source_file')}
    FROM last
    WHERE NOT (${ended})
    ORDER BY time, source_file, source_row`;
}

/** A first list shows all there is: what was not seen again had ended. */
const ENDED = `
      name IS NOT NULL AND (observed IN ('deleted', 'vanished') OR time < (
        SELECT max(mark.time) FROM received AS mark
        WHERE mark.name IS NULL AND mark.observed = 'listed' AND mark.kind = last.kind || 'List'
          AND mark.api_group = last.api_group AND mark.node = last.node
      ))`;

/** Count, a sum over all values of all rows, which tells tables of other rows apart, and the first and last time. */
export function fingerprint(rows: string): string {
  return `SELECT count(*), sum(hash(row_of)::HUGEINT)::VARCHAR, epoch_ns(min(time)), epoch_ns(max(time))
    FROM (${rows}) AS row_of`;
}

/** A statement that writes the rows to a file as segments are. */
export function writeRows(rows: string, target: string): string {
  return `COPY (${rows}) TO ${quoted(target)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 65536)`;
}

/** All rows of a file. */
export function rowsIn(file: string): string {
  return `FROM read_parquet(${quoted(file)})`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

import { rm } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { createInterface } from 'node:readline';
import { DuckDBInstance } from '@duckdb/node-api';
import { KtapeError, reasonOf } from '../../../src/errors.js';
import { syncedFile } from '../../../src/tape/durable_file.js';
import { writeRows } from '../../../src/tape/sql/segments.js';
import { formatTime } from '../../../src/tape/time.js';
import type { MergeJob, MergeResult } from './merge_job.js';
import { fingerprint, mergedRows, rowsIn } from './merge_sql.js';

/** What DuckDB may hold before it goes to disk; what it takes ends with this process. */
const MEMORY = '160MiB';

/**
 * A process of its own that merges segments: a job in each line of standard input, its result in a line of standard
 * output. It has the processor when nobody else wants it, and ends at once with whoever gives it jobs.
 */
setPriority(19);
const lines = createInterface(process.stdin).on('close', () => process.exit());
for await (const line of lines) {
  const result = await merge(JSON.parse(line) as MergeJob).catch(
    (error): MergeResult => ({ problem: reasonOf(error) }),
  );
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

/** Writes the merged file, synced, and compares all its rows with those it was made of. */
async function merge(job: MergeJob): Promise<MergeResult> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: MEMORY,
    threads: '1',
    temp_directory: job.temporary,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  const print = async (rows: string) => {
    const [row = []] = (await connection.runAndReadAll(fingerprint(rows))).getRows();
    return row as [bigint, string, bigint, bigint];
  };
  try {
    const wanted = await print(mergedRows(job));
    if (wanted[0] === 0n) return { rows: 0 };
    await connection.run(writeRows(mergedRows(job), job.target));
    const written = await print(rowsIn(job.target));
    if (written.join() !== wanted.join()) {
      throw new KtapeError(`${job.target}: its rows are not those of its sources (${written} for ${wanted})`);
    }
    const [rows, , first, last] = written;
    const times = { first_time: formatTime(first), last_time: formatTime(last) };
    return { rows: Number(rows), ...times, ...(await syncedFile(job.target)) };
  } catch (error) {
    await rm(job.target, { force: true });
    throw error;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

import type { DuckDBConnection, DuckDBInstance, DuckDBValue } from '@duckdb/node-api';
import { KtapeError, reasonOf } from '../errors.js';
import { firstLine } from '../query/captured_tables.js';
import { openLocked } from '../query/sandbox.js';

/** What DuckDB may hold before it goes to disk. */
const MEMORY = '256MiB';

/** DuckDB in memory that reads and writes files below some directories, and nothing else. */
export class SegmentDatabase {
  private constructor(
    readonly connection: DuckDBConnection,
    private readonly instance: DuckDBInstance,
  ) {}

  /** @param temporary a directory for what does not fit in memory. */
  static async open(directories: readonly string[], temporary: string): Promise<SegmentDatabase> {
    const options = { memory_limit: MEMORY, threads: '2', temp_directory: temporary };
    const { connection, instance } = await openLocked(options, { allowed_directories: directories });
    return new SegmentDatabase(connection, instance);
  }

  /** Gives a database to `use` and closes it afterwards. */
  static async with<R>(
    directories: readonly string[],
    temporary: string,
    use: (database: SegmentDatabase) => Promise<R>,
  ): Promise<R> {
    const database = await SegmentDatabase.open(directories, temporary);
    try {
      return await use(database);
    } finally {
      database.connection.closeSync();
      database.instance.closeSync();
    }
  }

  async run(sql: string): Promise<void> {
    await this.connection.run(sql).catch(fail);
  }

  /** The one row of an answer. */
  async row(sql: string): Promise<readonly DuckDBValue[]> {
    const reader = await this.connection.runAndReadAll(sql).catch(fail);
    return reader.getRows()[0] ?? [];
  }
}

/** DuckDB's messages go on with an excerpt of the statement. */
function fail(error: unknown): never {
  throw new KtapeError(firstLine(reasonOf(error)));
}

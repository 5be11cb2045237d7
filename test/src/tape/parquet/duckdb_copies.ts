import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { sqlText } from '../../../../src/tape/sql/literals.js';
import { writeRows } from '../../../../src/tape/sql/segments.js';
import { scratch } from '../../../scratch.js';

/** DuckDB until the test ends, and the copy of a file that it writes: as merged segments are. */
export async function duckdbCopies(t: TestContext): Promise<{
  readonly duckdb: DuckDBConnection;
  readonly copied: (bytes: Uint8Array) => Promise<Uint8Array>;
}> {
  const directory = scratch(t);
  const duckdb = await (await DuckDBInstance.create(':memory:')).connect();
  t.after(() => duckdb.closeSync());
  // DuckDB remembers what it read of a file of the same name.
  let files = 0;
  const copied = async (bytes: Uint8Array): Promise<Uint8Array> => {
    const [from, to] = [join(directory, `${++files}.parquet`), join(directory, `${++files}.parquet`)];
    writeFileSync(from, bytes);
    await duckdb.run(writeRows(`FROM ${sqlText(from)}`, to));
    return readFileSync(to);
  };
  return { duckdb, copied };
}

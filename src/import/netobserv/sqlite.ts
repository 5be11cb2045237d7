import { copyFile, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sqlite from 'node-sqlite3-wasm';
import { InvalidFileError, reasonOf, unreadable } from '../../errors.js';

const MAGIC = 'SQLite format 3\0';

/** The table that netobserv-cli writes. */
const TABLE = 'flow';

/** Whether the file is an SQLite database, by its first bytes. */
export async function isSqlite(file: string): Promise<boolean> {
  const handle = await open(file).catch((error) => unreadable(file, error));
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAGIC.length), 0, MAGIC.length, 0);
    return buffer.toString('latin1', 0, bytesRead) === MAGIC;
  } finally {
    await handle.close();
  }
}

/**
 * The rows of the table `flow` of netobserv-cli's database, each as an object. Reads a copy, since SQLite puts a lock
 * beside what it opens. Throws InvalidFileError where the database has no such table or is damaged.
 */
export async function* sqliteRows(file: string): AsyncGenerator<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'ktape-sqlite-'));
  try {
    const copy = join(folder, 'flow.db');
    await copyFile(file, copy);
    yield* rowsOf(copy);
  } catch (error) {
    throw error instanceof sqlite.SQLite3Error
      ? new InvalidFileError(file, `SQLite: ${reasonOf(error)}`)
      : error;
  } finally {
    await rm(folder, { recursive: true });
  }
}

function* rowsOf(file: string): Generator<unknown> {
  const database = new sqlite.Database(file, { readOnly: true, fileMustExist: true });
  try {
    // A view could hold any query, one without end as well.
    if (database.get(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '${TABLE}'`) === null)
      throw new sqlite.SQLite3Error(`no table ${TABLE}; expected the database that netobserv-cli writes`);
    const statement = database.prepare(`SELECT * FROM ${TABLE}`);
    yield* statement.iterate();
    statement.finalize();
  } finally {
    database.close();
  }
}

import type { DataPlane } from '../policy/rules/data_plane.js';
import { TapeDatabase } from '../query/tape_database.js';
import { openTape } from '../tape/tape.js';
import type { Terminal } from './terminal.js';

/**
 * Opens the tape for questions, and closes it when they are answered.
 * @param dataPlane who enforced its policies; by default their kinds tell.
 */
export async function withDatabase<R>(
  path: string,
  terminal: Terminal,
  use: (database: TapeDatabase) => Promise<R>,
  dataPlane?: DataPlane,
): Promise<R> {
  const database = await TapeDatabase.open(await openTape(path), terminal.temporaryDirectory(), dataPlane);
  // A running query would hold up the end of the process.
  terminal.onExit(() => database.interrupt());
  try {
    return await use(database);
  } finally {
    database.close();
  }
}

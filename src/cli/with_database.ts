import { TapeDatabase } from '../query/tape_database.js';
import { openTapeArgument } from './open_tape.js';
import type { DataPlaneOption, IdentityOption } from './options.js';
import type { Terminal } from './terminal.js';

/**
 * Opens the tape for questions, and closes it when they are answered. Without `--dataplane` the kinds of its
 * policies tell who enforced them.
 */
export async function withDatabase<R>(
  path: string,
  terminal: Terminal,
  { dataplane, ...option }: DataPlaneOption & IdentityOption,
  use: (database: TapeDatabase) => Promise<R>,
): Promise<R> {
  const tape = await openTapeArgument(path, terminal, option);
  const database = await TapeDatabase.open(tape, terminal.temporaryDirectory(), dataplane);
  // A running query would hold up the end of the process.
  terminal.onExit(() => database.interrupt());
  try {
    return await use(database);
  } finally {
    database.close();
  }
}

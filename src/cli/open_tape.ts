import { readIdentities } from '../archive/age.js';
import { type OpenOptions, openAnyTape } from '../archive/open_any_tape.js';
import type { Tape } from '../tape/tape.js';
import type { IdentityOption } from './options.js';
import type { Terminal } from './terminal.js';

/** Opens the tape that a command was given: a directory, a tar archive or an encrypted one. */
export async function openTapeArgument(
  path: string,
  terminal: Terminal,
  option: IdentityOption,
): Promise<Tape> {
  return openAnyTape(path, await openOptions(terminal, option));
}

/** How a command opens tapes. */
export async function openOptions(
  { cacheDirectory, temporaryDirectory }: Terminal,
  { identity }: IdentityOption,
): Promise<OpenOptions> {
  return {
    identities: identity === undefined ? [] : await readIdentities(identity),
    cache: cacheDirectory(),
    temporary: temporaryDirectory,
  };
}

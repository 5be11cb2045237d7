/** A failure the user can act on: the message alone says what, where and what was expected. */
export class KtapeError extends Error {
  override readonly name: string = 'KtapeError';
}

/** The command line was used wrongly (exit status 2). */
export class UsageError extends KtapeError {
  override readonly name = 'UsageError';
}

/** A file or directory that is not what it must be: names the file and what is wrong with it. */
export class InvalidFileError extends KtapeError {
  override readonly name = 'InvalidFileError';
  constructor(
    readonly file: string,
    readonly problem: string,
  ) {
    super(`${file}: ${problem}`);
  }
}

/** Bytes or objects received from others that cannot be decoded. */
export class DecodeError extends KtapeError {
  override readonly name = 'DecodeError';
}

/** What an unknown thrown value says, for messages. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Throws what kept a file from being read, with the file's name. */
export function unreadable(file: string, error: unknown): never {
  // Node.js says `ENOENT: no such file or directory, open 'a.json'`.
  throw new InvalidFileError(file, reasonOf(error).replace(/^[A-Z]+: (.+), \w+(?: '.*')?$/, '$1'));
}

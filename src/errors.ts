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
  throw new InvalidFileError(file, systemReason(error));
}

/** An error of the file system as one that names what was to be written, such as that the disk is full; others as they are. */
export function notWritten(output: string, error: unknown): unknown {
  const isOfSystem = error instanceof Error && 'code' in error && 'syscall' in error;
  return isOfSystem ? new KtapeError(`${output}: not written: ${systemReason(error)}`) : error;
}

/** What an error of the file system says, in words: Node.js says `ENOENT: no such file or directory, open 'a.json'`. */
export function systemReason(error: unknown): string {
  return reasonOf(error).replace(/^[A-Z]+: (.+), \w+(?: '.*')?$/, '$1');
}

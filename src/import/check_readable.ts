import { stat } from 'node:fs/promises';
import { InvalidFileError, unreadable } from '../errors.js';

/** Throws an InvalidFileError where a file that is to be imported is not there, or a directory. */
export async function checkReadable(file: string): Promise<void> {
  const found = await stat(file).catch((error) => unreadable(file, error));
  if (found.isDirectory()) throw new InvalidFileError(file, 'a directory; expected a file');
}

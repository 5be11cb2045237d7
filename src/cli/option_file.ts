import { InvalidFileError, UsageError } from '../errors.js';

/** What is read from the file that an option names, if it is given; whatever is wrong with that is the option's. */
export function fromFile<T>(option: string, file: string, read: (file: string) => Promise<T>): Promise<T>;
export function fromFile<T>(
  option: string,
  file: string | undefined,
  read: (file: string) => Promise<T>,
): Promise<T | undefined>;
export async function fromFile<T>(
  option: string,
  file: string | undefined,
  read: (file: string) => Promise<T>,
): Promise<T | undefined> {
  if (file === undefined) return undefined;
  if (file === '') throw new UsageError(`${option} "": expected a file`);
  try {
    return await read(file);
  } catch (error) {
    throw error instanceof InvalidFileError ? new UsageError(`${option} ${error.message}`) : error;
  }
}

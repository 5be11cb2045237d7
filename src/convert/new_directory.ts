import { existsSync, rmSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { KtapeError, notWritten, systemReason } from '../errors.js';
import { makeDirectory, syncDirectory, TEMPORARY } from '../tape/durable_file.js';

/** Has something done if the process ends before that. */
export type OnExit = (cleanUp: () => void) => void;

/**
 * Makes a directory that is there whole or not at all: `fill` fills another beside it, which then takes its name.
 * Throws a KtapeError where there is something of that name already, other than an empty directory.
 */
export async function newDirectory<R>(
  path: string,
  onExit: OnExit,
  fill: (directory: string) => Promise<R>,
): Promise<R> {
  const wanted = resolve(path);
  await checkFree(path);
  await makeDirectory(dirname(wanted)).catch((error) => fail(path, error));
  const beside = join(dirname(wanted), `.${basename(wanted)}.${process.pid}.tmp`);
  const abandon = () => {
    if (existsSync(beside)) rmSync(beside, { recursive: true, force: true });
  };
  onExit(abandon);
  // What is in a tape is for whoever made it alone.
  await mkdir(beside, { mode: 0o700 }).catch((error) => fail(path, error));
  try {
    const result = await fill(beside);
    await rename(beside, wanted);
    await syncDirectory(dirname(wanted));
    return result;
  } catch (error) {
    await rm(beside, { recursive: true, force: true });
    throw named(error, beside, path);
  }
}

async function checkFree(path: string): Promise<void> {
  const present = await readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    return fail(path, error);
  });
  if (present.length > 0) {
    throw new KtapeError(`${path}: not empty (it holds ${present[0]}); expected a new or empty directory`);
  }
}

/** The error as one that names what was to be made, not the directory beside it: DuckDB's messages name files. */
function named(error: unknown, beside: string, path: string): unknown {
  if (!(error instanceof KtapeError) || !error.message.includes(beside)) return notWritten(path, error);
  const reason = error.message.replaceAll(`${beside}/`, '').replaceAll(TEMPORARY, '');
  return new KtapeError(`${path}: not written: ${reason}`);
}

function fail(path: string, error: unknown): never {
  throw new KtapeError(`${path}: ${systemReason(error)}`);
}

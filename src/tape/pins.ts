import { lstat, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidFileError, KtapeError, reasonOf } from '../errors.js';
import { makeDirectory, writeDurably } from './durable_file.js';
import { formatTime, parseTime } from './time.js';

/** Directory within a tape that has a file for each pin. */
export const PINS = 'pins';

/** A stretch of a tape that limits leave alone. Times are nanoseconds since the epoch, by the recorder's clock. */
export interface Pin {
  readonly name: string;
  readonly since: bigint;
  readonly until: bigint;
  /** Who made it. */
  readonly by: string;
}

/** The pins of a tape by name, and what is wrong with files that are none. */
export interface Pins {
  readonly pins: readonly Pin[];
  readonly problems: readonly InvalidFileError[];
}

/** A pin takes a hundred. */
const MAX_BYTES = 10_000;

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Throws a KtapeError unless the name can be a pin's, which is that of its file. */
export function checkPinName(name: string): void {
  if (!NAME.test(name)) {
    throw new KtapeError(
      `"${name}" is no name of a pin; expected 1 to 63 of a-z, 0-9 and -, such as checkout-outage`,
    );
  }
}

/** Reads the pins of a tape. */
export async function readPins(tape: string): Promise<Pins> {
  const files = await readdir(join(tape, PINS)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new InvalidFileError(join(tape, PINS), reasonOf(error));
  });
  const pins: Pin[] = [];
  const problems: InvalidFileError[] = [];
  for (const file of files.filter((name) => name.endsWith('.json')).sort()) {
    const path = join(tape, PINS, file);
    try {
      await checkPlain(path);
      // One that was removed meanwhile is none.
      const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw new InvalidFileError(path, reasonOf(error));
      });
      if (text !== undefined) pins.push(parsePin(path, file.slice(0, -'.json'.length), text));
    } catch (error) {
      if (!(error instanceof InvalidFileError)) throw error;
      problems.push(error);
    }
  }
  return { pins, problems };
}

/** A stranger's tape may have a pipe there, which never ends, or a link to what is none of its business. */
async function checkPlain(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found !== undefined && (!found.isFile() || found.size > MAX_BYTES))
    throw new InvalidFileError(path, `not a pin: expected a plain file of at most ${MAX_BYTES} bytes`);
}

/** Adds a pin, which a tape has once under its name. */
export async function writePin(tape: string, pin: Pin): Promise<void> {
  checkPinName(pin.name);
  const { pins } = await readPins(tape);
  if (pins.some(({ name }) => name === pin.name))
    throw new KtapeError(`${tape}: has a pin ${pin.name} already`);
  const { since, until, by } = pin;
  const content = JSON.stringify({ since: formatTime(since), until: formatTime(until), by }, null, 2);
  await makeDirectory(join(tape, PINS));
  await writeDurably(pinFile(tape, pin.name), `${content}\n`);
}

/** Removes a pin: what it held is then removed like all else. */
export async function removePin(tape: string, name: string): Promise<void> {
  checkPinName(name);
  await rm(pinFile(tape, name)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    throw new KtapeError(`${tape}: has no pin ${name}`);
  });
}

function pinFile(tape: string, name: string): string {
  return join(tape, PINS, `${name}.json`);
}

function parsePin(path: string, name: string, text: string): Pin {
  const field = (value: unknown, key: string) => {
    if (typeof value !== 'string')
      throw new KtapeError(`${key} is ${JSON.stringify(value)}; expected a string`);
    return value;
  };
  try {
    const { since, until, by } = JSON.parse(text) as Record<string, unknown>;
    return {
      name,
      since: parseTime(field(since, 'since')),
      until: parseTime(field(until, 'until')),
      by: field(by, 'by'),
    };
  } catch (error) {
    throw new InvalidFileError(path, `not a pin: ${reasonOf(error)}`);
  }
}

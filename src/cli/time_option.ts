import { type Command, InvalidArgumentError } from 'commander';
import { reasonOf } from '../errors.js';
import { parseTime } from '../tape/time.js';

/** A stretch of time, nanoseconds since the epoch, `until` not included. */
export interface WindowOptions {
  readonly since?: bigint;
  readonly until?: bigint;
}

/** Adds `--since` and `--until`. */
export function addWindow(command: Command): Command {
  return command
    .option('--since <time>', 'start of the window, such as 2026-11-22T10:15:30Z', timeOption)
    .option('--until <time>', 'end of the window, not included', timeOption);
}

/** Reads the value of an option as a time: nanoseconds since the epoch. */
export function timeOption(text: string): bigint {
  try {
    return parseTime(text);
  } catch (error) {
    throw new InvalidArgumentError(`${reasonOf(error)}.`);
  }
}

import { InvalidArgumentError } from 'commander';
import { reasonOf } from '../errors.js';
import { parseTime } from '../tape/time.js';

/** Reads the value of an option as a time: nanoseconds since the epoch. */
export function timeOption(text: string): bigint {
  try {
    return parseTime(text);
  } catch (error) {
    throw new InvalidArgumentError(`${reasonOf(error)}.`);
  }
}

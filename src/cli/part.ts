import type { Command } from 'commander';
import type { Wanted } from '../convert/cut/cutting.js';
import { timeOption } from './time_option.js';

/** Options that say which part of a tape is wanted. */
export interface PartOptions {
  readonly since?: bigint;
  readonly until?: bigint;
  readonly namespace?: readonly string[];
  readonly table?: readonly string[];
}

/** Adds `--since`, `--until`, `--namespace` and `--table`. */
export function addPart(command: Command): Command {
  return command
    .option('--since <time>', 'start of the window, such as 2026-11-22T10:15:30Z', timeOption)
    .option('--until <time>', 'end of the window, not included', timeOption)
    .option('--namespace <name>', 'only what is of this namespace; may be repeated', oneMore)
    .option('--table <name>', 'only this table; may be repeated', oneMore);
}

/** Whether the options say that less than all of the tape is wanted. */
export function isPart({ since, until, namespace, table }: PartOptions): boolean {
  return [since, until, namespace, table].some((given) => given !== undefined);
}

/** The part that the options say. */
export function wantedPart({ since, until, namespace = [], table = [] }: PartOptions): Wanted {
  return { since, until, namespaces: namespace, tables: table };
}

function oneMore(name: string, before: readonly string[] = []): readonly string[] {
  return [...before, name];
}

import type { Command } from 'commander';
import type { Wanted } from '../convert/cut/cutting.js';
import { oneMore } from './options.js';
import { addWindow, type WindowOptions } from './time_option.js';

/** Options that say which part of a tape is wanted. */
export interface PartOptions extends WindowOptions {
  readonly namespace?: readonly string[];
  readonly table?: readonly string[];
}

/** Adds `--since`, `--until`, `--namespace` and `--table`. */
export function addPart(command: Command): Command {
  return addWindow(command)
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

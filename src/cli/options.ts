import { type Command, InvalidArgumentError, Option } from 'commander';
import { DATA_PLANES, type DataPlane } from '../policy/rules/data_plane.js';
import type { GivenValues } from '../query/parameters.js';
import { FORMATS, type Format } from '../report/output.js';

export interface FormatOption {
  readonly format: Format;
}

export interface ParameterOptions {
  readonly since?: string;
  readonly until?: string;
  readonly param?: ReadonlyMap<string, string>;
}

export interface IdentityOption {
  readonly identity?: string;
}

export interface DataPlaneOption {
  readonly dataplane?: DataPlane;
}

/** What every command that opens a tape takes. */
export const TAPE = 'a tape: a directory, .tape.tar or .tape.tar.age';

/** Adds `--identity`. */
export function addIdentity(command: Command): Command {
  return command.option('--identity <file>', 'age key that opens an encrypted tape (.tape.tar.age)');
}

/** Adds `--dataplane`. */
export function addDataPlane(command: Command): Command {
  return command.addOption(
    new Option('--dataplane <name>', "who enforces the policies (default: by the policies' kinds)").choices(
      DATA_PLANES,
    ),
  );
}

/** Adds `--format`, which is the first of the formats where it is not given. */
export function addFormat(command: Command, formats: readonly string[] = FORMATS): Command {
  return command.addOption(
    new Option('--format <format>', 'how to print the answer').choices(formats).default(formats[0]),
  );
}

/** Adds `--since`, `--until` and `--param`. */
export function addParameters(command: Command): Command {
  return command
    .option('--since <time>', 'start of the window, such as 2026-11-22T10:15:30Z')
    .option('--until <time>', 'end of the window, not included')
    .option('--param <name=value>', 'a parameter; may be repeated', addParameter);
}

/** All values given, by name. */
export function givenValues({ since, until, param }: ParameterOptions): GivenValues {
  const values = new Map(param);
  if (since !== undefined) values.set('since', since);
  if (until !== undefined) values.set('until', until);
  return values;
}

/** Of an option that may be repeated: what was given so far, and this. */
export function oneMore(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

function addParameter(
  text: string,
  before: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> {
  const [, name, value] = /^(\w+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('Expected NAME=VALUE.');
  return new Map(before).set(name, value);
}

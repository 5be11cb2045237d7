import { join } from 'node:path';
import { closest } from '../closest.js';
import { InvalidFileError, KtapeError, reasonOf } from '../errors.js';
import { tableNamed } from '../schema/tables/index.js';
import type { Tape } from '../tape/tape.js';
import { firstLine } from './captured_tables.js';
import { relations } from './catalog.js';
import { isImported } from './recorded_time.js';
import type { Relation } from './relation.js';
import { ALWAYS_THERE } from './relations.js';
import { feeds } from './sources.js';

/** What may be said where a tape that is being recorded lacks a segment that it had. */
const MOVED_ON = 'the recorder may have removed or merged it since the tape was opened: ask again';

/**
 * What DuckDB's failure means for the person who asked: a table that the tape lacks, a damaged
 * segment, a file that is none of the query's business, else DuckDB's own words.
 */
export function explainFailure(error: unknown, tape: Tape, broken: ReadonlyMap<string, Error>): Error {
  if (error instanceof KtapeError) return error;
  const message = reasonOf(error);
  const table = /^Catalog Error: Table with name (\S+) does not exist/.exec(message)?.[1];
  if (table !== undefined) return broken.get(table) ?? new KtapeError(missingTable(table, tape));
  const damaged = Object.values(tape.manifest.tables)
    .flat()
    .map((segment) => join(tape.directory, segment.path))
    .filter((path) => message.includes(path))
    .sort((a, b) => message.indexOf(a) - message.indexOf(b))[0];
  if (damaged !== undefined) {
    const moved = tape.manifest.state === 'recording' ? `; ${MOVED_ON}` : '';
    return new InvalidFileError(damaged, `cannot be read (${firstLine(message)})${moved}`);
  }
  if (message.startsWith('Permission Error')) {
    return new KtapeError(`a query reads the tables of this tape and nothing else (${firstLine(message)})`);
  }
  return new KtapeError(message);
}

function missingTable(written: string, tape: Tape): string {
  const names = relations().map((relation) => relation.name);
  const name = written.toLowerCase();
  if (names.includes(name)) return notCaptured(name, tape);
  const captured = Object.keys(tape.manifest.tables);
  return `no table "${written}"${closest(name, names)}; this tape captured ${captured.join(', ') || 'nothing'}`;
}

/** The tables that a table or view cannot do without and that the tape did not capture. */
export function missingTables(name: string, tape: Tape): string[] {
  const { orElse } = relationNamed(name) ?? {};
  const isEnough = orElse?.every((other) => missingTables(other, tape).length === 0) ?? false;
  return isEnough ? [] : lackingTables(name, tape);
}

/** The tables that a table or view comes from and that the tape did not capture, also where it can do without. */
export function lackingTables(name: string, tape: Tape): string[] {
  const { needs = [] } = relationNamed(name) ?? {};
  if (needs.length > 0) return [...new Set(needs.flatMap((need) => lackingTables(need, tape)))];
  return name === ALWAYS_THERE || tape.manifest.tables[name] !== undefined ? [] : [name];
}

function relationNamed(name: string): Relation | undefined {
  return relations().find((relation) => relation.name === name);
}

/** Says of a table or view what it lacks in this tape, which is not the same as being empty. */
export function notCaptured(name: string, tape: Tape): string {
  const lacking = missingTables(name, tape);
  const from = [...new Set(lacking.map((table) => SOURCES[tableNamed(table)?.source ?? 'recorder']))];
  const what = lacking.includes(name) ? `${name} was` : `${name} needs ${lacking.join(' and ')},`;
  if (isImported(tape.manifest)) return `${what} not captured in this tape, an imported tape`;
  const reasons = tape.manifest.sources
    .filter((source) => source.state === 'unavailable' && feeds(source, lacking))
    .map((source) => `; ${source.name}: ${source.detail}`);
  return `${what} not captured in this tape, which was recorded without ${from.join(' and ')}${reasons.join('')}`;
}

const SOURCES = {
  kernel: 'the kernel probes',
  traces: 'OTLP traces',
  metrics: 'OTLP metrics',
  logs: 'OTLP logs',
  kubernetes: 'the Kubernetes API',
  cgroups: "the node's cgroups",
  import: "other tools' files",
  recorder: 'the recorder',
} as const;

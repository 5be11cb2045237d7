import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openAnyTape } from '../../../src/archive/open_any_tape.js';
import { cannedQueries } from '../../../src/query/canned.js';
import type { Cell } from '../../../src/query/cell.js';
import { policyVerdicts } from '../../../src/query/policy_verdicts_table.js';
import { TapeDatabase } from '../../../src/query/tape_database.js';
import { views } from '../../../src/query/views.js';
import { runReport } from '../../../src/report/run_report.js';
import { ShareKey } from '../../../src/share/key.js';
import { PrivateMap } from '../../../src/share/map_file.js';
import { unmasked } from '../../../src/share/unmask.js';
import { Ids } from '../../../src/share/words/ids.js';
import { ktape } from '../../fixtures/answers.js';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A tape, and the file that `ktape share` made of it. */
export interface SharedTape {
  readonly original: string;
  readonly shared: string;
  /** The text of somebody who has the shared tape, in the words of the original. */
  readonly unmask: (text: string) => string;
}

/** Shares a tape by the command. */
export async function share(original: string, directory: string): Promise<SharedTape> {
  const shared = join(directory, 'shared.tape.tar');
  const map = join(directory, 'shared.map.json');
  const key = join(directory, 'key');
  writeFileSync(key, randomBytes(32).toString('hex'));
  await ktape('share', original, '-o', shared, '--map', map, '--key', key);
  const ids = await idsOf(original, directory, ShareKey.parse(readFileSync(key, 'utf8'), key));
  const privateMap = new PrivateMap(map);
  const originals = (words: ReadonlySet<string>) => new Map([...privateMap.originals(words), ...ids]);
  const { addresses } = privateMap;
  return { original, shared, unmask: (text) => unmasked(text, { originals, addresses }) };
}

/** The ids of spans and traces by what stands for them: the private map leaves them out, since there are so many. */
function idsOf(path: string, directory: string, key: ShareKey): Promise<Map<string, string>> {
  return withDatabase(path, directory, async (database) => {
    if (database.tape.manifest.tables.spans === undefined) return new Map();
    const rows = await database.rows('SELECT trace_id FROM spans UNION SELECT span_id FROM spans');
    const ids = new Ids(key);
    return new Map(rows.map(([id]) => [ids.id(String(id)) ?? '', String(id)]));
  });
}

/**
 * Asks everything that can be asked without parameters of both tapes, and compares the rows as multisets: all canned
 * queries, all views, and the verdicts of the policies. Returns how many rows each question gave.
 */
export async function sameRows(tape: SharedTape, directory: string): Promise<Map<string, number>> {
  const expected = await answersOf(tape.original, directory);
  const answers = await answersOf(tape.shared, directory);
  const counts = new Map<string, number>();
  for (const [question, rows] of expected) {
    const told = JSON.parse(tape.unmask(JSON.stringify(answers.get(question)))) as Json;
    const [there, here] = [told as readonly Json[][], rows].map(multiset);
    assert.deepEqual(there, here, `${question} of ${tape.original}`);
    counts.set(question, rows.length);
  }
  return counts;
}

/** Compares who may talk to whom, and the verdict of every pair of pods on every port that is given. */
export async function samePolicies(
  tape: SharedTape,
  directory: string,
  ports: readonly number[],
): Promise<number> {
  const { original, shared, unmask } = tape;
  const [expected, told] = await Promise.all(
    [original, shared].map((path) => ktape('policy', 'matrix', path, '--format', 'json')),
  );
  assert.deepEqual(comparable(unmask(told ?? '')), comparable(expected ?? ''));

  const pods = await podsOf(shared, directory);
  const asked = pods.flatMap((from) =>
    pods.flatMap((to) => ports.map((port) => JSON.stringify({ from, to, port }))),
  );
  const flows = join(directory, 'flows.ndjson');
  const explained = async (path: string, lines: readonly string[]): Promise<string[]> => {
    writeFileSync(flows, lines.join('\n'));
    return (await ktape('policy', 'explain', path, '--flows', flows)).trim().split('\n');
  };
  const here = await explained(original, asked.map(unmask));
  const there = (await explained(shared, asked)).map(unmask);
  const parsed = (lines: readonly string[]) => lines.map((line) => unordered(JSON.parse(line)));
  assert.deepEqual(parsed(there), parsed(here));
  return here.filter((line) => /"verdict":"(?:allowed|denied)"/.test(line)).length;
}

/**
 * A matrix without the path of its tape, and without the addresses of the outside: what remains of it beside the blocks
 * that policies name is cut into other ranges, since addresses have other neighbours.
 */
function comparable(text: string): Json {
  const { source: _, ...matrix } = JSON.parse(text, (_, value) => {
    if (value?.kind === 'External') return { kind: 'External', name: 'outside', addresses: [] };
    return typeof value === 'string' ? value.replace(/^outside .*/, 'outside') : value;
  });
  return unordered(matrix);
}

async function answersOf(path: string, directory: string): Promise<Map<string, readonly Json[][]>> {
  return withDatabase(path, directory, async (database) => {
    const answers = new Map<string, readonly Json[][]>();
    for (const query of cannedQueries()) {
      // All rows: which of those that are alike in all else come first, their names decide.
      const hasTop = query.parameters.some(({ name }) => name === 'top');
      const { rows } = await runReport(database, query, new Map(hasTop ? [['top', '1000000']] : []));
      // Of spans that took equally long any may be the example.
      const example = query.columns.findIndex(({ name }) => name === 'exemplar_trace_id');
      answers.set(
        query.name,
        (rows ?? []).map((row) => jsonOf(row.filter((_, i) => i !== example))),
      );
    }
    for (const { name } of [...views(), policyVerdicts]) {
      const rows = await database.rows(`FROM ${name}`).catch((error: Error) => {
        if (!error.message.includes('not captured')) throw error;
        return [];
      });
      answers.set(name, rows.map(jsonOf));
    }
    return answers;
  });
}

function podsOf(path: string, directory: string): Promise<string[]> {
  return withDatabase(path, directory, async (database) => {
    const rows = await database.rows(
      `SELECT DISTINCT namespace || '/' || name FROM pods WHERE valid_to IS NULL ORDER BY 1`,
    );
    return rows.map(([pod]) => String(pod));
  });
}

async function withDatabase<R>(
  path: string,
  directory: string,
  use: (database: TapeDatabase) => Promise<R>,
): Promise<R> {
  const tape = await openAnyTape(path, { cache: join(directory, 'cache'), temporary: () => directory });
  const database = await TapeDatabase.open(tape, directory);
  try {
    return await use(database);
  } finally {
    database.close();
  }
}

function jsonOf(row: readonly Cell[]): Json[] {
  return JSON.parse(JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? String(value) : value)));
}

/** Rows in an order of their own. */
function multiset(rows: readonly Json[][]): Json[] {
  return sorted(rows.map((row) => row.map(unordered)));
}

/** A value in which lists, and words of texts, have an order of their own: names stand in the order of the alphabet. */
function unordered(value: Json): Json {
  if (typeof value === 'string') return unorderedText(value);
  if (Array.isArray(value)) return sorted(value.map(unordered));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => key !== 'order' && !(typeof inner === 'string' && /selector$/i.test(key)))
      .sort()
      .map(([key, inner]) => [key, unordered(inner)]),
  );
}

/** Calico's selectors are written anew in a shared tape, with words where there were parts of words: they are left out. */
function unorderedText(text: string): Json {
  if (/^\[?\{"/.test(text)) return unordered(JSON.parse(text));
  if (/\b(?:contains|starts with|ends with|in) \{?"/.test(text)) return 'a reason that quotes a selector';
  return text
    .split(/[\s,]+/)
    .map((word) => word.replace(/[.:;]$/, ''))
    .sort()
    .join(' ');
}

function sorted(values: readonly Json[]): Json[] {
  return values
    .map((value) => [JSON.stringify(value), value] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, value]) => value);
}

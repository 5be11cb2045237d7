import { readFile } from 'node:fs/promises';
import type { SemanticType } from '../schema/semantic_type.js';
import type { Table } from '../schema/table.js';
import { tableNamed } from '../schema/tables/index.js';
import { T } from '../schema/types.js';
import { NULL_TEXT, type TextColumn } from '../tape/columns/text.js';
import type { TextPool } from '../tape/columns/text_pool.js';
import { readTexts } from '../tape/parquet/read/read_parquet.js';
import { segmentFile, type Tape } from '../tape/tape.js';
import { attributeRule } from './objects/attribute_keys.js';
import type { ClusterFacts } from './objects/cluster_facts.js';
import { gatherObject } from './objects/gather_object.js';
import type { Rules } from './rules.js';
import { isId } from './words/ids.js';
import type { Vocabulary } from './words/vocabulary.js';

/** What must be known of a whole tape before any of it is redacted. */
export interface Gathered {
  readonly vocabulary: Vocabulary;
  readonly facts: ClusterFacts;
  /** Values of attributes that the rules let stay. */
  readonly kept: Set<string>;
}

/** Takes what is to be known from a text. */
type Take = (text: string, to: Gathered) => void;

const takeName: Take = (text, { vocabulary }) => vocabulary.add(text);

/** Takes values of attributes that may be names. */
const takeWord: Take = (text, to) => {
  if (isWord(text)) takeName(text, to);
};

/** What is gathered from columns of a meaning. */
const TAKEN = new Map<SemanticType, Take>([
  [T.node, takeName],
  [T.service, takeName],
  [T.kubernetes_name, takeName],
  [T.host, takeName],
  // `Kind namespace/name`
  [T.policies, (text, { vocabulary }) => vocabulary.addAll(text.split(/[ /]/).slice(1))],
  // `k8s:app=web`
  [T.labels, (text, { vocabulary }) => vocabulary.add(text.slice(text.indexOf('=') + 1))],
  [T.attributes, takeWord],
  [T.kubernetes_object, (text, { vocabulary, facts }) => gatherObject(text, vocabulary, facts)],
]);

/** What the values under a key are taken as. */
type Taken = 'word' | 'kept' | 'neither';

/** Longer values are looked for in no text. */
const LONGEST_WORD = 100;
/** `A`: no byte of a letter in UTF-8 is less. */
const FIRST_LETTER = 0x41;

/** Gathers the names that a tape's columns and objects hold, and facts on its cluster. */
export async function gather(tape: Tape, to: Gathered, rules: Rules): Promise<void> {
  for (const { name } of tape.manifest.nodes) to.vocabulary.add(name);
  for (const [name, segments] of Object.entries(tape.manifest.tables)) {
    const table = tableNamed(name);
    if (table === undefined) continue;
    for (const segment of segments) {
      to.vocabulary.add(segment.node);
      await gatherSegment(await segmentFile(tape, segment), table, to, rules);
    }
  }
}

async function gatherSegment(file: string, table: Table, to: Gathered, rules: Rules): Promise<void> {
  const takes = Object.entries(table.columns).flatMap(([name, { type }]) => {
    const take = TAKEN.get(type);
    return take === undefined || name === 'node' ? [] : [{ name, take }];
  });
  const names = takes.map(({ name }) => name);
  for (const { columns } of readTexts(await readFile(file), table, file, names)) {
    for (const { name, take } of takes) {
      const [texts, values] = columns.get(name) ?? [];
      if (texts === undefined) continue;
      if (values !== undefined) gatherAttributes(texts, values, to, rules);
      else gatherTexts(texts, take, to);
    }
  }
}

/** Takes each text of a column once. */
function gatherTexts({ texts, pool, length, nulls }: TextColumn, take: Take, to: Gathered): void {
  if (nulls === length) return;
  const isTaken = new Uint8Array(pool.count);
  for (let row = 0; row < length; row++) {
    const text = texts[row] ?? NULL_TEXT;
    if (text === NULL_TEXT || isTaken[text] === 1) continue;
    isTaken[text] = 1;
    take(pool.string(text), to);
  }
}

/** Takes the values that may be names, or that stay, each once. */
function gatherAttributes(keys: TextColumn, values: TextColumn, to: Gathered, rules: Rules): void {
  const { pool } = values;
  const takes = new Map<number, Taken>();
  const isTaken = { word: new Uint8Array(pool.count), kept: new Uint8Array(pool.count) };
  for (let item = 0, last = NULL_TEXT, taken: Taken = 'neither'; item < keys.length; item++) {
    const key = keys.texts[item] ?? 0;
    const value = values.texts[item] ?? NULL_TEXT;
    if (key !== last) {
      taken = takes.get(key) ?? takenUnder(pool.string(key), rules);
      takes.set(key, taken);
      last = key;
    }
    if (taken === 'neither' || value === NULL_TEXT || isTaken[taken][value] === 1) continue;
    isTaken[taken][value] = 1;
    if (taken === 'kept') to.kept.add(pool.string(value));
    else if (mayHaveLetters(pool, value)) takeWord(pool.string(value), to);
  }
}

function takenUnder(key: string, { attributes }: Rules): Taken {
  const redaction = attributes.get(key);
  if (redaction === 'keep' || redaction === 'text') return 'kept';
  return attributeRule(key) === undefined ? 'word' : 'neither';
}

/** False for numbers, addresses and the like, which are most values. */
function mayHaveLetters({ data, starts }: TextPool, text: number): boolean {
  const end = starts[text + 1] ?? 0;
  for (let at = starts[text] ?? 0; at < end; at++) if ((data[at] ?? 0) >= FIRST_LETTER) return true;
  return false;
}

/** Whether a value of an attribute may be a name that texts mention; ids are found in texts by their shape. */
function isWord(text: string): boolean {
  return text.length <= LONGEST_WORD && /^(?=.*\p{L})\S+$/u.test(text) && !isId(text);
}

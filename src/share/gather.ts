import { readFile } from 'node:fs/promises';
import type { SemanticType } from '../schema/semantic_type.js';
import type { Table } from '../schema/table.js';
import { tableNamed } from '../schema/tables/index.js';
import { T } from '../schema/types.js';
import type { AnyColumn } from '../tape/columns/index.js';
import { AttributesColumn, TextListColumn } from '../tape/columns/nested.js';
import { NULL_TEXT, TextColumn } from '../tape/columns/text.js';
import { readParquet } from '../tape/parquet/read/read_parquet.js';
import { segmentFile, type Tape } from '../tape/tape.js';
import { attributeRule } from './objects/attribute_keys.js';
import type { ClusterFacts } from './objects/cluster_facts.js';
import { gatherObject } from './objects/gather_object.js';
import type { Rules } from './rules.js';
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

/** Longer values are looked for in no text. */
const LONGEST_WORD = 100;

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
  for (const batch of readParquet(await readFile(file), table, file, names)) {
    for (const { name, take } of takes) {
      const column = batch.column(name);
      if (column instanceof AttributesColumn) gatherAttributes(column, to, rules);
      else for (const text of textsOf(column)) take(batch.pool.string(text), to);
    }
  }
}

/** The numbers of the texts of a column, each once. */
function textsOf(column: AnyColumn | undefined): Set<number> {
  const { items } = column instanceof TextListColumn ? column : { items: column };
  const texts = new Set(items instanceof TextColumn ? items.texts.subarray(0, items.length) : []);
  texts.delete(NULL_TEXT);
  return texts;
}

/** Takes the values that may be names, or that stay. */
function gatherAttributes({ keys, values }: AttributesColumn, to: Gathered, rules: Rules): void {
  const takes = new Map<number, Take | undefined>();
  const seen = new Map<number, number>();
  for (let item = 0; item < keys.length; item++) {
    const key = keys.texts[item] ?? 0;
    const value = values.texts[item] ?? NULL_TEXT;
    if (value === NULL_TEXT || seen.get(value) === key) continue;
    seen.set(value, key);
    if (!takes.has(key)) takes.set(key, takeOfKey(keys.string(item), rules));
    takes.get(key)?.(values.string(item), to);
  }
}

function takeOfKey(key: string, { attributes }: Rules): Take | undefined {
  const redaction = attributes.get(key);
  if (redaction === 'keep' || redaction === 'text') return (text, { kept }) => kept.add(text);
  return attributeRule(key) === undefined ? takeWord : undefined;
}

/** Whether a value of an attribute may be a name that texts mention. */
function isWord(text: string): boolean {
  return text.length <= LONGEST_WORD && /^(?=.*\p{L})\S+$/u.test(text);
}

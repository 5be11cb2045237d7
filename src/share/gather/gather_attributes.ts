import type { TextPool } from '../../tape/columns/text_pool.js';
import type { TextChunk } from '../../tape/parquet/read/text_chunk.js';
import { attributeRule } from '../objects/attribute_keys.js';
import { Pairs } from '../rewrite/pairs.js';
import { NONE } from '../rewrite/rows.js';
import type { Rules } from '../rules.js';
import type { Vocabulary } from '../words/vocabulary.js';
import type { Gathered } from './gathered.js';
import { isWord, mayBeWord } from './value_words.js';

/*
 * What the values under a key are taken as, and what a value is wanted as: bits, so that one operation tells of a pair
 * whether there is anything to do.
 */
const NEITHER = 0;
/** A name. */
const WORD = 1;
/** What the rules let stay. */
const KEPT = 2;

/**
 * Takes the values that may be names, or that stay. Which value is under which key is most of a tape, and is read only
 * where it matters: where there are values that nobody knows yet, and not all keys' are taken.
 */
export function gatherAttributes(keys: TextChunk, values: TextChunk, to: Gathered, rules: Rules): void {
  const under = Uint8Array.from({ length: keys.pool.count }, (_, key) =>
    takenUnder(keys.pool.string(key), rules),
  );
  const wanted = wantedOf(values.pool, under, to.vocabulary);
  if (wanted.every((bits) => bits === NEITHER)) return;
  const areAllWords = under.every((bits) => bits === WORD);
  const found = areAllWords ? wanted : foundIn(new Pairs(keys, values), under, wanted);
  for (let value = 0; value < found.length; value++) {
    const bits = found[value] ?? NEITHER;
    if (bits === NEITHER) continue;
    const text = values.pool.string(value);
    if ((bits & WORD) !== 0) to.vocabulary.add(text);
    if ((bits & KEPT) !== 0) to.kept.add(text);
  }
}

function takenUnder(key: string, { attributes }: Rules): number {
  const redaction = attributes.get(key);
  if (redaction === 'keep' || redaction === 'text') return KEPT;
  return attributeRule(key) === undefined ? WORD : NEITHER;
}

/** What each value is wanted as, should it be under such a key: words only if they are new. */
function wantedOf(pool: TextPool, under: Uint8Array, vocabulary: Vocabulary): Uint8Array {
  const kept = under.includes(KEPT) ? KEPT : NEITHER;
  const areWords = under.includes(WORD);
  const wanted = new Uint8Array(pool.count);
  for (let value = 0; value < wanted.length; value++)
    wanted[value] = areWords && isNewWord(pool, value, vocabulary) ? kept | WORD : kept;
  return wanted;
}

function isNewWord(pool: TextPool, value: number, vocabulary: Vocabulary): boolean {
  if (!mayBeWord(pool, value)) return false;
  const text = pool.string(value);
  return !vocabulary.has(text) && isWord(text);
}

/** What each value is found as, of what it is wanted as. */
function foundIn({ keyAt, textAt }: Pairs, under: Uint8Array, wanted: Uint8Array): Uint8Array {
  const found = new Uint8Array(wanted.length);
  for (let entry = 0; entry < textAt.length; entry++) {
    const value = textAt[entry] ?? NONE;
    if (value === NONE) continue;
    const bits = (wanted[value] ?? NEITHER) & (under[keyAt[entry] ?? 0] ?? NEITHER);
    if (bits !== NEITHER) found[value] = (found[value] ?? NEITHER) | bits;
  }
  return found;
}

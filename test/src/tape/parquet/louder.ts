import assert from 'node:assert/strict';
import { TextPool } from '../../../../src/tape/columns/text_pool.js';
import { readParquet } from '../../../../src/tape/parquet/read/read_parquet.js';
import type { TextChunk } from '../../../../src/tape/parquet/read/text_chunk.js';
import { rewriteParquet, type SourceGroup } from '../../../../src/tape/parquet/rewrite_file.js';
import { withTexts } from '../../../../src/tape/parquet/text_chunks.js';
import { type Visit, visits } from '../visits.js';

export const TEXTS = ['node', 'guest', 'tags', 'names'];

function louder(text: string): string {
  return `${text}!`;
}

export function loudly(source: TextChunk) {
  const texts = new TextPool();
  for (let text = 0; text < source.pool.count; text++) texts.addString(louder(source.pool.string(text)));
  return withTexts(source, texts);
}

/** The file with an exclamation mark after each of its texts. */
export function louderFile(bytes: Uint8Array): Uint8Array {
  return rewriteParquet(bytes, visits, 'visits.parquet', (name: string, group: SourceGroup) =>
    TEXTS.includes(name) ? group.texts(name).map(loudly) : group.numbers(name),
  );
}

export function louderRow({ guest, tags, names, ...others }: Visit): Visit {
  return {
    ...others,
    guest: guest === null ? null : louder(guest),
    tags: tags.map(([key, value]) => [louder(key), value === null ? null : louder(value)]),
    names: names.map(louder),
  };
}

/** The rows of such a file. */
export function rowsIn(bytes: Uint8Array) {
  return [...readParquet(bytes, visits, 'visits.parquet')].flatMap((batch) => {
    assert.equal(batch.node, 'n1!');
    return Array.from({ length: batch.rows }, (_, row) => batch.row(row));
  });
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { InvalidFileError } from '../../../../src/errors.js';
import { ByteBuffer } from '../../../../src/tape/parquet/byte_buffer.js';
import { Codec, Encoding, PageType, Type } from '../../../../src/tape/parquet/format.js';
import { readFooter } from '../../../../src/tape/parquet/read/footer.js';
import { TextChunk } from '../../../../src/tape/parquet/read/text_chunk.js';
import { readTextChunks } from '../../../../src/tape/parquet/read/texts.js';
import { i32, struct, writeStruct } from '../../../../src/tape/parquet/thrift.js';
import { encodeParquet } from '../../../../src/tape/parquet.js';
import { anyVisit, batchOf, EMPTY, sorted, type Visit, visits } from '../visits.js';
import { duckdbCopies } from './duckdb_copies.js';

const COLUMNS = ['guest', 'tags', 'names'];

/** The texts of the items of each chunk, by column. */
function itemsIn(bytes: Uint8Array): Record<string, (string | null)[][]> {
  const items: Record<string, (string | null)[][]> = {};
  readTextChunks(bytes, visits, 'visits.parquet', COLUMNS, (name, chunks) => {
    items[name] = chunks.map(textsOf);
  });
  return items;
}

/** The chunks of a column, of all row groups. */
function chunksIn(bytes: Uint8Array, column: string): TextChunk[] {
  const all: TextChunk[] = [];
  readTextChunks(bytes, visits, 'visits.parquet', [column], (_, chunks) => all.push(...chunks));
  return all;
}

function textsOf({ place, entries, pool }: TextChunk): (string | null)[] {
  const { itemDefinition, mostDefinition } = place.leaf;
  const { definition, numbers } = entries;
  const texts: (string | null)[] = [];
  for (let entry = 0, value = 0; entry < place.values; entry++) {
    const level = typeof definition === 'number' ? definition : (definition[entry] ?? 0);
    if (level === mostDefinition) texts.push(pool.string(numbers[value++] ?? 0));
    else if (level >= itemDefinition) texts.push(null);
  }
  return texts;
}

/** All texts of a chunk's pool. */
function distinctIn({ pool }: TextChunk): Set<string> {
  return new Set(Array.from({ length: pool.count }, (_, i) => pool.string(i)));
}

/** The same of rows. */
function itemsOf(rows: readonly Visit[]): Record<string, (string | null)[][]> {
  const tags = rows.flatMap((row) => row.tags);
  return {
    guest: [rows.map(({ guest }) => guest)],
    tags: [tags.map(([key]) => key), tags.map(([, value]) => value)],
    names: [rows.flatMap(({ names }) => names)],
  };
}

test('texts alone, those of lists side by side', () => {
  const rows = [
    { ...EMPTY, time: 7n, guest: 'ann', tags: [['table', '4'] as const, ['bill', null] as const] },
    { ...EMPTY, time: 8n, names: ['a', 'b'], tags: [['table', '5'] as const] },
  ];
  assert.deepEqual(itemsIn(encodeParquet(batchOf(rows))), {
    guest: [['ann', null]],
    names: [['a', 'b']],
    tags: [
      ['table', 'bill', 'table'],
      ['4', null, '5'],
    ],
  });
});

test('the texts of any rows, ours and of DuckDB, and no others', async (t) => {
  const { copied } = await duckdbCopies(t);
  await fc.assert(
    fc.asyncProperty(fc.array(anyVisit, { minLength: 1, maxLength: 300 }), async (rows) => {
      const ours = encodeParquet(batchOf(rows));
      const expected = itemsOf(sorted(rows));
      for (const bytes of [ours, await copied(ours)]) {
        assert.deepEqual(itemsIn(bytes), expected);
        for (const name of COLUMNS) {
          const distinct = expected[name]?.map((texts) => new Set(texts.filter((text) => text !== null)));
          assert.deepEqual(chunksIn(bytes, name).map(distinctIn), distinct);
        }
      }
    }),
    { numRuns: 40 },
  );
});

test('a dictionary is enough to know the texts, though what refers to it is broken', async (t) => {
  const rows = Array.from({ length: 30_000 }, (_, i) => ({
    ...EMPTY,
    time: BigInt(i),
    guest: i % 7 === 0 ? null : `guest ${i % 90}`,
  }));
  const ours = encodeParquet(batchOf(rows));
  const { copied } = await duckdbCopies(t);
  for (const bytes of [ours, await copied(ours)]) {
    assert.deepEqual(itemsIn(bytes).guest, itemsOf(rows).guest);
    const place = readFooter(bytes).groups[0]?.chunks.find(({ leaf }) => leaf.path[0] === 'guest');
    bytes.fill(0xff, (place?.end ?? 0) - 100, place?.end);
    const [chunk] = chunksIn(bytes, 'guest');
    assert.equal(chunk?.pool.count, 90);
    assert.throws(
      () => itemsIn(bytes),
      /^InvalidFileError: visits\.parquet: column guest: a page that does not/,
    );
  }
});

/** A page of a chunk made by hand, not compressed. */
interface TinyPage {
  readonly type: number;
  readonly values: number;
  readonly encoding: number;
  readonly bytes: readonly number[];
}

const DICTIONARY = plain(PageType.DICTIONARY, 'a', 'b');
/** A run of numbers of one byte each. */
const run = (count: number, number: number): TinyPage => ({
  type: PageType.DATA,
  values: count,
  encoding: Encoding.RLE_DICTIONARY,
  bytes: [8, count * 2, number],
});

function plain(type: number, ...texts: readonly string[]): TinyPage {
  const bytes = texts.flatMap((text) => [text.length, 0, 0, 0, ...Buffer.from(text)]);
  return { type, values: texts.length, encoding: Encoding.PLAIN, bytes };
}

function chunkOf(...pages: readonly TinyPage[]): TextChunk {
  const file = new ByteBuffer();
  let values = 0;
  for (const page of pages) {
    const isData = page.type === PageType.DATA;
    const size = i32(page.bytes.length);
    const header = struct({ 1: i32(page.values), 2: i32(page.encoding), 3: i32(3), 4: i32(3) });
    writeStruct(file, { 1: i32(page.type), 2: size, 3: size, [isData ? 5 : 7]: header });
    file.bytes(Uint8Array.from(page.bytes));
    if (isData) values += page.values;
  }
  const levels = { mostDefinition: 0, itemDefinition: 0, repeated: false };
  const leaf = { path: ['guest'], type: Type.BYTE_ARRAY, nanoseconds: false, ...levels };
  const told = { codec: Codec.UNCOMPRESSED, values, nulls: 0, extremes: undefined };
  return new TextChunk(file.written, { leaf, start: 0, end: file.length, ...told });
}

test('pages that refer to a dictionary, and pages that do not, as other programs write them', () => {
  const all = chunkOf(DICTIONARY, run(2, 1), run(1, 0));
  assert.deepEqual(textsOf(all), ['b', 'b', 'a']);
  const mixed = chunkOf(DICTIONARY, run(2, 1), plain(PageType.DATA, 'c', 'a'));
  assert.deepEqual(textsOf(mixed), ['b', 'b', 'c', 'a']);
  assert.deepEqual(distinctIn(mixed), new Set(['a', 'b', 'c']));
  assert.deepEqual(textsOf(chunkOf(plain(PageType.DATA, 'c'))), ['c']);
});

test('numbers of one, two and three bytes, packed in one run or in two, and what is behind the last', () => {
  const packed = (width: number, ...runs: readonly (readonly number[])[]): TinyPage => {
    const bytes = runs.flatMap((numbers) => [
      (numbers.length / 8) * 2 + 1,
      ...numbers.flatMap((number) => Array.from({ length: width }, (_, i) => (number >> (8 * i)) & 0xff)),
    ]);
    return {
      type: PageType.DATA,
      values: 13,
      encoding: Encoding.RLE_DICTIONARY,
      bytes: [width * 8, ...bytes],
    };
  };
  const [first, second] = [
    [1, 0, 1, 1, 0, 0, 0, 1],
    [0, 0, 1, 0, 1, 0, 0, 0],
  ];
  const expected = [...'babbaaabaabab'];
  for (const width of [1, 2, 3]) {
    assert.deepEqual(textsOf(chunkOf(DICTIONARY, packed(width, [...first, ...second]))), expected);
    assert.deepEqual(textsOf(chunkOf(DICTIONARY, packed(width, first, second))), expected);
    assert.deepEqual(textsOf(chunkOf(DICTIONARY, packed(width, [...first, ...second, ...first]))), expected);
    assert.throws(() => textsOf(chunkOf(DICTIONARY, packed(width, first))), /left/);
  }
});

test('an entry that the dictionary has not', () => {
  const packed = { ...run(1, 0), values: 1, bytes: [8, 3, 7, 0, 0, 0, 0, 0, 0, 0] };
  assert.throws(() => chunkOf(DICTIONARY, run(1, 0), packed).entries, /entry 7 of a dictionary of 2/);
  const chunk = chunkOf(DICTIONARY, run(2, 1), run(1, 2));
  assert.throws(() => chunk.entries, { name: 'DecodeError', message: 'entry 2 of a dictionary of 2' });
});

/** Reads all texts, or says that the file is invalid; anything else is a defect. */
function outcome(bytes: Uint8Array): 'read' | 'refused' {
  try {
    itemsIn(bytes);
    return 'read';
  } catch (error) {
    if (!(error instanceof InvalidFileError)) throw error;
    assert.match(error.message, /^visits\.parquet: ./);
    return 'refused';
  }
}

test('bytes changed anywhere: texts are read or the file is refused, nothing else', async (t) => {
  const ours = encodeParquet(batchOf(fc.sample(anyVisit, { numRuns: 200, seed: 5 })));
  const counts = { read: 0, refused: 0 };
  const { copied } = await duckdbCopies(t);
  for (const file of [ours, await copied(ours)]) {
    const change = fc.record({ at: fc.nat(file.length - 1), to: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = Uint8Array.from(file);
        for (const { at, to } of changes) bytes[at] = to;
        counts[outcome(bytes)]++;
      }),
      { numRuns: 700 },
    );
  }
  console.log(`    ${counts.read} files read, ${counts.refused} refused`);
  assert.ok(counts.read > 10 && counts.refused > 100);
});

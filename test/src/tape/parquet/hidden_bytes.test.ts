import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { InvalidFileError } from '../../../../src/errors.js';
import { Codec, Encoding } from '../../../../src/tape/parquet/format.js';
import { readFooter } from '../../../../src/tape/parquet/read/footer.js';
import { pageBytes, storedPages } from '../../../../src/tape/parquet/read/pages.js';
import { rewriteParquet } from '../../../../src/tape/parquet/rewrite_file.js';
import { type StoredPage, storedPage } from '../../../../src/tape/parquet/stored_chunk.js';
import { encodeParquet } from '../../../../src/tape/parquet.js';
import { batchOf, EMPTY, visits } from '../visits.js';
import { louderFile, louderRow, rowsIn } from './louder.js';

/** Three visits, whose columns are of all encodings. */
const VISITS = ['ann', 'bea', 'ann'].map((guest, i) => ({
  ...EMPTY,
  time: BigInt(i),
  guest,
  lasted: [1n, 300n, 2n][i] ?? 0n,
  small: i,
  paid: i === 1 ? null : true,
}));

/** A file of these visits of which a column has other pages. */
function withPages(
  column: string,
  pagesOf: (pages: readonly OpenPage[]) => readonly StoredPage[],
): Uint8Array {
  const file = encodeParquet(batchOf(VISITS));
  const bytes = rewriteParquet(file, visits, 'visits.parquet', (name, group) =>
    group.places(name).map((place) => {
      const [extremes, pages] = [undefined, [...storedPages(file, place)]];
      if (name !== column) return { ...place, extremes, pages };
      const open = pages.map((page) => ({ ...page, bytes: Buffer.from(pageBytes(page, place.codec)) }));
      return { ...place, extremes, codec: Codec.ZSTD, pages: pagesOf(open) };
    }),
  );
  return bytes.slice();
}

type OpenPage = StoredPage & { readonly bytes: Buffer };

function packed(page: OpenPage, bytes: Uint8Array): StoredPage {
  return storedPage(bytes, Codec.ZSTD, page);
}

/** A file of these visits of which the data page of a column says something else, or is stored otherwise. */
function tampered(
  column: string,
  change: (page: Buffer) => Uint8Array,
  stored: (page: Uint8Array) => Uint8Array = (page) => page,
): Uint8Array {
  return withPages(column, (pages) =>
    pages.map((page) => {
      if (page.isDictionary) return packed(page, page.bytes);
      const other = packed(page, change(page.bytes));
      return { ...other, stored: stored(other.stored) };
    }),
  );
}

/** The file with louder texts, if it can be read. */
function rewritten(file: Uint8Array): Uint8Array | undefined {
  try {
    return louderFile(file).slice();
  } catch (error) {
    if (error instanceof InvalidFileError) return undefined;
    throw error;
  }
}

const HIDDEN = Buffer.from('hides');
const SKIPPED = Buffer.from([0x50, 0x2a, 0x4d, 0x18, HIDDEN.length, 0, 0, 0, ...HIDDEN]);

/** Every page of a file, as it is stored and as it is decompressed. */
function pagesIn(file: Uint8Array): { stored: Buffer; bytes: Buffer }[] {
  return readFooter(file).groups.flatMap(({ chunks }) =>
    chunks.flatMap((place) =>
      [...storedPages(file, place)].map((page) => ({
        stored: Buffer.from(page.stored),
        bytes: Buffer.from(pageBytes(page, place.codec)),
      })),
    ),
  );
}

function holds(file: Uint8Array, text: Buffer): boolean {
  return pagesIn(file).some(({ stored, bytes }) => stored.includes(text) || bytes.includes(text));
}

const behind = (page: Buffer) => Buffer.concat([page, HIDDEN]);
/** In place of what fills up the last group of numbers. */
const atEnd = (page: Buffer) => Buffer.concat([page.subarray(0, -HIDDEN.length), HIDDEN]);
const behindLevels = (page: Buffer) => {
  const end = 4 + page.readUInt32LE();
  const longer = Buffer.concat([page.subarray(0, end), HIDDEN, page.subarray(end)]);
  longer.writeUInt32LE(end - 4 + HIDDEN.length);
  return longer;
};
const same = (page: Buffer) => page;
const skipped = (stored: Uint8Array) => Buffer.concat([stored, SKIPPED]);

for (const [what, file] of Object.entries({
  'behind numbers into a dictionary': tampered('guest', behind),
  'behind deltas': tampered('lasted', behind),
  'behind plain numbers': tampered('small', behind),
  'behind bits': tampered('paid', behind),
  'where a last group of eight is filled up': tampered('guest', atEnd),
  'where a last block of deltas is filled up': tampered('lasted', atEnd),
  'behind levels of texts': tampered('guest', behindLevels),
  'behind levels of numbers': tampered('small', behindLevels),
  'in a frame that decompressors skip, of texts': tampered('guest', same, skipped),
  'in a frame that decompressors skip, of numbers': tampered('small', same, skipped),
})) {
  test(`what a page hides is not taken over: ${what}`, () => {
    assert.ok(holds(file, HIDDEN));
    const louder = louderFile(file).slice();
    assert.ok(!holds(louder, HIDDEN));
    assert.deepEqual(rowsIn(louder), VISITS.map(louderRow));
  });
}

test('no bit of a page is taken over that no reader sees', () => {
  const expected = louderFile(encodeParquet(batchOf(VISITS))).slice();
  const rows = rowsIn(expected);
  const bodies = (file: Uint8Array) => pagesIn(file).map(({ bytes }) => bytes);
  let unseen = 0;
  for (const column of ['time', 'guest', 'lasted', 'small', 'paid']) {
    for (let bit = 0, bits = 1; bit < bits; bit++) {
      const louder = rewritten(
        tampered(column, (page) => {
          bits = page.length * 8;
          page.writeUInt8(page.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
          return page;
        }),
      );
      if (louder === undefined || !isDeepStrictEqual(rowsIn(louder), rows)) continue;
      assert.deepEqual(bodies(louder), bodies(expected), `bit ${bit} of ${column}`);
      unseen++;
    }
  }
  assert.ok(unseen > 100, `${unseen} bits that no reader sees`);
});

test('entries of a dictionary of numbers that no row has are not taken over', () => {
  const numbers = Buffer.concat([Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0), HIDDEN.subarray(1)]);
  const file = withPages('small', (pages) =>
    pages.flatMap((page) => {
      const levels = page.bytes.subarray(0, 4 + page.bytes.readUInt32LE());
      const [width, groups] = [8, 3];
      const data = Buffer.concat([levels, Uint8Array.of(width, groups, 0, 1, 2, 0, 0, 0, 0, 0)]);
      return [
        packed({ ...page, isDictionary: true, values: 4 }, numbers),
        packed({ ...page, encoding: Encoding.RLE_DICTIONARY }, data),
      ];
    }),
  );
  assert.ok(holds(file, HIDDEN.subarray(1)));
  const louder = louderFile(file).slice();
  assert.ok(!holds(louder, HIDDEN.subarray(1)));
  assert.deepEqual(rowsIn(louder), VISITS.map(louderRow));
});

test('dictionaries that the values do not fit are refused', () => {
  const entry = (text: string) => Buffer.concat([Uint8Array.of(text.length, 0, 0, 0), Buffer.from(text)]);
  const withDictionary = (texts: readonly string[]) =>
    withPages('guest', (pages) =>
      pages.map((page) =>
        page.isDictionary
          ? packed({ ...page, values: texts.length }, Buffer.concat(texts.map(entry)))
          : packed(page, page.bytes),
      ),
    );
  assert.throws(() => louderFile(withDictionary(['ann'])), {
    message: 'visits.parquet: column guest: entry 1 of a dictionary of 1',
  });
  assert.throws(() => louderFile(withDictionary(['a', 'b', 'c', 'd'])), {
    message: 'visits.parquet: column guest: a dictionary of 4 texts for 3 values',
  });
});

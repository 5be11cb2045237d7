import assert from 'node:assert/strict';
import { test } from 'node:test';
import zstd from '@foxglove/wasm-zstd';
import { column, table } from '../../../../src/schema/table.js';
import { T } from '../../../../src/schema/types.js';
import { ByteBuffer } from '../../../../src/tape/parquet/byte_buffer.js';
import { Codec, Encoding, PageType, Repetition, Type } from '../../../../src/tape/parquet/format.js';
import { readParquet } from '../../../../src/tape/parquet/read/read_parquet.js';
import {
  binary,
  i32,
  i64,
  list,
  struct,
  type Thrift,
  writeStruct,
} from '../../../../src/tape/parquet/thrift.js';

await zstd.isLoaded;

/*
 * Files of one column, `node`, made by hand so that one thing in each is a lie. Every one is refused by name, before
 * memory is taken for what it promises.
 */

const nodes = table({
  name: 'nodes',
  doc: 'One column to lie about.',
  source: 'recorder',
  columns: { time: column(T.time, 'When.'), node: column(T.node, 'Where.') },
});

/** What a file says of itself; by default it is in order and holds the node `n1` in 3 rows. */
interface Lies {
  readonly rows?: number;
  readonly groups?: number;
  readonly values?: number;
  readonly chunkStart?: number;
  readonly chunkBytes?: number;
  readonly codec?: number;
  readonly pageBytes?: number;
  readonly storedBytes?: number;
  readonly pageValues?: number;
  readonly encoding?: number;
  readonly type?: number;
  readonly name?: string;
  readonly dictionaryEntries?: number;
  readonly dictionary?: Uint8Array;
  readonly page?: Uint8Array;
  readonly footerBytes?: number;
  readonly nested?: number;
}

const ROWS = 3;
const NODE = Uint8Array.from([2, 0, 0, 0, 0x6e, 0x31]);
/** Numbers of one byte each: a run of three times entry 0. */
const THREE_TIMES = Uint8Array.from([8, 6, 0]);

function fileWith(lies: Lies): Uint8Array {
  const file = new ByteBuffer();
  file.bytes(Buffer.from('PAR1'));
  const dictionaryAt = file.length;
  writePage(file, PageType.DICTIONARY, lies.dictionary ?? NODE, {}, lies);
  const dataAt = file.length;
  writePage(file, PageType.DATA, lies.page ?? THREE_TIMES, lies, lies);
  const start = lies.chunkStart ?? dataAt;
  const meta = struct({
    1: i32(Type.BYTE_ARRAY),
    2: list([i32(Encoding.RLE_DICTIONARY)]),
    3: list([binary(lies.name ?? 'node')]),
    4: i32(lies.codec ?? Codec.UNCOMPRESSED),
    5: i64(lies.values ?? ROWS),
    6: i64(100),
    7: i64(lies.chunkBytes ?? file.length - dictionaryAt),
    9: i64(start),
    11: i64(Math.min(start, dictionaryAt)),
  });
  const group = struct({ 1: list([struct({ 3: meta })]), 2: i64(100), 3: i64(lies.rows ?? ROWS) });
  const footerAt = file.length;
  writeStruct(file, {
    1: i32(2),
    2: list([
      struct({ 4: binary('nodes'), 5: i32(1) }),
      struct({
        1: i32(lies.type ?? Type.BYTE_ARRAY),
        3: i32(Repetition.REQUIRED),
        4: binary(lies.name ?? 'node'),
      }),
    ]),
    3: i64((lies.rows ?? ROWS) * (lies.groups ?? 1)),
    4: list(Array.from({ length: lies.groups ?? 1 }, () => group)),
    5: lies.nested === undefined ? undefined : nestedDeep(lies.nested),
  });
  file.littleEndian(lies.footerBytes ?? file.length - footerAt, 4);
  file.bytes(Buffer.from('PAR1'));
  return file.written.slice();
}

function writePage(file: ByteBuffer, type: number, bytes: Uint8Array, lies: Lies, codecOf: Lies): void {
  const stored = codecOf.codec === Codec.ZSTD ? zstd.compress(bytes, 1) : bytes;
  const values = type === PageType.DATA ? (lies.pageValues ?? ROWS) : (codecOf.dictionaryEntries ?? 1);
  const inner = struct({
    1: i32(values),
    2: i32(lies.encoding ?? Encoding.RLE_DICTIONARY),
    3: i32(3),
    4: i32(3),
  });
  writeStruct(file, {
    1: i32(type),
    2: i32(lies.pageBytes ?? bytes.length),
    3: i32(lies.storedBytes ?? stored.length),
    5: type === PageType.DATA ? inner : undefined,
    7: type === PageType.DATA ? undefined : inner,
  });
  file.bytes(stored);
}

function nestedDeep(levels: number): Thrift {
  return levels === 0 ? i32(1) : struct({ 1: nestedDeep(levels - 1) });
}

/** What is said of a file. */
function problemOf(bytes: Uint8Array): string {
  try {
    return `read ${[...readParquet(bytes, nodes, 'f.parquet', [])].length} groups`;
  } catch (error) {
    assert.ok(error instanceof Error && error.name === 'InvalidFileError', String(error));
    return error.message;
  }
}

const GIB = 2 ** 30;
const CASES: readonly (readonly [Lies, string])[] = [
  [{}, 'read 1 groups'],
  [{ rows: GIB }, 'f.parquet: a row group of 1073741824 rows; expected at most 1048576'],
  [{ rows: 4 }, 'f.parquet: column node: 3 values in a row group of 4'],
  [{ groups: 4 }, 'f.parquet: columns of 172 bytes in 47'],
  [{ values: GIB }, 'f.parquet: column node: 1073741824 values in a row group; expected at most 16777216'],
  [{ values: 2 }, 'f.parquet: column node: pages of 3 values or more; the row group has 2'],
  [{ chunkStart: 2 }, 'f.parquet: column node: bytes 2 to 45 asked for; the data ends at 47'],
  [{ chunkBytes: GIB }, 'f.parquet: column node: bytes 4 to 1073741828 asked for; the data ends at 47'],
  [{ codec: 1 }, 'f.parquet: column node: compressed by codec 1; expected ZSTD (6) or none (0)'],
  [{ pageBytes: GIB }, 'f.parquet: column node: a page of 1073741824 bytes; expected at most 134217728'],
  [
    { pageBytes: 2 },
    'f.parquet: column node: a page that does not decompress to the 2 bytes that it tells of',
  ],
  [{ storedBytes: 1000 }, 'f.parquet: column node: 1000 bytes asked for where 3 are left'],
  [{ pageValues: 0, values: 0 }, 'f.parquet: column node: 0 values in a row group of 3'],
  [{ encoding: 99 }, 'f.parquet: column node: encoding 99, which no tape has for such values'],
  [{ type: Type.INT32 }, 'f.parquet: column node: not of the type VARCHAR that table nodes has'],
  [{ name: 'owner' }, 'f.parquet: column owner: table nodes has none of that name'],
  [{ dictionaryEntries: GIB }, 'f.parquet: column node: a dictionary of 1073741824 texts in 6 bytes'],
  [{ dictionaryEntries: 0 }, 'f.parquet: column node: entry 0 of a dictionary of 0'],
  [
    { dictionary: Uint8Array.from([255, 255, 255, 127, 0x6e]) },
    'f.parquet: column node: 2147483647 bytes asked for where 1 are left',
  ],
  [{ dictionary: Uint8Array.from([1, 0, 0, 0, 255]) }, 'f.parquet: column node: a text that is not UTF-8'],
  [{ page: Uint8Array.from([8, 6, 9]) }, 'f.parquet: column node: entry 9 of a dictionary of 1'],
  [
    { page: Uint8Array.from([32, 6, 0, 0, 0, 0]) },
    'f.parquet: column node: numbers of 32 bits; expected at most 24',
  ],
  [{ page: Uint8Array.from([8, 0, 0]) }, 'f.parquet: column node: 1 bytes asked for where 0 are left'],
  [{ page: Uint8Array.from([8]) }, 'f.parquet: column node: 1 bytes asked for where 0 are left'],
  [{ footerBytes: GIB }, 'f.parquet: metadata of 1073741824 bytes in a file of 121'],
  [{ nested: 100_0 }, 'f.parquet: metadata nested deeper than 16'],
];

for (const [lies, expected] of CASES) {
  test(`a file with ${JSON.stringify(lies)}`, () => assert.equal(problemOf(fileWith(lies)), expected));
}

test('a page of a few bytes that decompresses to a gigabyte', () => {
  const bomb = zstd.compress(new Uint8Array(64 << 20), 1);
  assert.ok(bomb.length < 10_000);
  const bytes = fileWith({ codec: Codec.ZSTD, page: new Uint8Array(64 << 20), pageBytes: 100 });
  const before = process.memoryUsage().rss;
  assert.match(problemOf(bytes), /a page that does not decompress to the 100 bytes that it tells of/);
  assert.ok(process.memoryUsage().rss - before < 64 << 20);
});

test('files that are none', () => {
  for (const bytes of [
    new Uint8Array(0),
    Buffer.from('PAR1PAR1'),
    Buffer.from('not a Parquet file at all'),
  ]) {
    assert.equal(problemOf(bytes), 'f.parquet: not a whole Parquet file');
  }
});

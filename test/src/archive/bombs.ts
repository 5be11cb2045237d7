import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Column, Table } from '../../../src/schema/table.js';
import type { Manifest, Segment } from '../../../src/tape/manifest.js';
import { ByteBuffer } from '../../../src/tape/parquet/byte_buffer.js';
import { Chunk } from '../../../src/tape/parquet/chunk.js';
import { Encoding, Type } from '../../../src/tape/parquet/format.js';
import { leavesOf, schemaOf } from '../../../src/tape/parquet/schema.js';
import { writeStoredChunk } from '../../../src/tape/parquet/stored_chunk.js';
import { i32, i64, list, struct, type Thrift, writeStruct } from '../../../src/tape/parquet/thrift.js';

/** What a small Parquet file claims to hold a lot of. */
export interface Bomb {
  /** Rows of a row group; each takes some bytes a column, however many rows it has. */
  readonly rows: number;
  readonly groups: number;
  /** Attributes of the first row. */
  readonly attributes?: number;
  /** Bytes of every text; compressed, zeros take next to nothing. */
  readonly textBytes?: number;
}

/** A Parquet file with the columns of a table, whose rows are all alike: what repeats is stored once, with a count. */
export function bombFile(table: Table, { rows, groups, attributes = 0, textBytes = 1 }: Bomb): Uint8Array {
  const file = new ByteBuffer();
  file.bytes(Buffer.from('PAR1'));
  const made: Thrift[] = [];
  for (let i = 0; i < groups; i++) {
    const start = file.length;
    const metas = Object.entries(table.columns).flatMap(([name, column]) =>
      leavesOf(column).map(({ path, type }) => {
        const chunk = chunkOf(column, path, type, rows, attributes, textBytes);
        return writeStoredChunk(file, chunk.stored(), [name, ...path], type).meta;
      }),
    );
    made.push(
      struct({ 1: list(metas), 2: i64(1), 3: i64(rows), 5: i64(start), 6: i64(file.length - start) }),
    );
  }
  const footer = file.length;
  writeStruct(file, { 1: i32(2), 2: list(schemaOf(table)), 3: i64(rows * groups), 4: list(made) });
  file.littleEndian(file.length - footer, 4);
  file.bytes(Buffer.from('PAR1'));
  return file.written.slice();
}

function chunkOf(
  { nullable, type: { physical } }: Column,
  path: readonly string[],
  type: number,
  rows: number,
  attributes: number,
  textBytes: number,
): Chunk {
  const chunk = new Chunk();
  chunk.clear();
  const isNested = path.length > 0;
  const items = physical === 'attributes' ? attributes : 0;
  chunk.values = isNested ? rows - 1 + Math.max(1, items) : rows;
  if (isNested)
    levels(chunk, [
      [1, 0],
      [items - 1, 1],
      [rows - 1, 0],
    ]);
  const isPresent = isNested ? items > 0 : !nullable;
  const most = path.at(-1) === 'value' ? 2 : 1;
  if (isNested)
    levels(chunk, [
      [items, most],
      [items > 0 ? rows - 1 : rows, 0],
    ]);
  else if (nullable) levels(chunk, [[rows, 0]]);
  if (!isPresent) return chunk;
  chunk.encoding = Encoding.RLE_DICTIONARY;
  chunk.entries = 1;
  if (type === Type.BYTE_ARRAY) {
    chunk.dictionary.littleEndian(textBytes, 4);
    chunk.dictionary.bytes(new Uint8Array(textBytes).fill(97));
  } else chunk.dictionary.bytes(new Uint8Array(8));
  // Indices of one bit, as runs.
  chunk.page.byte(1);
  run(chunk.page, isNested ? items : rows, 0);
  return chunk;
}

/** Levels as runs of [how many, which]. */
function levels(chunk: Chunk, runs: readonly (readonly [number, number])[]): void {
  const bytes = new ByteBuffer();
  for (const [length, level] of runs) if (length > 0) run(bytes, length, level);
  chunk.page.littleEndian(bytes.length, 4);
  chunk.page.bytes(bytes.written);
}

function run(to: ByteBuffer, length: number, value: number): void {
  to.varint(length * 2);
  to.byte(value);
}

/** A tape with that one file, of which its manifest says what it likes. */
export function writeBombTape(
  parent: string,
  table: Table,
  bytes: Uint8Array,
  said: Partial<Segment>,
): string {
  const directory = join(parent, 'bomb.tape');
  const path = `${table.name}/bomb-0-1.parquet`;
  mkdirSync(join(directory, table.name), { recursive: true });
  writeFileSync(join(directory, path), bytes);
  const time = '1970-01-01T00:00:00Z';
  const segment: Segment = {
    path,
    node: 'a',
    rows: 1,
    bytes: bytes.length,
    first_time: time,
    last_time: time,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    ...said,
  };
  const manifest: Manifest = {
    format: 'ktape',
    version: 1,
    tool: 'a stranger',
    state: 'complete',
    started: time,
    ended: time,
    nodes: [],
    sources: [],
    journal_sealed: 0,
    seen_until: null,
    removed: [],
    tables: { [table.name]: [segment] },
  };
  writeFileSync(join(directory, 'tape.json'), JSON.stringify(manifest));
  return directory;
}

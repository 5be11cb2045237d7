import { Codec, MAGIC, Type } from '../format.js';
import { Cursor } from './cursor.js';
import { readSchema, SCHEMA } from './file_schema.js';
import { MOST_ROWS, metadataOf } from './footer.js';
import type { Leaf } from './leaves.js';
import { Malformed } from './malformed.js';
import { BINARY, BOOL, type Fields, I32, I64, readStrict, Shape } from './strict_struct.js';
import { ENCODING, readTimePages, TIME_BYTES, Times } from './time_pages.js';

/*
 * Reads the times of a segment, and the whole footer as strictly as no reader of answers does: what ktape and DuckDB
 * write, and nothing else.
 * Source: https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
 */

/** What a segment's footer and the column `time` say. */
export interface SegmentTimes {
  /** The footer's bytes that describe the columns: files for which they are the same have the same ones. */
  readonly schema: Uint8Array;
  /** Of the first and the last row, in nanoseconds since the Unix epoch; undefined without rows. */
  readonly first: bigint | undefined;
  readonly last: bigint | undefined;
  readonly sorted: boolean;
}

const STATISTICS = new Shape(
  {},
  { 1: BINARY, 2: BINARY, 3: I64, 4: I64, 5: BINARY, 6: BINARY, 7: BOOL, 8: BOOL },
);
const TYPE = { oneOf: Object.values(Type) };
const CODEC = { oneOf: Object.values(Codec) };
const COLUMN_META = new Shape(
  { 1: TYPE, 2: { listOf: ENCODING }, 3: { listOf: BINARY }, 4: CODEC, 5: I64, 6: I64, 7: I64, 9: I64 },
  { 11: I64, 12: STATISTICS, 14: I64, 15: I32 },
);
const CHUNK = new Shape({ 2: I64, 3: COLUMN_META });
const GROUP = new Shape({ 1: { listOf: CHUNK }, 2: I64, 3: I64 }, { 5: I64, 6: I64 });
const COLUMN_ORDER = new Shape({}, { 1: new Shape({}) });
const CREATED_BY = 6;
/** What comes after the version and the schema. */
const REST = new Shape(
  { 3: I64, 4: { listOf: GROUP } },
  { [CREATED_BY]: BINARY, 7: { listOf: COLUMN_ORDER } },
);

/**
 * Reads the times of a segment.
 * @param rows how many it must have: they are counted before memory is taken for them.
 * @throws Malformed for all that neither ktape nor DuckDB's COPY with ZSTD writes, though it may be Parquet; and for NULLs
 */
export function readTimes(file: Uint8Array, rows: number): SegmentTimes {
  const footer = metadataOf(file);
  const { bytes: schema, leaves } = readSchema(footer);
  const rest = readStrict(footer, REST, SCHEMA);
  const isAscii = rest.optionalBytes(CREATED_BY)?.every((byte) => byte < 0x80) ?? true;
  if (footer.left > 0 || !isAscii) throw new Malformed('metadata that goes on, or of an unreadable name');
  const groups = rest.structs(4);
  const held = groups.reduce((sum, group) => sum + group.number(3), 0);
  if (rest.number(3) !== rows || held !== rows) {
    throw new Malformed(`${rest.number(3)} rows told of, in groups of ${held}; expected ${rows}`);
  }
  const times = new Times();
  for (const group of groups) readGroup(file, group, leaves, times);
  return { schema, first: times.first, last: times.last, sorted: times.sorted };
}

function readGroup(file: Uint8Array, group: Fields, leaves: readonly Leaf[], times: Times): void {
  const rows = group.number(3);
  const chunks = group.structs(1);
  const column = leaves.findIndex(({ path }) => path.join('.') === 'time');
  const [leaf, meta] = [leaves[column], chunks[column]?.struct(3)];
  if (!(rows > 0 && rows <= MOST_ROWS) || chunks.length !== leaves.length || !leaf || !meta) {
    throw new Malformed(`a row group of ${rows} rows and ${chunks.length} columns`);
  }
  checkTime(leaf, meta, rows);
  const data = meta.number(9);
  const start = meta.optionalNumber(11) ?? data;
  const end = start + meta.number(7);
  if (!(start >= MAGIC.length && data >= start && end >= data && end <= file.length)) {
    throw new Malformed(`times in bytes ${start} to ${end}`);
  }
  readTimePages(new Cursor(file, start, end), meta.number(4), leaf, rows, times);
}

/** Checks what the footer says of the times of a group. */
function checkTime(leaf: Leaf, meta: Fields, rows: number): void {
  const statistics = meta.optionalStruct(12);
  const isTime =
    leaf.type === Type.INT64 &&
    leaf.nanoseconds &&
    meta.number(1) === Type.INT64 &&
    meta.number(5) === rows &&
    [1, 2, 5, 6].every((field) => (statistics?.optionalBytes(field)?.length ?? TIME_BYTES) === TIME_BYTES);
  if (!isTime) throw new Malformed('a column time that is not one of times');
}

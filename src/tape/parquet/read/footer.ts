import { MAGIC } from '../format.js';
import type { Extremes } from '../stored_chunk.js';
import { Cursor } from './cursor.js';
import { readSchema, SCHEMA } from './file_schema.js';
import type { Leaf } from './leaves.js';
import { Malformed } from './malformed.js';
import { readStruct, type Struct } from './thrift.js';

/** Bytes of the metadata's length and of the magic word after it. */
const TAIL = 8;

/** More than one group of a tape ever holds. */
export const MOST_ROWS = 1 << 20;

/** The pages of one leaf in one row group. */
export interface ChunkPlace {
  readonly leaf: Leaf;
  readonly start: number;
  readonly end: number;
  readonly codec: number;
  /** Values that the chunk holds, NULLs and empty lists counted. */
  readonly values: number;
  /** How many of these are NULL or empty lists; undefined where the footer does not say. */
  readonly nulls: number | undefined;
  /** The least and the greatest value, where the footer says. */
  readonly extremes: Extremes | undefined;
}

export interface GroupPlace {
  readonly rows: number;
  readonly chunks: readonly ChunkPlace[];
}

/** What the end of a Parquet file says of its schema and of where everything lies. */
export interface Footer {
  /** The same array for most files of a table. */
  readonly leaves: readonly Leaf[];
  readonly groups: readonly GroupPlace[];
}

export function readFooter(bytes: Uint8Array): Footer {
  const from = metadataOf(bytes);
  const start = from.at;
  const { leaves } = readSchema(from);
  const metadata = readStruct(from, SCHEMA);
  const groups = metadata.structs(4).map((group) => groupPlace(group, leaves, start));
  checkSums(metadata.integer(3), groups, start);
  return { leaves, groups };
}

/** The metadata at the end of a file. */
export function metadataOf(bytes: Uint8Array): Cursor {
  const text = (start: number) => Buffer.from(bytes.subarray(start, start + MAGIC.length)).toString('latin1');
  if (
    bytes.length < MAGIC.length + TAIL ||
    text(0) !== MAGIC ||
    text(bytes.length - MAGIC.length) !== MAGIC
  ) {
    throw new Malformed('not a whole Parquet file');
  }
  const length = new Cursor(bytes, bytes.length - TAIL).uint32();
  const start = bytes.length - TAIL - length;
  if (start < MAGIC.length) throw new Malformed(`metadata of ${length} bytes in a file of ${bytes.length}`);
  return new Cursor(bytes, start, bytes.length - TAIL);
}

function groupPlace(group: Struct, leaves: readonly Leaf[], dataEnd: number): GroupPlace {
  const rows = group.integer(3);
  if (!(rows >= 0 && rows <= MOST_ROWS)) {
    throw new Malformed(`a row group of ${rows} rows; expected at most ${MOST_ROWS}`);
  }
  const chunks = group.structs(1);
  if (chunks.length !== leaves.length) {
    throw new Malformed(`a row group of ${chunks.length} columns; the schema has ${leaves.length}`);
  }
  return { rows, chunks: leaves.map((leaf, i) => chunkPlace(chunks[i]?.struct(3), leaf, dataEnd)) };
}

function chunkPlace(meta: Struct | undefined, leaf: Leaf, dataEnd: number): ChunkPlace {
  const name = leaf.path.join('.');
  if (meta === undefined || meta.texts(3).join('.') !== name) {
    throw new Malformed(`column ${name}: a row group has another in its place`);
  }
  const data = meta.integer(9);
  const start = Math.min(data, meta.optionalInteger(11) || data);
  const end = start + meta.integer(7);
  if (!(start >= MAGIC.length && end >= start && end <= dataEnd)) {
    throw new Malformed(`column ${name}: bytes ${start} to ${end} asked for; the data ends at ${dataEnd}`);
  }
  return { leaf, start, end, codec: meta.integer(4), values: meta.integer(5), ...statistics(meta, name) };
}

function statistics(meta: Struct, name: string): Pick<ChunkPlace, 'nulls' | 'extremes'> {
  if (!meta.has(12)) return { nulls: undefined, extremes: undefined };
  const told = meta.struct(12);
  const max = told.optionalBytes(5);
  const min = told.optionalBytes(6);
  const nulls = told.optionalInteger(3);
  if (nulls !== undefined && !(nulls >= 0 && nulls <= meta.integer(5))) {
    throw new Malformed(`column ${name}: ${nulls} NULLs among ${meta.integer(5)} values`);
  }
  return { nulls, extremes: min && max && { min, max } };
}

/** Were chunks to share bytes, a small file could be any number of rows. */
function checkSums(rows: number, groups: readonly GroupPlace[], dataEnd: number): void {
  const held = groups.reduce((sum, group) => sum + group.rows, 0);
  if (held !== rows) throw new Malformed(`${rows} rows told of, and row groups of ${held}`);
  const chunks = groups.flatMap((group) => group.chunks);
  const size = chunks.reduce((sum, { start, end }) => sum + end - start, 0);
  if (size > dataEnd) throw new Malformed(`columns of ${size} bytes in ${dataEnd}`);
}

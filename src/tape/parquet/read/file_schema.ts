import type { Cursor } from './cursor.js';
import { type Leaf, leavesOfFile } from './leaves.js';
import { Malformed } from './malformed.js';
import { readStruct } from './thrift.js';

/** What the metadata of a file begins with. */
export interface FileSchema {
  /** The bytes of the version and of the schema: files for which they are the same have the same columns. */
  readonly bytes: Uint8Array;
  readonly leaves: readonly Leaf[];
}

/** The last of the metadata's fields that are read here. */
export const SCHEMA = 2;

/** So many are remembered: most tables' files all begin their metadata with the same bytes. */
const REMEMBERED = 32;

const known: FileSchema[] = [];

/** Reads the version and the schema; files that begin alike get the same object, unless there are many others. */
export function readSchema(footer: Cursor): FileSchema {
  const same = known.find((schema) => isNext(footer, schema));
  if (same !== undefined) {
    footer.skip(same.bytes.length);
    return same;
  }
  const schema = readOtherSchema(footer);
  known.push(schema);
  if (known.length > REMEMBERED) known.shift();
  return schema;
}

function isNext({ bytes: from, at, end }: Cursor, { bytes }: FileSchema): boolean {
  const last = at + bytes.length;
  return last <= end && Buffer.compare(from.subarray(at, last), bytes) === 0;
}

function readOtherSchema(footer: Cursor): FileSchema {
  const start = footer.at;
  const version = footer.byte();
  footer.varint();
  const list = footer.byte();
  const head = footer.byte();
  if (version !== 0x15 || list !== 0x19 || (head & 15) !== 12)
    throw new Malformed('no schema where it begins');
  const length = head >> 4 === 15 ? footer.varint() : head >> 4;
  if (length > footer.left) throw new Malformed(`a schema of ${length} elements in ${footer.left} bytes`);
  const leaves = leavesOfFile(Array.from({ length }, () => readStruct(footer)));
  // A copy, for the file's bytes may be overwritten; slice() of a Buffer makes none.
  return { bytes: new Uint8Array(footer.bytes.subarray(start, footer.at)), leaves };
}

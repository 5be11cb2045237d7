import type { Table } from '../../schema/table.js';
import { ByteBuffer } from './byte_buffer.js';
import { VERSION } from './format.js';
import { schemaOf } from './schema.js';
import { i32, list, writeStruct } from './thrift.js';

/** The bytes with which the metadata of a table's segments begin, as ktape writes them: the version and the schema. */
export function writtenSchema(table: Table): Uint8Array {
  const bytes = new ByteBuffer();
  writeStruct(bytes, { 1: i32(VERSION), 2: list(schemaOf(table)) });
  // Other fields come before the byte that ends the struct.
  return bytes.written.slice(0, -1);
}

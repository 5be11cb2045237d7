import { Table as ArrowTable, type RecordBatch, tableToIPC } from 'apache-arrow';
import { Compression, Encoding, Table, WriterPropertiesBuilder, writeParquet } from 'parquet-wasm';
import type { Columns, Table as Declaration } from '../schema/table.js';

/** Rows of a row group: DuckDB reads groups in parallel and skips those outside the asked time. */
const ROW_GROUP = 100_000;

/** Layouts whose values hardly repeat: a dictionary of them would only be built and thrown away. */
const RISING = new Set(['timestamp', 'uint64', 'int64']);

/** Encodes a batch of the declared table as one Parquet file, ZSTD compressed. */
export function encodeParquet(declaration: Declaration<Columns>, batch: RecordBatch): Uint8Array {
  const ipc = tableToIPC(new ArrowTable([batch]), 'stream');
  let properties = new WriterPropertiesBuilder()
    .setCompression(Compression.ZSTD)
    .setCreatedBy('ktape')
    .setMaxRowGroupSize(ROW_GROUP);
  for (const [name, { type }] of Object.entries(declaration.columns)) {
    if (RISING.has(type.physical)) {
      properties = properties
        .setColumnDictionaryEnabled(name, false)
        .setColumnEncoding(name, Encoding.DELTA_BINARY_PACKED);
    }
  }
  return writeParquet(Table.fromIPCStream(ipc), properties.build());
}

import type { Table } from '../schema/table.js';
import { FileEncoder } from './parquet/file.js';
import type { RowBatch } from './row_batch.js';

let encoder: FileEncoder | undefined;

/** Encodes the rows of a batch, sorted by time, as one Parquet file, ZSTD compressed. */
export function encodeParquet(batch: RowBatch): Uint8Array {
  return encodeBatches(batch.table, [batch]);
}

/** Encodes batches of one table, whose times follow each other, as one Parquet file: each is asked for when those before are done. */
export function encodeBatches(table: Table, batches: Iterable<RowBatch>): Uint8Array {
  encoder ??= new FileEncoder();
  return encoder.encode(table, batches);
}

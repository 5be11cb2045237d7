import { FileEncoder } from './parquet/file.js';
import type { RowBatch } from './row_batch.js';

let encoder: FileEncoder | undefined;

/** Encodes the rows of a batch, sorted by time, as one Parquet file, ZSTD compressed. */
export function encodeParquet(batch: RowBatch): Uint8Array {
  encoder ??= new FileEncoder();
  return encoder.encode(batch);
}

import { ByteBuffer } from './byte_buffer.js';
import { MAGIC, VERSION } from './format.js';
import { type StoredChunk, writeStoredChunk } from './stored_chunk.js';
import { binary, i32, i64, list, struct, type Thrift, writeStruct } from './thrift.js';

const MAGIC_BYTES = Buffer.from(MAGIC);

/** Puts chunks together to Parquet files, one file after the other with the same memory. */
export class FileWriter {
  private readonly file = new ByteBuffer();
  private groups: Thrift[] = [];
  private rows = 0;
  /** The chunks of the group that is being written, where it began, and its size before compression. */
  private metas: Thrift[] = [];
  private start = 0;
  private uncompressed = 0;

  /** Begins a file; what there is of one that was not ended is forgotten. */
  begin(): void {
    this.file.clear();
    this.file.bytes(MAGIC_BYTES);
    this.groups = [];
    this.rows = 0;
    this.beginGroup();
  }

  /** Writes the next chunk of the row group: in the order of the schema's leaves. */
  chunk(chunk: StoredChunk, path: readonly string[], type: number): void {
    const { meta, uncompressed } = writeStoredChunk(this.file, chunk, path, type);
    this.metas.push(meta);
    this.uncompressed += uncompressed;
  }

  endGroup(rows: number): void {
    const { file, start } = this;
    this.groups.push(
      struct({
        1: list(this.metas),
        2: i64(this.uncompressed),
        3: i64(rows),
        5: i64(start),
        6: i64(file.length - start),
      }),
    );
    this.rows += rows;
    this.beginGroup();
  }

  private beginGroup(): void {
    this.metas = [];
    this.start = this.file.length;
    this.uncompressed = 0;
  }

  /** Ends the file; returns its bytes, which are good until another is begun. */
  end(schema: readonly Thrift[], leaves: number): Uint8Array {
    const { file } = this;
    const start = file.length;
    writeStruct(file, {
      1: i32(VERSION),
      2: list(schema),
      3: i64(this.rows),
      4: list(this.groups),
      6: binary('ktape'),
      7: list(Array.from({ length: leaves }, () => struct({ 1: struct({}) }))),
    });
    file.littleEndian(file.length - start, 4);
    file.bytes(MAGIC_BYTES);
    return file.written;
  }
}

import type { Table } from '../../schema/table.js';
import type { AnyColumn } from '../columns/index.js';
import { AttributesColumn, ListColumn } from '../columns/nested.js';
import { TextColumn } from '../columns/text.js';
import type { RowBatch } from '../row_batch.js';
import { timeOrder } from '../time_order.js';
import { ByteBuffer } from './byte_buffer.js';
import { Chunk } from './chunk.js';
import { ColumnEncoder } from './column_encoder.js';
import { leavesOf, schemaOf } from './schema.js';
import { binary, i32, i64, list, struct, type Thrift, writeStruct } from './thrift.js';

/** Rows of a row group at most: DuckDB reads groups in parallel and skips those outside the asked time. */
const GROUP_ROWS = 1 << 16;

/** Memory of the rows of a group at most, about, in bytes: what encoding a column takes grows with it. */
const GROUP_BYTES = 48 << 20;

/** Items that one column of a group holds at most, about: attributes of a resource count for each row. */
const GROUP_ITEMS = 2 << 20;

const MAGIC = Buffer.from('PAR1');

/** Encodes batches as Parquet files, one after the other with the same memory. */
export class FileEncoder {
  private readonly file = new ByteBuffer();
  private readonly chunk = new Chunk();
  private readonly columns = new ColumnEncoder();

  /** All rows of batches of one table, each sorted by time and after those before it, as the bytes of a file. */
  encode(table: Table, batches: Iterable<RowBatch>): Uint8Array {
    const { file } = this;
    file.clear();
    file.bytes(MAGIC);
    const groups: Thrift[] = [];
    let rows = 0;
    for (const batch of batches) {
      groups.push(...this.encodeGroups(batch));
      rows += batch.rows;
    }
    this.writeFooter(table, rows, groups);
    return file.written.slice();
  }

  private encodeGroups(batch: RowBatch): Thrift[] {
    const order = timeOrder(batch.time) ?? new Uint32Array(batch.rows).map((_, row) => row);
    const node = nodeColumn(batch);
    const size = groupRows(batch);
    const groups: Thrift[] = [];
    for (let first = 0; first < batch.rows; first += size) {
      groups.push(this.encodeGroup(batch, node, order.subarray(first, first + size)));
    }
    return groups;
  }

  private encodeGroup(batch: RowBatch, node: TextColumn, rows: Uint32Array): Thrift {
    const { file, chunk } = this;
    const start = file.length;
    const metas: Thrift[] = [];
    let uncompressed = 0;
    for (const [name, declaration] of Object.entries(batch.table.columns)) {
      const column = name === 'node' ? node : batch.complete(name);
      const leaves = leavesOf(declaration).values();
      this.columns.encode(column, declaration.nullable, rows, chunk, () => {
        const { path, type } = leaves.next().value ?? { path: [], type: 0 };
        const written = chunk.writeTo(file, [name, ...path], type);
        metas.push(written.meta);
        uncompressed += written.uncompressed;
      });
    }
    return struct({
      1: list(metas),
      2: i64(uncompressed),
      3: i64(rows.length),
      5: i64(start),
      6: i64(file.length - start),
    });
  }

  private writeFooter(table: Table, rows: number, groups: readonly Thrift[]): void {
    const { file } = this;
    const schema = schemaOf(table);
    const leaves = Object.values(table.columns).flatMap(leavesOf);
    const start = file.length;
    writeStruct(file, {
      1: i32(2),
      2: list(schema),
      3: i64(rows),
      4: list(groups),
      6: binary('ktape'),
      7: list(leaves.map(() => struct({ 1: struct({}) }))),
    });
    file.littleEndian(file.length - start, 4);
    file.bytes(MAGIC);
  }
}

function nodeColumn({ node, pool, rows }: RowBatch): TextColumn {
  const column = new TextColumn(pool);
  column.appendString(node);
  column.appendCopies(column, 0, rows - 1);
  return column;
}

/** How many rows make a group: as many as may, unless these are large or hold many items. */
function groupRows({ rows, bytes, columns }: RowBatch): number {
  const items = Math.max(0, ...Object.values(columns).map(itemsOf));
  const fitting = rows * Math.min(GROUP_BYTES / Math.max(1, bytes), GROUP_ITEMS / Math.max(1, items));
  return Math.max(1, Math.min(GROUP_ROWS, Math.floor(fitting)));
}

/** How many items the rows of a column have; those that several rows share count for each. */
function itemsOf(column: AnyColumn): number {
  if (!(column instanceof AttributesColumn || column instanceof ListColumn)) return 0;
  let items = 0;
  for (let row = 0; row < column.length; row++) items += column.lists.last(row) - column.lists.first(row);
  return items;
}

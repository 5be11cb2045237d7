import type { AnyColumn } from '../columns/index.js';
import { AttributesColumn, ListColumn } from '../columns/nested.js';
import { TextColumn } from '../columns/text.js';
import type { RowBatch } from '../row_batch.js';
import { timeOrder } from '../time_order.js';
import { Chunk } from './chunk.js';
import { ColumnEncoder } from './column_encoder.js';
import { FileWriter } from './file_writer.js';
import { leavesOf, schemaOf } from './schema.js';
import { ascending } from './text_values.js';

/** Rows of a row group at most: DuckDB reads groups in parallel and skips those outside the asked time. */
const GROUP_ROWS = 1 << 16;

/** Memory of the rows of a group at most, about, in bytes: what encoding a column takes grows with it. */
const GROUP_BYTES = 48 << 20;

/** Items that one column of a group holds at most, about: attributes of a resource count for each row. */
const GROUP_ITEMS = 2 << 20;

/** Encodes batches as Parquet files, one after the other with the same memory. */
export class FileEncoder {
  private readonly file = new FileWriter();
  private readonly chunk = new Chunk();
  private readonly columns = new ColumnEncoder();

  /** All rows of a batch, sorted by time, as the bytes of a file. */
  encode(batch: RowBatch): Uint8Array {
    const { columns } = batch.table;
    this.file.begin();
    const order = timeOrder(batch.time) ?? ascending(new Uint32Array(batch.rows));
    const node = nodeColumn(batch);
    const size = groupRows(batch);
    for (let first = 0; first < batch.rows; first += size) {
      this.encodeGroup(batch, node, order.subarray(first, first + size));
    }
    return this.file.end(schemaOf(batch.table), Object.values(columns).flatMap(leavesOf).length).slice();
  }

  private encodeGroup(batch: RowBatch, node: TextColumn, rows: Uint32Array): void {
    for (const [name, declaration] of Object.entries(batch.table.columns)) {
      const column = name === 'node' ? node : batch.complete(name);
      const leaves = leavesOf(declaration).values();
      this.columns.encode(column, declaration.nullable, rows, this.chunk, () => {
        const { path, type } = leaves.next().value ?? { path: [], type: 0 };
        this.file.chunk(this.chunk.stored(), [name, ...path], type);
      });
    }
    this.file.endGroup(rows.length);
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

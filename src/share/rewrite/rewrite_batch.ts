import { KtapeError } from '../../errors.js';
import type { Columns, Table } from '../../schema/table.js';
import { T } from '../../schema/types.js';
import { type AnyColumn, newColumn } from '../../tape/columns/index.js';
import { AttributesColumn, TextListColumn } from '../../tape/columns/nested.js';
import { TextColumn } from '../../tape/columns/text.js';
import { TextPool } from '../../tape/columns/text_pool.js';
import { type BatchColumns, RowBatch } from '../../tape/row_batch.js';
import { Carrier, type Change, type ColumnCount } from './carrier.js';
import type { PlannedColumn, Treatment } from './plan.js';
import type { Redactor, TextTreatment } from './redactor.js';
import { rewriteAttributes, rewriteBodies, rewriteTypes } from './rewrite_attributes.js';
import { rewriteIds } from './rewrite_ids.js';

/** What becomes of a table's columns but `node`, and what is counted of each. */
export type TableWork = ReadonlyMap<string, PlannedColumn & { readonly count: ColumnCount }>;

/**
 * The rows of a batch with every value redacted. Of texts only what was redacted is in the new batch's pool; columns
 * that hold no text and stay are those of the old batch.
 */
export function rewriteBatch(batch: RowBatch, node: string, work: TableWork, redactor: Redactor): RowBatch {
  const rewriter = new BatchRewriter(batch, work, redactor);
  const columns = [...work].map(([name, { treatment, count }]) => [
    name,
    rewriter.rewritten(name, treatment, count),
  ]);
  return new RowBatch(batch.table, node, rewriter.pool, Object.fromEntries(columns) as BatchColumns<Columns>);
}

class BatchRewriter {
  readonly pool = new TextPool();
  private readonly carrier: Carrier;

  constructor(
    private readonly batch: RowBatch,
    private readonly work: TableWork,
    private readonly redactor: Redactor,
  ) {
    this.carrier = new Carrier(batch.pool, this.pool);
  }

  rewritten(name: string, treatment: Treatment, count: ColumnCount): AnyColumn {
    const { batch, carrier, redactor } = this;
    const column = batch.complete(name);
    if (treatment === 'dropped') return emptied(batch.table, name, batch.rows, this.pool);
    if (column instanceof AttributesColumn) {
      return rewriteAttributes(column, this.typesOf(name), carrier, redactor, count);
    }
    if (column instanceof TextListColumn && isOfOneText(treatment)) {
      return this.list(column, redactor.changes[treatment], count);
    }
    if (column instanceof TextColumn) {
      if (treatment === 'id') return rewriteIds(column, carrier, redactor.ids, redactor.changes.id, count);
      if (treatment === 'body') return rewriteBodies(column, this.typesOf(name), carrier, redactor, count);
      const attributes = batch.column(this.nameBeside(name, -1));
      if (treatment === 'value types' && redactor.dropsAttributes && attributes instanceof AttributesColumn) {
        return rewriteTypes(column, attributes, carrier, redactor);
      }
      if (isOfOneText(treatment)) return carrier.column(column, redactor.changes[treatment], count);
    } else if (treatment === 'as it is' && !(column instanceof TextListColumn)) return column;
    throw new KtapeError(`${batch.table.name}.${name}: nothing is known that makes it ${treatment}`);
  }

  private list(column: TextListColumn, change: Change, count: ColumnCount): TextListColumn {
    const list = new TextListColumn(this.pool);
    for (let row = 0; row < column.length; row++) {
      for (let item = column.lists.first(row); item < column.lists.last(row); item++) {
        list.items.appendText(this.carrier.text(column.items.texts[item] ?? 0, change, count));
      }
      list.endRow();
    }
    return list;
  }

  /** The column that tells the types of the values of another: the one after it. */
  private typesOf(name: string): TextColumn | undefined {
    const next = this.nameBeside(name, 1);
    const column = this.batch.column(next);
    const isTypes = this.batch.table.columns[next]?.type === T.attribute_types;
    return isTypes && column instanceof TextColumn ? column : undefined;
  }

  private nameBeside(name: string, step: number): string {
    const names = [...this.work.keys()];
    return names[names.indexOf(name) + step] ?? '';
  }
}

function isOfOneText(treatment: Treatment): treatment is TextTreatment {
  return treatment !== 'dropped' && treatment !== 'attributes' && treatment !== 'body';
}

/** A column without its values: NULLs, empty lists, or where neither may be, empty texts. */
function emptied(table: Table, name: string, rows: number, pool: TextPool): AnyColumn {
  const declared = table.columns[name];
  const column = newColumn(declared?.type.physical ?? 'text', pool);
  if (column instanceof TextColumn && !declared?.nullable) {
    column.appendString('');
    column.appendCopies(column, 0, rows - 1);
  } else column.padTo(rows);
  return column;
}

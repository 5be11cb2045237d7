import { KtapeError } from '../../errors.js';
import type { Physical } from '../../schema/semantic_type.js';
import type { Table } from '../../schema/table.js';
import { T } from '../../schema/types.js';
import type { TextChunk } from '../../tape/parquet/read/text_chunk.js';
import type { SourceGroup } from '../../tape/parquet/rewrite_file.js';
import type { StoredChunk } from '../../tape/parquet/stored_chunk.js';
import { withoutValues } from '../../tape/parquet/text_chunks.js';
import type { ColumnCount } from './column_count.js';
import { Pairs } from './pairs.js';
import type { PlannedColumn, Treatment } from './plan.js';
import type { Redactor, TextTreatment } from './redactor.js';
import { rewriteAttributes } from './rewrite_attributes.js';
import { rewriteBodies, rewriteIds, rewriteTexts } from './rewrite_texts.js';
import { rewriteTypes } from './rewrite_types.js';
import { ValueTypes } from './value_types.js';

/** What becomes of a table's columns, and what is counted of each. */
export type TableWork = ReadonlyMap<string, PlannedColumn & { readonly count: ColumnCount }>;

/** Rewrites the columns of a table's row groups, every value redacted; numbers stay, or are dropped. */
export class ColumnRewriter {
  private readonly names: readonly string[];

  constructor(
    private readonly table: Table,
    private readonly work: TableWork,
    private readonly redactor: Redactor,
  ) {
    this.names = Object.keys(table.columns);
  }

  /** The new chunks of a column of a row group. */
  readonly rewritten = (name: string, group: SourceGroup): readonly StoredChunk[] => {
    const { treatment, count } = this.workOf(name);
    if (treatment === 'dropped') return this.dropped(name, group);
    if (!holdsTexts(this.physicalOf(name)) && treatment === 'as it is') return group.numbers(name);
    const [first, second] = group.texts(name);
    if (first === undefined) return [];
    if (treatment === 'attributes' && second !== undefined) {
      return rewriteAttributes(first, second, this.typesOf(name, group), this.redactor, count);
    }
    return [this.ofOneText(name, group, first, treatment, count)];
  };

  private dropped(name: string, group: SourceGroup): StoredChunk[] {
    const column = this.table.columns[name];
    if (column === undefined) return [];
    return group.places(name).map((place) => withoutValues(place, group.rows, column));
  }

  private ofOneText(
    name: string,
    group: SourceGroup,
    source: TextChunk,
    treatment: Treatment,
    count: ColumnCount,
  ): StoredChunk {
    const { redactor } = this;
    if (treatment === 'id') return rewriteIds(source, redactor, count);
    if (treatment === 'body') return rewriteBodies(source, this.typesOf(name, group), redactor, count);
    if (treatment === 'value types' && redactor.dropsAttributes) {
      const before = this.nameBeside(name, -1);
      const [keys, values] = this.physicalOf(before) === 'attributes' ? group.texts(before) : [];
      if (keys !== undefined && values !== undefined) {
        return rewriteTypes(source, new Pairs(keys, values), redactor);
      }
    }
    if (isOfOneText(treatment)) return rewriteTexts(source, redactor.changes[treatment], count);
    throw new KtapeError(`${this.table.name}.${name}: nothing is known that makes it ${treatment}`);
  }

  private workOf(name: string): PlannedColumn & { readonly count: ColumnCount } {
    const work = this.work.get(name);
    if (work === undefined)
      throw new KtapeError(`${this.table.name}.${name}: nobody planned what becomes of it`);
    return work;
  }

  private physicalOf(name: string): Physical | undefined {
    return this.table.columns[name]?.type.physical;
  }

  /** What tells the types of the values of a column: the one after it. */
  private typesOf(name: string, group: SourceGroup): ValueTypes {
    const next = this.nameBeside(name, 1);
    const isTypes = this.table.columns[next]?.type === T.attribute_types;
    return new ValueTypes(isTypes ? group.texts(next)[0] : undefined);
  }

  private nameBeside(name: string, step: number): string {
    return this.names[this.names.indexOf(name) + step] ?? '';
  }
}

function holdsTexts(physical: Physical | undefined): boolean {
  return physical === 'text' || physical === 'text_list' || physical === 'attributes';
}

function isOfOneText(treatment: Treatment): treatment is TextTreatment {
  return treatment !== 'dropped' && treatment !== 'attributes' && treatment !== 'body';
}

import type { Physical } from '../../schema/semantic_type.js';
import {
  BoolColumn,
  Float64Column,
  Int32Column,
  Int64Column,
  TimestampColumn,
  Uint32Column,
  Uint64Column,
} from './fixed_width.js';
import { AttributesColumn, Float64ListColumn, TextListColumn, Uint64ListColumn } from './nested.js';
import { TextColumn } from './text.js';
import type { TextPool } from './text_pool.js';

const CLASSES = {
  timestamp: TimestampColumn,
  int64: Int64Column,
  uint64: Uint64Column,
  int32: Int32Column,
  uint32: Uint32Column,
  float64: Float64Column,
  bool: BoolColumn,
  text: TextColumn,
  attributes: AttributesColumn,
  uint64_list: Uint64ListColumn,
  float64_list: Float64ListColumn,
  text_list: TextListColumn,
} satisfies Record<Physical, new (pool: TextPool) => unknown>;

/** The column class that holds values of this layout. */
export type ColumnOf<P extends Physical> = InstanceType<(typeof CLASSES)[P]>;

export type AnyColumn = ColumnOf<Physical>;

/** A new, empty column of that layout, whose texts are in the pool. */
export function newColumn(physical: Physical, pool: TextPool): AnyColumn {
  return new CLASSES[physical](pool);
}

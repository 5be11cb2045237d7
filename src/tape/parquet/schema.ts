import type { Physical } from '../../schema/semantic_type.js';
import type { Column, Columns, Table } from '../../schema/table.js';
import { Converted, Repetition, Type } from './format.js';
import { binary, bool, type Fields, i8, i32, struct, type Thrift } from './thrift.js';

/** How single values of a layout are annotated. */
interface Scalar {
  readonly type: number;
  readonly converted?: number;
  readonly logical?: Fields;
}

const TEXT: Scalar = { type: Type.BYTE_ARRAY, converted: Converted.UTF8, logical: { 1: struct({}) } };
const UINT64: Scalar = { type: Type.INT64, converted: Converted.UINT_64, logical: unsigned(64) };
const DOUBLE: Scalar = { type: Type.DOUBLE };

/** Nanoseconds, not adjusted to UTC: what DuckDB reads as TIMESTAMP_NS. */
const TIMESTAMP: Fields = { 8: struct({ 1: bool(false), 2: struct({ 3: struct({}) }) }) };

const SCALARS: Record<Exclude<Physical, 'attributes' | `${string}_list`>, Scalar> = {
  timestamp: { type: Type.INT64, logical: TIMESTAMP },
  int64: { type: Type.INT64 },
  uint64: UINT64,
  int32: { type: Type.INT32 },
  uint32: { type: Type.INT32, converted: Converted.UINT_32, logical: unsigned(32) },
  float64: DOUBLE,
  bool: { type: Type.BOOLEAN },
  text: TEXT,
};

function unsigned(bits: number): Fields {
  return { 10: struct({ 1: i8(bits), 2: bool(false) }) };
}

/** Parquet's types of a column's leaves, each with its path below the column. */
export function leavesOf({
  type: { physical },
}: Pick<Column, 'type'>): readonly { path: readonly string[]; type: number }[] {
  switch (physical) {
    case 'attributes':
      return ['key', 'value'].map((name) => ({ path: ['key_value', name], type: Type.BYTE_ARRAY }));
    case 'text_list':
      return [{ path: ['list', 'element'], type: Type.BYTE_ARRAY }];
    case 'uint64_list':
      return [{ path: ['list', 'element'], type: Type.INT64 }];
    case 'float64_list':
      return [{ path: ['list', 'element'], type: Type.DOUBLE }];
    default:
      return [{ path: [], type: SCALARS[physical].type }];
  }
}

/** Which parts of a column may be missing: of lists and maps the whole, and each item; of others the value. */
export interface Optional {
  readonly column: boolean;
  readonly item: boolean;
}

/** The schema of a table: the root, then each column with what it contains. Lists and maps are never NULL. */
export function schemaOf({ name, columns }: Table<Columns>): Thrift[] {
  const declared = Object.entries(columns).map(([column, { type, nullable }]) => {
    const isNested = leavesOf({ type }).some(({ path }) => path.length > 0);
    return [column, { column: nullable && !isNested, item: type.physical === 'attributes' }] as const;
  });
  return schemaWith(name, columns, new Map(declared));
}

/** A schema of columns of a table, in that order. */
export function schemaWith(
  table: string,
  columns: Columns,
  optional: ReadonlyMap<string, Optional>,
): Thrift[] {
  const root = struct({ 4: binary(table), 5: i32(optional.size) });
  return [
    root,
    ...[...optional].flatMap(([name, each]) => {
      const physical = columns[name]?.type.physical;
      return physical === undefined ? [] : elements(name, physical, each);
    }),
  ];
}

function elements(name: string, physical: Physical, { column, item }: Optional): Thrift[] {
  switch (physical) {
    case 'attributes':
      return [
        group(name, repetitionOf(column), 1, Converted.MAP, { 2: struct({}) }),
        group('key_value', Repetition.REPEATED, 2),
        scalar('key', false, TEXT),
        scalar('value', item, TEXT),
      ];
    case 'text_list':
      return list(name, TEXT, column, item);
    case 'uint64_list':
      return list(name, UINT64, column, item);
    case 'float64_list':
      return list(name, DOUBLE, column, item);
    default:
      return [scalar(name, column, SCALARS[physical])];
  }
}

function list(name: string, element: Scalar, column: boolean, item: boolean): Thrift[] {
  return [
    group(name, repetitionOf(column), 1, Converted.LIST, { 3: struct({}) }),
    group('list', Repetition.REPEATED, 1),
    scalar('element', item, element),
  ];
}

function repetitionOf(optional: boolean): number {
  return optional ? Repetition.OPTIONAL : Repetition.REQUIRED;
}

function group(
  name: string,
  repetition: number,
  children: number,
  converted?: number,
  logical?: Fields,
): Thrift {
  return struct({
    3: i32(repetition),
    4: binary(name),
    5: i32(children),
    6: converted === undefined ? undefined : i32(converted),
    10: logical && struct(logical),
  });
}

function scalar(name: string, nullable: boolean, { type, converted, logical }: Scalar): Thrift {
  return struct({
    1: i32(type),
    3: i32(repetitionOf(nullable)),
    4: binary(name),
    6: converted === undefined ? undefined : i32(converted),
    10: logical && struct(logical),
  });
}

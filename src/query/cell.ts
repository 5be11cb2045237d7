import {
  DuckDBArrayValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import { formatTime } from '../tape/time.js';

/** A value of an answer, as JSON holds it. Nothing is rounded on the way. */
export type Cell = string | number | boolean | null | readonly Cell[] | { readonly [key: string]: Cell };

/**
 * The cell of a value that DuckDB gave. Integers of 64 bits and more, decimals and what JSON cannot
 * express (NaN, Infinity) are strings; times are RFC 3339 in UTC with nine digits; a map is an object, or
 * where a key occurs twice a list of pairs.
 */
export function cellOf(value: DuckDBValue): Cell {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return value.toString();
  const time = epochNs(value);
  if (time !== undefined) return isWritable(time) ? formatTime(time) : String(value);
  if (value instanceof DuckDBMapValue) return mapCell(value);
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items.map(cellOf);
  if (value instanceof DuckDBStructValue) {
    return Object.fromEntries(Object.entries(value.entries).map(([name, item]) => [name, cellOf(item)]));
  }
  return String(value);
}

/** A cell as text for a person, a CSV field or a table. */
export function cellText(cell: Cell): string {
  return typeof cell === 'string' ? cell : JSON.stringify(cell);
}

function mapCell({ entries }: DuckDBMapValue): Cell {
  const pairs = entries.map(({ key, value }): [string, Cell] => [cellText(cellOf(key)), cellOf(value)]);
  const isSet = new Set(pairs.map(([key]) => key)).size === pairs.length;
  return isSet ? Object.fromEntries(pairs) : pairs;
}

function epochNs(value: DuckDBValue): bigint | undefined {
  if (value instanceof DuckDBTimestampNanosecondsValue) return value.nanos;
  if (value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue) {
    return value.micros * 1000n;
  }
  if (value instanceof DuckDBTimestampMillisecondsValue) return value.millis * 1_000_000n;
  if (value instanceof DuckDBTimestampSecondsValue) return value.seconds * 1_000_000_000n;
  return undefined;
}

/** Whether RFC 3339 has a year for the time: from 0 to 9999. */
function isWritable(epochNs: bigint): boolean {
  return epochNs >= -62_167_219_200_000_000_000n && epochNs < 253_402_300_800_000_000_000n;
}

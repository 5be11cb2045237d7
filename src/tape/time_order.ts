import type { TimestampColumn } from './columns/fixed_width.js';

/** The stable order that sorts the rows by time; undefined where they are sorted already. */
export function timeOrder(time: TimestampColumn): Uint32Array | undefined {
  const compare = (a: number, b: number) => time.high(a) - time.high(b) || time.low(a) - time.low(b);
  let sorted = true;
  for (let row = 1; row < time.length && sorted; row++) sorted = compare(row - 1, row) <= 0;
  if (sorted) return undefined;
  return new Uint32Array(time.length).map((_, row) => row).sort((a, b) => compare(a, b) || a - b);
}

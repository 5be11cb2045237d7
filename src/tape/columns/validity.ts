import { FEW } from './column.js';

/** Which rows of a column hold a value. Costs nothing while none is NULL. */
export class Validity {
  nulls = 0;
  /** 1 for each row that holds a value, 0 for NULL; of meaning while there is a NULL. */
  private rows = new Uint8Array(0);

  /** 1 for each row that holds a value, 0 for NULL; undefined while no row is NULL. */
  get present(): Uint8Array | undefined {
    return this.nulls === 0 ? undefined : this.rows;
  }

  /** Records that the rows from `row` to `end` hold values. Rows come in order. */
  addValues(row: number, end: number): void {
    if (this.nulls === 0) return;
    this.room(end);
    this.fill(1, row, end);
  }

  /** Records that the rows from `row` to `end` are NULL. */
  addNulls(row: number, end: number): void {
    this.room(end);
    if (this.nulls === 0) this.rows.fill(1, 0, row);
    this.fill(0, row, end);
    this.nulls += end - row;
  }

  isNull(row: number): boolean {
    return this.nulls > 0 && this.rows[row] === 0;
  }

  /** Forgets the rows from `length` on; `before` is how many there were. */
  truncate(length: number, before: number): void {
    if (length === 0) this.nulls = 0;
    for (let row = length; row < before && this.nulls > 0; row++) if (this.rows[row] === 0) this.nulls--;
  }

  private fill(level: number, row: number, end: number): void {
    if (end - row > FEW) this.rows.fill(level, row, end);
    else for (let at = row; at < end; at++) this.rows[at] = level;
  }

  private room(end: number): void {
    if (end <= this.rows.length) return;
    const larger = new Uint8Array(Math.max(64, end * 2));
    larger.set(this.rows);
    this.rows = larger;
  }
}

/** Which rows of a column hold a value. Costs nothing until the first NULL. */
export class Validity {
  private present: Uint8Array | undefined;
  nulls = 0;

  /** Whether every row must be recorded: from the first NULL on. */
  get tracks(): boolean {
    return this.present !== undefined;
  }

  /** Records that row `row` holds a value. Rows come in order. */
  addValue(row: number): void {
    if (this.present === undefined) return;
    this.room(row);
    this.present[row] = 1;
  }

  /** Records that row `row` is NULL. */
  addNull(row: number): void {
    if (this.present === undefined) this.present = new Uint8Array(Math.max(64, row * 2)).fill(1, 0, row);
    this.room(row);
    this.present[row] = 0;
    this.nulls++;
  }

  /** Records the rows from `row` to `end`, each as row `like` of `from` is. */
  addLike(from: Validity, like: number, row: number, end: number): void {
    const isNull = from.isNull(like);
    if (!isNull && this.present === undefined) return;
    for (; row < end; row++) {
      if (isNull) this.addNull(row);
      else this.addValue(row);
    }
  }

  isNull(row: number): boolean {
    return this.present !== undefined && this.present[row] === 0;
  }

  /** Forgets the rows from `length` on; `before` is how many there were. */
  truncate(length: number, before: number): void {
    for (let row = length; row < before && this.nulls > 0; row++) if (this.isNull(row)) this.nulls--;
    if (length === 0) this.present = undefined;
  }

  /** Arrow's validity bitmap of `length` rows taken in `order`; undefined where no row is NULL. */
  bitmap(length: number, order: Uint32Array | undefined): Uint8Array | undefined {
    const { present } = this;
    if (present === undefined || this.nulls === 0) return undefined;
    const bits = new Uint8Array(Math.ceil(length / 8));
    for (let row = 0; row < length; row++) {
      const from = order === undefined ? row : (order[row] ?? 0);
      if (present[from] === 1) bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7));
    }
    return bits;
  }

  private room(row: number): void {
    if (this.present === undefined || row < this.present.length) return;
    const larger = new Uint8Array(row * 2);
    larger.set(this.present);
    this.present = larger;
  }
}

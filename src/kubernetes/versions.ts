/** A value and since when it held. */
export interface Version<T> {
  /** Nanoseconds since the Unix epoch. */
  readonly from: bigint;
  /** Undefined: from here on there was none. */
  readonly value: T | undefined;
}

/** One thing's values over time, added in the order of time. */
export class Versions<T> {
  private readonly list: Version<T>[] = [];

  /** Adds a value; two at one time: the later one holds. */
  set(from: bigint, value: T | undefined): void {
    if (this.list.at(-1)?.from === from) this.list.pop();
    this.list.push({ from, value });
  }

  get latest(): T | undefined {
    return this.list.at(-1)?.value;
  }

  get all(): readonly Version<T>[] {
    return this.list;
  }

  /** The value that held at a time, undefined before the first. */
  at(time: bigint): T | undefined {
    return this.list[this.indexAt(time)]?.value;
  }

  /** Index of the version that held at a time, -1 before the first. */
  private indexAt(time: bigint): number {
    let low = 0;
    let high = this.list.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const version = this.list[middle];
      if (version !== undefined && version.from <= time) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

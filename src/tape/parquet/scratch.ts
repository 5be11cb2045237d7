type Numbers = Int32Array | Uint32Array | Float64Array | Uint8Array;

/** An array that is used for one column after the other, and only grows. */
export class Scratch<A extends Numbers> {
  private array: A;

  constructor(private readonly allocate: (length: number) => A) {
    this.array = allocate(1024);
  }

  /** The array, with room for at least `length` numbers. It holds what it held before, or zeros. */
  of(length: number): A {
    if (length > this.array.length) this.array = this.allocate(Math.max(length, this.array.length * 2));
    return this.array;
  }
}

import type { Hash } from './hash.js';
import { NUMBERS, type SpillFile, writeChunk } from './spill_file.js';

/** Hashes whose first bits are the same: chunks of the spill file, and those that filled none. */
export interface Part {
  readonly chunks: readonly number[];
  readonly rest: Int32Array;
}

/** Hashes by their first bits. */
export type Parts = readonly Part[];

const PART_BITS = 10;
export const PARTS = 2 ** PART_BITS;

/** Hashes as they come, in any number: what memory they need does not grow. */
export class SpilledHashes {
  private readonly waiting = new Int32Array(PARTS * NUMBERS);
  private readonly filled = new Uint16Array(PARTS);
  private readonly chunks = Array.from({ length: PARTS }, (): number[] => []);

  constructor(private readonly file: SpillFile) {}

  push({ a, b }: Hash): void {
    const part = a >>> (32 - PART_BITS);
    const filled = this.filled[part] ?? 0;
    const at = part * NUMBERS + filled;
    this.waiting[at] = a;
    this.waiting[at + 1] = b;
    this.filled[part] = filled + 2;
    if (filled + 2 === NUMBERS) this.spill(part);
  }

  /** Hands over what was pushed; there is nothing afterwards. */
  handOver(): Parts {
    return this.chunks.map((chunks, part) => ({
      chunks: chunks.splice(0),
      rest: this.rest(part),
    }));
  }

  private rest(part: number): Int32Array {
    const rest = this.waiting.slice(part * NUMBERS, part * NUMBERS + (this.filled[part] ?? 0));
    this.filled[part] = 0;
    return rest;
  }

  private spill(part: number): void {
    const start = part * NUMBERS;
    this.chunks[part]?.push(writeChunk(this.file, this.waiting.subarray(start, start + NUMBERS)));
    this.filled[part] = 0;
  }
}

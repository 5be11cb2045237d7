import { createHash } from 'node:crypto';

const WORDS =
  'payment cart checkout orders ready timeout connection refused upstream request served pod node volume mounted image pulled retry backoff listening started stopped queue worker cache database handler response status error warning'.split(
    ' ',
  );

export const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Chance that can be repeated: a stream of SHA-256 over a seed and a counter. */
export class Random {
  #counter = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  #used = 0;

  constructor(readonly seed: string) {}

  /** A number of 32 bits. */
  #next(): number {
    if (this.#used + 4 > this.#bytes.length) {
      this.#bytes = createHash('sha256')
        .update(`${this.seed}/${this.#counter++}`)
        .digest();
      this.#used = 0;
    }
    this.#used += 4;
    return new DataView(this.#bytes.buffer, this.#bytes.byteOffset).getUint32(this.#used - 4);
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + Math.floor((this.#next() / 2 ** 32) * (most - least + 1));
  }

  one<T>(choices: readonly T[]): T {
    const chosen = choices[this.between(0, choices.length - 1)];
    if (chosen === undefined) throw new RangeError('one() of nothing');
    return chosen;
  }

  string(length: number, alphabet: string = ALPHANUMERIC): string {
    return Array.from({ length }, () => alphabet[this.between(0, alphabet.length - 1)]).join('');
  }

  word(): string {
    return this.one(WORDS);
  }
}

import { folded } from './characters.js';

/** Secrets that are known from where something tells that they are any: a password that elsewhere stands behind its key. */
export class KnownSecrets {
  readonly #instead: ReadonlyMap<string, string>;
  readonly #changed: (instead: string, secret: string) => void;

  /**
   * @param secrets and what stands for each
   * @param changed told of each that is cut
   */
  constructor(secrets: ReadonlyMap<string, string>, changed: (instead: string, secret: string) => void) {
    this.#instead = new Map([...secrets].map(([secret, instead]) => [keyOf(secret), instead]));
    this.#changed = changed;
  }

  /** What stands for a text that was found; undefined if it is no secret. */
  cut(text: string): string | undefined {
    const instead = this.#instead.get(keyOf(text));
    if (instead !== undefined) this.#changed(instead, text);
    return instead;
  }
}

/** Names are found in any case, whatever joins their parts, and without what stands around them. */
function keyOf(text: string): string {
  return folded(text).replace(/[^\p{L}\p{N}]+/gu, '');
}

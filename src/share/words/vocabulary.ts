import { KtapeError } from '../../errors.js';

/**
 * The names that a tape holds, gathered before anything is rewritten: names are taken apart by them, and texts are
 * searched for them. A name within names (the service `payment` in `payment-7d9f`) is to be added by itself.
 */
export class Vocabulary {
  readonly #words = new Set<string>();
  #isClosed = false;

  /** Adds a name; throws a KtapeError for a new one after `close`. */
  add(name: string): void {
    if (name === '' || this.#words.has(name)) return;
    if (this.#isClosed) {
      throw new KtapeError(`the name ${JSON.stringify(name)} comes after the first pseudonyms were made`);
    }
    this.#words.add(name);
  }

  addAll(names: Iterable<string>): void {
    for (const name of names) this.add(name);
  }

  has(name: string): boolean {
    return this.#words.has(name);
  }

  get size(): number {
    return this.#words.size;
  }

  words(): Iterable<string> {
    return this.#words.values();
  }

  /** No more names: a pseudonym depends on all of them. */
  close(): void {
    this.#isClosed = true;
  }
}

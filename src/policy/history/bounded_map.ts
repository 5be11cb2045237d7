/** A map for what can be found out again: full, it forgets everything before it takes up more. */
export class BoundedMap<K, V> {
  private readonly entries = new Map<K, V>();

  /** @param most keys that it holds. */
  constructor(private readonly most: number) {}

  get(key: K): V | undefined {
    return this.entries.get(key);
  }

  has(key: K): boolean {
    return this.entries.has(key);
  }

  set(key: K, value: V): void {
    if (this.entries.size === this.most) this.entries.clear();
    this.entries.set(key, value);
  }
}

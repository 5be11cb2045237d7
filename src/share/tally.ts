/** Different things of a kind that are told apart; more are not counted. */
const MOST = 100_000;

/** Different things, by what they are. */
export type TallyData = ReadonlyMap<string, ReadonlySet<string>>;

/** How many different things were replaced, by kind; secrets by their own kinds, such as `[jwt]`. */
export class Tally {
  private readonly originals = new Map<string, Set<string>>();

  /** @param kind `name`, `id`, `address`, or what was put in place of a secret */
  add(kind: string, original: string): void {
    const originals = this.originals.get(kind) ?? new Set();
    this.originals.set(kind, originals);
    if (originals.size <= MOST) originals.add(original);
  }

  /** @param counted what was counted elsewhere, as `data` of that tally */
  addAll(counted: TallyData): void {
    for (const [kind, originals] of counted) for (const original of originals) this.add(kind, original);
  }

  /** What was counted, in a form that can be sent to another thread. */
  get data(): TallyData {
    return this.originals;
  }

  /** `3 names`, `1 [jwt]`, `more than 100,000 ids`: names, ids and addresses first, then secrets by the alphabet. */
  texts(): string[] {
    const secrets = [...this.originals.keys()].filter((kind) => kind.startsWith('[')).sort();
    return ['name', 'id', 'address', ...secrets].flatMap((kind) => {
      const count = this.originals.get(kind)?.size ?? 0;
      return count === 0 ? [] : [countText(count, kind)];
    });
  }
}

function countText(count: number, kind: string): string {
  const said = count > MOST ? `more than ${MOST.toLocaleString('en')}` : count.toLocaleString('en');
  if (kind.startsWith('[') || count === 1) return `${said} ${kind}`;
  return `${said} ${kind === 'address' ? 'addresses' : `${kind}s`}`;
}

import type { Note } from './notes.js';

/** Different things of a kind that are told apart; more are not counted. */
const MOST = 100_000;

/** How many different things were replaced, by kind; secrets by their own kinds, such as `[jwt]`. */
export class Tally {
  private readonly originals = new Map<string, Set<string>>();

  /** The notes, each counted as it goes by. */
  *counted(notes: Iterable<Note>): Generator<Note> {
    for (const note of notes) {
      this.add(note);
      yield note;
    }
  }

  /** `3 names`, `1 [jwt]`, `more than 100,000 ids`: names, ids and addresses first, then secrets by the alphabet. */
  texts(): string[] {
    const secrets = [...this.originals.keys()].filter((kind) => kind.startsWith('[')).sort();
    return ['name', 'id', 'address', ...secrets].flatMap((kind) => {
      const count = this.originals.get(kind)?.size ?? 0;
      return count === 0 ? [] : [countText(count, kind)];
    });
  }

  private add([pseudonym, original, kind]: Note): void {
    const name = kind === 'secret' ? pseudonym : kind;
    const originals = this.originals.get(name) ?? new Set();
    this.originals.set(name, originals);
    if (originals.size <= MOST) originals.add(original);
  }
}

function countText(count: number, kind: string): string {
  const said = count > MOST ? `more than ${MOST.toLocaleString('en')}` : count.toLocaleString('en');
  if (kind.startsWith('[') || count === 1) return `${said} ${kind}`;
  return `${said} ${kind === 'address' ? 'addresses' : `${kind}s`}`;
}

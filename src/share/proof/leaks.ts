import { tableNamed } from '../../schema/tables/index.js';
import { maySay } from './identifiers/may_say.js';
import type { NotedPair } from './identifiers/replaced.js';
import type { Leak } from './leak.js';
import type { Find } from './text_search.js';

/** Then it is clear. */
const MOST = 1000;
/** Secrets that are told of, so that they may be cut wherever they stand. */
const MOST_SECRETS = 100_000;
/** What stands for a secret of which a line was found. */
const A_SECRET = '[secret]';

/** What was found that may not stay. */
export interface Found {
  /** Each kind once for a place. */
  readonly leaks: readonly Leak[];
  /** The secrets among it, and what should stand in their place: not to be shown to anybody. */
  readonly secrets: ReadonlyMap<string, string>;
}

/** Collects what was found that may not stay. */
export class Leaks {
  private readonly finds = new Map<string, Find>();
  private readonly secrets = new Set<string>();

  /** @param published whether a word may stay */
  constructor(private readonly published: (text: string) => boolean) {}

  add(find: Find): void {
    if (find.unless.some((text) => maySay(text, this.published))) return;
    if (find.kind === 'secret' && this.secrets.size < MOST_SECRETS) this.secrets.add(find.original);
    const { file, place, column, rowGroup } = find.where;
    const key = JSON.stringify([find.kind, file, place, column, rowGroup]);
    if (this.finds.size < MOST && !this.finds.has(key)) this.finds.set(key, find);
  }

  /** @param noted all that the redactor replaced: a leak says what should stand in its place */
  found(noted: () => Iterable<NotedPair>): Found {
    if (this.finds.size === 0) return { leaks: [], secrets: new Map() };
    const finds = [...this.finds.values()];
    const originals = new Set([...finds.map(({ original }) => original), ...this.secrets]);
    const pseudonyms = new Map<string, string>();
    for (const [pseudonym, original, kind] of noted())
      if (kind !== 'id' && originals.has(original)) pseudonyms.set(original, pseudonym);
    const leaks = finds.map(({ where, kind, original }) => ({
      ...where,
      file: where.place === 'file name' ? maskedPath(where.file) : where.file,
      kind,
      sample: sampleOf(original, kind, pseudonyms.get(original)),
    }));
    const secrets = [...this.secrets].map((secret) => [secret, pseudonyms.get(secret) ?? A_SECRET] as const);
    return { leaks, secrets: new Map(secrets) };
  }
}

function sampleOf(original: string, kind: Find['kind'], pseudonym: string | undefined): string {
  const length = `${kind === 'address' || kind === 'id' ? 'an' : 'a'} ${kind} of ${original.length} characters`;
  return pseudonym === undefined ? length : `${length} that should read ${pseudonym}`;
}

/** The path with all but the name of a table masked. */
function maskedPath(path: string): string {
  const [table = ''] = path.split('/');
  return tableNamed(table) === undefined ? '…' : `${table}/…`;
}

import { tableNamed } from '../../schema/tables/index.js';
import { maySay } from './identifiers/may_say.js';
import type { NotedPair } from './identifiers/replaced.js';
import type { Leak } from './leak.js';
import type { Find } from './text_search.js';

/** Then it is clear. */
const MOST = 1000;

/** What was found that may not stay, each kind once for a place. */
export class Leaks {
  private readonly finds = new Map<string, Find>();

  /** @param published whether a word may stay */
  constructor(private readonly published: (text: string) => boolean) {}

  add(find: Find): void {
    if (find.unless !== undefined && maySay(find.unless, this.published)) return;
    const { file, place, column, rowGroup } = find.where;
    const key = JSON.stringify([find.kind, file, place, column, rowGroup]);
    if (this.finds.size < MOST && !this.finds.has(key)) this.finds.set(key, find);
  }

  /** @param noted all that the redactor replaced: a leak says what should stand in its place */
  list(noted: () => Iterable<NotedPair>): Leak[] {
    if (this.finds.size === 0) return [];
    const finds = [...this.finds.values()];
    const originals = new Set(finds.map(({ original }) => original));
    const pseudonyms = new Map<string, string>();
    for (const [pseudonym, original, kind] of noted())
      if (kind !== 'id' && originals.has(original)) pseudonyms.set(original, pseudonym);
    return finds.map(({ where, kind, original }) => ({
      ...where,
      file: where.place === 'file name' ? maskedPath(where.file) : where.file,
      kind,
      sample: sampleOf(original, kind, pseudonyms.get(original)),
    }));
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

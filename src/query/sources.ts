import { tableNamed } from '../schema/tables/index.js';
import type { Source } from '../tape/manifest.js';

/** The source of objects that were imported from manifests. */
export const MANIFESTS_SOURCE = 'import kubernetes';

const OTLP: ReadonlySet<string> = new Set(['traces', 'metrics', 'logs']);

/** Whether the tables get rows from the source, by how recorders name their sources. */
export function feeds({ name }: Source, tables: readonly string[]): boolean {
  const [first = '', second = ''] = name.split(' ');
  if (first === 'probe') return tables.includes(second);
  return tables.some((table) => {
    const from = tableNamed(table)?.source ?? 'recorder';
    return first === 'otlp' ? OTLP.has(from) : first === from;
  });
}

/** Sources of a tape that was shared, by what became of its addresses. */
export const SHARED_SOURCES = { prefix: 'share', opaque: 'share opaque addresses' } as const;

/** What verdicts on a tape must say where its addresses kept nothing of their networks: a sentence, or none. */
export function addressNotes(sources: readonly Source[]): string[] {
  return sources.some(({ name }) => name.startsWith(SHARED_SOURCES.opaque))
    ? [
        'It was shared with addresses that kept nothing of their networks: verdicts by blocks of addresses may be others than they were.',
      ]
    : [];
}

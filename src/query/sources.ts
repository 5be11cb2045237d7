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

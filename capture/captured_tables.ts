import type { Table } from '../src/schema/table.js';
import { tables } from '../src/schema/tables/index.js';
import type { Source } from '../src/tape/manifest.js';
import { OFF, type RecordOptions } from './record_options.js';

/** Tables that are captured with these options, given what became of the sources. */
export function capturedTables(options: RecordOptions, sources: readonly Source[]): string[] {
  const otlp = options.otlpGrpc !== OFF || options.otlpHttp !== OFF;
  const captured: Record<Table['source'], (table: string) => boolean> = {
    kernel: (table) => sources.some(({ name, state }) => name === `probe ${table}` && state === 'recorded'),
    traces: () => otlp,
    metrics: () => otlp,
    logs: () => otlp,
    kubernetes: () => options.kubernetes !== OFF,
    cgroups: () => sources.some(({ name, state }) => name === 'cgroups' && state === 'recorded'),
    import: () => false,
    recorder: () => true,
  };
  return tables.filter(({ source, name }) => captured[source](name)).map(({ name }) => name);
}

import { kindName } from '../../src/kubernetes/kinds.js';
import { listedKind } from '../../src/kubernetes/observation.js';
import { kubernetesObjects } from '../../src/schema/tables/kubernetes_objects.js';
import type { Loss } from '../../src/tape/loss_row.js';
import type { RowBatch } from '../../src/tape/row_batch.js';

/** Whether rows may not be given up: what was acknowledged is in the journal, and losses are to be told. */
export function isHeldByJournal({ table }: RowBatch): boolean {
  return ['traces', 'metrics', 'logs'].includes(table.source) || table.name === 'losses';
}

/** What is said of rows that are given up because they could not be written; of each kind of objects by itself. */
export function lossesOf(batch: RowBatch, problem = 'the disk is slow'): Loss[] {
  const detail = `kept in memory until it was full: ${problem}`;
  const loss = { reason: 'memory full', table: batch.table.name, detail } as const;
  if (batch.table.name !== kubernetesObjects.name) {
    const { first = 0n, last = 0n } = batch.timeRange() ?? {};
    return [{ ...loss, source: 'recorder', since: first, until: last, count: BigInt(batch.rows) }];
  }
  return [...byKind(batch)].map(([subject, of]) => ({ ...loss, source: 'kubernetes', subject, ...of }));
}

interface Stretch {
  since: bigint;
  until: bigint;
  count: bigint;
}

/** When rows of each kind are from, and how many they are. The mark of a list is of the kind that was listed. */
function byKind(objects: RowBatch): ReadonlyMap<string, Stretch> {
  const kinds = new Map<string, Stretch>();
  const text = (name: string, row: number) => objects.column(name)?.value(row) as string | null;
  for (let row = 0; row < objects.rows; row++) {
    const kind = text('kind', row) ?? '';
    const listed = listedKind({ kind, name: text('name', row) });
    const subject = kindName(text('api_version', row) ?? '', listed ?? kind);
    const time = objects.time.bigint(row);
    const stretch = kinds.get(subject);
    if (stretch === undefined) kinds.set(subject, { since: time, until: time, count: 1n });
    else {
      if (time < stretch.since) stretch.since = time;
      if (time > stretch.until) stretch.until = time;
      stretch.count++;
    }
  }
  return kinds;
}

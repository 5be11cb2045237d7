import type { kubernetesObjects } from '../schema/tables/kubernetes_objects.js';
import type { RowBatch } from '../tape/row_batch.js';
import type { KubernetesObjectRow } from './observation.js';

/** Adds an observation to a batch of `kubernetes_objects`. */
export function appendRow(
  { columns }: RowBatch<typeof kubernetesObjects.columns>,
  row: KubernetesObjectRow,
): void {
  columns.time.appendBigint(row.time);
  columns.observed.appendString(row.observed);
  columns.kind.appendString(row.kind);
  columns.api_version.appendString(row.api_version);
  columns.namespace.appendOptional(row.namespace);
  columns.name.appendOptional(row.name);
  columns.uid.appendOptional(row.uid);
  columns.resource_version.appendOptional(row.resource_version);
  columns.removed.appendOptional(row.removed);
  columns.object.appendOptional(row.object);
}

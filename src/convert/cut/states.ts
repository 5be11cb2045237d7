import { SEEN_LATE_NS, SETTLING_NS } from '../../policy/drops/judge.js';
import { kubernetesObjects } from '../../schema/tables/kubernetes_objects.js';
import { receivedRows, segmentRows } from '../../tape/sql/segments.js';
import { lastStates } from '../../tape/sql/states.js';
import type { Window } from './window.js';

/**
 * The stretch of which every change of a state is kept: a verdict on the first and the last rows of the window looks a
 * few seconds around them.
 */
export function stateWindow({ since, until }: Window): Window {
  const around = SETTLING_NS + SEEN_LATE_NS;
  return {
    since: since === undefined ? undefined : since - around,
    until: until === undefined ? undefined : until + around,
  };
}

/**
 * The rows of a node's states that tell what was in the window, of files in the order in which they were received:
 * the last before it of everything that had not ended, then every change. Events tell what happened and not what is,
 * so that those before the window are left out.
 */
export function stateRows(
  table: string,
  { since, until }: Window,
  condition: string,
  files: readonly string[],
): string {
  const isBefore = since === undefined ? 'false' : `epoch_ns(time) < ${since}`;
  const isAfter = until === undefined ? 'false' : `epoch_ns(time) >= ${until}`;
  const isState = table === kubernetesObjects.name ? `kind <> 'Event'` : 'true';
  return `
    WITH received AS (${receivedRows(files)} WHERE ${condition}),
    carried AS (${lastStates(table, `FROM received WHERE ${isBefore}`, 'living')})
    ${segmentRows(`
      FROM carried WHERE ${isState}
      UNION ALL BY NAME FROM received WHERE NOT (${isBefore}) AND NOT (${isAfter})`)}`;
}

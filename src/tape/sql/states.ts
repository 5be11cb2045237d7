import { cgroups } from '../../schema/tables/cgroups.js';
import { kubernetesObjects } from '../../schema/tables/kubernetes_objects.js';

/** What the rows of a table of states are of: columns and expressions. */
const SUBJECT: ReadonlyMap<string, string> = new Map([
  // A mark of a list has no name: of those of first lists, which show all there is, and of the others the last is kept.
  [kubernetesObjects.name, `node, kind, api_group, namespace, name, uid, if(name IS NULL, observed, '')`],
  // The kernel gives a number anew only after the node has booted.
  [cgroups.name, 'node, cgroup_id'],
]);

const API_GROUP = `if(contains(api_version, '/'), split_part(api_version, '/', 1), '') AS api_group`;

/** What had been deleted, or was not in a later first list; where there was none, as of an import, nobody knows that. */
const OBJECT_ENDED = `
  name IS NOT NULL AND (observed IN ('deleted', 'vanished') OR coalesce(time < (
    SELECT max(mark.time) FROM states AS mark
    WHERE mark.name IS NULL AND mark.observed = 'listed' AND mark.kind = last.kind || 'List'
      AND mark.api_group = last.api_group AND mark.node = last.node
  ), false))`;

/** The root is told whenever all that are there are: what is not told again with it was gone. */
const CGROUP_ENDED = `
  coalesce(time < (
    SELECT max(root.time) FROM states AS root WHERE root.path = '/' AND root.node = last.node
  ), false)`;

/** Whether the rows of a table tell what is, and hold until another row says otherwise. */
export function isState(table: string): boolean {
  return SUBJECT.has(table);
}

/**
 * A query for the last row of everything that rows of a table of states are of, or of what was `living`: had not ended
 * by the last of the rows.
 * @param received a query for rows that receivedRows gave; they keep their places.
 */
export function lastStates(table: string, received: string, which: 'last' | 'living'): string {
  const isObject = table === kubernetesObjects.name;
  return `
    WITH states AS (SELECT *${isObject ? `, ${API_GROUP}` : ''} FROM (${received})),
    last AS (
      FROM states
      QUALIFY row_number() OVER (
        PARTITION BY ${SUBJECT.get(table)} ORDER BY time DESC, source_file DESC, source_row DESC
      ) = 1
    )
    SELECT * ${isObject ? 'EXCLUDE (api_group)' : ''} FROM last
    WHERE ${which === 'living' ? `NOT (${isObject ? OBJECT_ENDED : CGROUP_ENDED})` : 'true'}`;
}

import { SEEN_LATE_NS, SETTLING_NS } from '../../policy/drops/judge.js';
import { cgroups } from '../../schema/tables/cgroups.js';
import { kubernetesObjects } from '../../schema/tables/kubernetes_objects.js';
import type { Window } from './window.js';

/** Tables whose rows tell what is, and hold until another row says otherwise. */
export function isState(table: string): boolean {
  return table === kubernetesObjects.name || table === cgroups.name;
}

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
export function stateRows(table: string, { since, until }: Window, condition: string, files: string): string {
  const all = `SELECT *, file_index AS source_file, file_row_number AS source_row
      FROM read_parquet(${files}, file_row_number = true) WHERE ${condition}`;
  const from = since === undefined ? 'false' : `epoch_ns(time) < ${since}`;
  const to = until === undefined ? 'true' : `epoch_ns(time) < ${until}`;
  const isObject = table === kubernetesObjects.name;
  return `
      WITH received AS (${all}),
      before AS (SELECT *${isObject ? `, ${API_GROUP}` : ''} FROM received WHERE ${from}),
      last AS (
        FROM before
        QUALIFY row_number() OVER (
          PARTITION BY ${isObject ? OBJECT : CGROUP} ORDER BY time DESC, source_file DESC, source_row DESC
        ) = 1
      ),
      carried AS (SELECT * ${isObject ? 'EXCLUDE (api_group)' : ''} FROM last WHERE ${isObject ? `NOT (${ENDED})` : 'true'})
      SELECT * EXCLUDE (source_file, source_row, file_row_number)
      FROM (FROM carried UNION ALL BY NAME FROM received WHERE NOT (${from}) AND ${to})
      ORDER BY time, source_file, source_row`;
}

const API_GROUP = `if(contains(api_version, '/'), split_part(api_version, '/', 1), '') AS api_group`;

/** A mark of a list has no name: of those of first lists, which show all there is, and of the others the last. */
const OBJECT = `kind, api_group, namespace, name, uid, if(name IS NULL, observed, '')`;

/** The kernel gives a number anew only after the node has booted. */
const CGROUP = 'cgroup_id';

/** What had been deleted, or was not in a later first list. */
const ENDED = `
  kind = 'Event' OR (
    name IS NOT NULL AND (observed IN ('deleted', 'vanished') OR time < (
      SELECT max(mark.time) FROM before AS mark
      WHERE mark.name IS NULL AND mark.observed = 'listed' AND mark.kind = last.kind || 'List'
        AND mark.api_group = last.api_group
    )))`;

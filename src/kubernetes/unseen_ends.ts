import { kindName } from './kinds.js';
import { type KubernetesObjectRow, listedKind, vanishedRow } from './observation.js';

/**
 * The rows, and after each first list of a recorder a `vanished` row for every object that ended while nobody
 * recorded: it is missing from the list although the list is as new as its last version. Versions are compared and
 * not times, because another recorder may see an object before this list arrives that is newer than the list. An
 * object that is seen later had not ended: its row of the list was lost.
 *
 * @param rows in the order of time; the rows of a list have the time of its mark.
 */
export function* withUnseenEnds(rows: Iterable<KubernetesObjectRow>): Generator<KubernetesObjectRow> {
  const all = [...rows];
  const present = new PresentObjects(lastSeen(all));
  let marks: KubernetesObjectRow[] = [];
  for (const row of all) {
    // Rows of one time come in any order.
    if (marks[0] !== undefined && row.time !== marks[0].time) {
      for (const mark of marks) yield* present.missingFrom(mark);
      marks = [];
    }
    if (listedKind(row) === undefined) present.take(row);
    else if (row.observed === 'listed') marks.push(row);
    yield row;
  }
  for (const mark of marks) yield* present.missingFrom(mark);
}

/** When each object was last seen, by uid, which no other object ever has. */
function lastSeen(rows: readonly KubernetesObjectRow[]): ReadonlyMap<string, bigint> {
  const seen = new Map<string, bigint>();
  for (const { uid, observed, time } of rows) {
    if (uid !== null && observed !== 'deleted' && observed !== 'vanished') seen.set(uid, time);
  }
  return seen;
}

/** The last row of every object that has not ended, by kind. */
class PresentObjects {
  private readonly kinds = new Map<string, Map<string, KubernetesObjectRow>>();

  constructor(private readonly lastSeen: ReadonlyMap<string, bigint>) {}

  take(row: KubernetesObjectRow): void {
    const kind = kindName(row.api_version, row.kind);
    const objects = this.kinds.get(kind) ?? new Map<string, KubernetesObjectRow>();
    this.kinds.set(kind, objects);
    const key = `${row.uid ?? ''}/${row.namespace ?? ''}/${row.name}`;
    if (row.observed === 'deleted' || row.observed === 'vanished') objects.delete(key);
    else objects.set(key, row);
  }

  /** Ends what a complete list does not show. */
  *missingFrom(mark: KubernetesObjectRow): Generator<KubernetesObjectRow> {
    const kind = listedKind(mark) ?? '';
    const objects =
      this.kinds.get(kindName(mark.api_version, kind)) ?? new Map<string, KubernetesObjectRow>();
    for (const [key, row] of objects) {
      if (row.time >= mark.time || !isAsNew(mark, row)) continue;
      if ((this.lastSeen.get(row.uid ?? '') ?? 0n) > mark.time) continue;
      objects.delete(key);
      const { namespace, name, uid, resource_version } = row;
      yield vanishedRow(kind, row.api_version, { namespace, name, uid, resource_version }, mark.time);
    }
  }
}

/** Whether the list is as new as the object's version. Unknown, as for manifests, is no. */
function isAsNew(mark: KubernetesObjectRow, row: KubernetesObjectRow): boolean {
  const [listed, last] = [mark, row].map(({ resource_version }) =>
    /^[0-9]{1,20}$/.test(resource_version ?? '') ? BigInt(resource_version ?? '') : undefined,
  );
  return listed !== undefined && last !== undefined && last <= listed;
}

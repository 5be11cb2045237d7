import { reasonOf } from '../errors.js';
import { type JsonObject, objectAt, textAt } from './json.js';
import { isNamespaced } from './kinds.js';
import { isSecret, type TrimOptions, trimObject } from './trim.js';

/** How the recorder came to see a version of an object; `relisted` is for marks of lists only. */
export type Observed = 'listed' | 'relisted' | 'added' | 'modified' | 'deleted' | 'vanished' | 'imported';

/** A row of the table kubernetes_objects; the recorder adds its node. */
export interface KubernetesObjectRow {
  /** Nanoseconds since the Unix epoch. */
  readonly time: bigint;
  readonly observed: Observed;
  readonly kind: string;
  readonly api_version: string;
  /** Null for objects of the cluster. */
  readonly namespace: string | null;
  /** Null for the mark of a complete list. */
  readonly name: string | null;
  readonly uid: string | null;
  readonly resource_version: string | null;
  /** The object as JSON; null for `vanished`, of which no more than the name is known. */
  readonly object: string | null;
  /** What was taken out of the object, separated by commas; null when it is whole. */
  readonly removed: string | null;
}

/** A row, or why there is none: the object is a Secret, or lacks what a row needs. */
export type Observation =
  | { readonly row: KubernetesObjectRow }
  | { readonly secret: true }
  | { readonly problem: string };

/** What identifies an object that a relist no longer shows. */
export type KnownObject = Pick<KubernetesObjectRow, 'namespace' | 'name' | 'uid' | 'resource_version'>;

/** The row of an object that was there and is missing from a relist at `time`. */
export function vanishedRow(
  kind: string,
  apiVersion: string,
  known: KnownObject,
  time: bigint,
): KubernetesObjectRow {
  return { time, observed: 'vanished', kind, api_version: apiVersion, ...known, object: null, removed: null };
}

/** Makes the row of one object seen at `time`. A namespaced object without a namespace is in `default`. */
export function observe(
  object: JsonObject,
  observed: Observed,
  time: bigint,
  options: TrimOptions = {},
): Observation {
  if (isSecret(object)) return { secret: true };
  const kind = textAt(object, 'kind');
  const apiVersion = textAt(object, 'apiVersion');
  const metadata = objectAt(object, 'metadata');
  const name = textAt(metadata, 'name');
  if (kind === null) return { problem: 'not a Kubernetes object: it has no kind' };
  if (apiVersion === null) return { problem: `${kind} without apiVersion` };
  if (name === null) return { problem: `${kind} without metadata.name` };
  try {
    const trimmed = trimObject(object, options);
    return {
      row: {
        time,
        observed,
        kind,
        api_version: apiVersion,
        namespace: textAt(metadata, 'namespace') ?? (isNamespaced(kind, apiVersion) ? 'default' : null),
        name,
        uid: textAt(metadata, 'uid'),
        resource_version: textAt(metadata, 'resourceVersion'),
        object: JSON.stringify(trimmed.object),
        removed: trimmed.removed.join(',') || null,
      },
    };
  } catch (error) {
    return { problem: `${kind} ${name}: ${reasonOf(error)}` };
  }
}

/**
 * The row that says: at this time all objects of the kind had been listed. It tells "there were none" from
 * "nobody looked". Its kind is that of the list, such as `PodList`. At the first list of a recorder (`listed`) every
 * object has a row of the same time; at a relist only those that changed.
 */
export function listMark(
  kind: string,
  apiVersion: string,
  resourceVersion: string | null,
  time: bigint,
  observed: 'listed' | 'relisted' | 'imported' = 'listed',
): KubernetesObjectRow {
  const metadata = resourceVersion === null ? {} : { resourceVersion };
  return {
    time,
    observed,
    kind: `${kind}List`,
    api_version: apiVersion,
    namespace: null,
    name: null,
    uid: null,
    resource_version: resourceVersion,
    object: JSON.stringify({ apiVersion, kind: `${kind}List`, metadata }),
    removed: null,
  };
}

/** The kind all of whose objects the row says had been listed; undefined when the row is no mark of a list. */
export function listedKind({ kind, name }: Pick<KubernetesObjectRow, 'kind' | 'name'>): string | undefined {
  return name === null && kind.endsWith('List') ? kind.slice(0, -'List'.length) : undefined;
}

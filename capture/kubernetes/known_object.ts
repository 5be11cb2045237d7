import { type JsonObject, objectAt, textAt } from '../../src/kubernetes/json.js';
import type { KnownObject } from '../../src/kubernetes/observation.js';

/** What tells objects of a kind apart, also from a later one of the same name. */
export function keyOf(object: JsonObject): string {
  const { uid, namespace, name } = knownOf(object);
  return uid ?? `${namespace ?? ''}/${name}`;
}

/** All that is kept of an object. */
export function knownOf(object: JsonObject): KnownObject {
  const metadata = objectAt(object, 'metadata');
  return {
    namespace: textAt(metadata, 'namespace'),
    name: textAt(metadata, 'name'),
    uid: textAt(metadata, 'uid'),
    resource_version: textAt(metadata, 'resourceVersion'),
  };
}

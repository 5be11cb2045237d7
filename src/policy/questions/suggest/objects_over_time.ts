import { isJsonObject, type JsonObject } from '../../../kubernetes/json.js';
import type { KubernetesObjectRow } from '../../../kubernetes/observation.js';
import { Versions } from '../../../kubernetes/versions.js';

/** Objects as they were written, by kind, namespace and name. */
export class ObjectsOverTime {
  private readonly versions = new Map<string, Versions<JsonObject>>();

  /** @param rows of kubernetes_objects in the order of time. */
  constructor(
    rows: Iterable<Pick<KubernetesObjectRow, 'time' | 'kind' | 'namespace' | 'name' | 'object' | 'observed'>>,
  ) {
    for (const { time, kind, namespace, name, object, observed } of rows) {
      const key = keyOf(kind, namespace ?? '', name ?? '');
      const versions = this.versions.get(key) ?? new Versions<JsonObject>();
      this.versions.set(key, versions);
      const isEnd = observed === 'deleted' || observed === 'vanished' || object === null;
      const value: unknown = isEnd ? undefined : JSON.parse(object);
      versions.set(time, isJsonObject(value) ? value : undefined);
    }
  }

  /** The object at a time, nanoseconds since the epoch; undefined when there was none. */
  at(kind: string, namespace: string, name: string, time: bigint): JsonObject | undefined {
    return this.versions.get(keyOf(kind, namespace, name))?.at(time);
  }
}

function keyOf(kind: string, namespace: string, name: string): string {
  return `${kind} ${namespace}/${name}`;
}

import { isJsonObject, type JsonObject, objectsAt, textAt } from './json.js';

/** Whether the object is a list of others: `List`, or a list of one kind such as `PodList`. */
function isList(object: JsonObject): boolean {
  return textAt(object, 'kind')?.endsWith('List') === true && Array.isArray(object.items);
}

/**
 * The objects in a list. The API server leaves kind and version out of the items of a `PodList`; they are put
 * back from the list's own.
 */
export function itemsOf(list: JsonObject): JsonObject[] {
  const kind = textAt(list, 'kind')?.slice(0, -'List'.length);
  const inherited = kind ? { apiVersion: list.apiVersion, kind } : {};
  return objectsAt(list, 'items').map((item) => ({ ...inherited, ...item }));
}

/** Lists inside lists are opened too, as `kubectl get pods,services -o json` of several namespaces may give. */
export function* objectsIn(value: unknown, depth = 0): Generator<unknown> {
  const isOpenable = isJsonObject(value) && isList(value) && depth < 4;
  if (!isOpenable) yield value;
  else for (const item of itemsOf(value)) yield* objectsIn(item, depth + 1);
}

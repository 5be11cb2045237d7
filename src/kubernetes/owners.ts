import { type JsonObject, objectAt, objectsAt, textAt } from './json.js';

/** A workload or another object that owns pods, by name. */
export interface ObjectName {
  readonly kind: string;
  readonly name: string;
}

/** The controller among an object's owners, or undefined; nothing has none. */
export function controllerOf(object: JsonObject | undefined): ObjectName | undefined {
  const owner = objectsAt(objectAt(object, 'metadata'), 'ownerReferences').find(
    (reference) => reference.controller === true,
  );
  const kind = owner && textAt(owner, 'kind');
  const name = owner && textAt(owner, 'name');
  return kind && name ? { kind, name } : undefined;
}

/** Longer chains are circles. */
const MAX_OWNERS = 5;

/**
 * Who owns whom. A workload is found by owner references alone (Pod → ReplicaSet → Deployment); names are never
 * taken apart to guess it.
 */
export class Owners {
  private readonly controllers = new Map<string, ObjectName>();

  /** Remembers the controller of an object. Kubernetes never moves an object to another one. */
  add(namespace: string, object: ObjectName, controller: ObjectName): void {
    this.controllers.set(keyOf(namespace, object), controller);
  }

  /** The outermost known owner of an object; the object itself when nothing owns it. */
  workloadOf(namespace: string, object: ObjectName): ObjectName {
    return this.ownersOf(namespace, object).at(-1) ?? object;
  }

  /** The known owners of an object, the innermost first: ReplicaSet, then Deployment. */
  ownersOf(namespace: string, object: ObjectName): ObjectName[] {
    const owners: ObjectName[] = [];
    let next = this.controllers.get(keyOf(namespace, object));
    while (next !== undefined && owners.length < MAX_OWNERS) {
      owners.push(next);
      next = this.controllers.get(keyOf(namespace, next));
    }
    return owners;
  }
}

function keyOf(namespace: string, { kind, name }: ObjectName): string {
  return `${namespace}/${kind}/${name}`;
}

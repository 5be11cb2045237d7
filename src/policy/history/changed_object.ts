import { kindName } from '../../kubernetes/kinds.js';
import { nameWithKind } from '../../kubernetes/name_with_kind.js';

/** An object of the cluster that was changed, by what tells it from all others. */
export interface ChangedObject {
  readonly apiVersion: string;
  readonly kind: string;
  /** Null for objects of the cluster. */
  readonly namespace: string | null;
  readonly name: string;
}

/** As people name it: `NetworkPolicy shop/payment-ingress`, `Calico Tier secure`. */
export function objectSaid(object: ChangedObject): string {
  return nameWithKind(kindName(object.apiVersion, object.kind), object);
}

import { type JsonObject, objectAt, textAt, textEntries } from '../../kubernetes/json.js';
import type { AddressGroup } from '../cluster/address_group.js';
import { listOf, objectOf } from '../rules/fields.js';
import { nameOfObject } from './endpoint_fields.js';
import { netOf } from './nets.js';

/**
 * Compiles a NetworkSet or a GlobalNetworkSet.
 * Source: projectcalico/calico api/pkg/apis/projectcalico/v3/networkset.go, globalnetworkset.go.
 */
export function compileNetworkSet(kind: 'NetworkSet' | 'GlobalNetworkSet', object: JsonObject): AddressGroup {
  const metadata = objectAt(object, 'metadata');
  const { nets } = objectOf(object.spec ?? {}, 'spec', ['nets']);
  return {
    kind,
    namespace: kind === 'NetworkSet' ? (textAt(metadata, 'namespace') ?? 'default') : null,
    name: nameOfObject(object),
    labels: textEntries(objectAt(metadata, 'labels')),
    blocks: (listOf(nets, 'spec.nets') ?? []).map((net, i) => netOf(net, `spec.nets[${i}]`)),
  };
}

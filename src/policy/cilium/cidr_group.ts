import { type JsonObject, objectAt, textEntries } from '../../kubernetes/json.js';
import type { AddressGroup } from '../cluster/address_group.js';
import { cidrOf } from '../rules/address_block.js';
import { listOf, objectOf } from '../rules/fields.js';

/**
 * Takes the addresses from a CiliumCIDRGroup. Throws InvalidPolicy where the API would refuse it.
 * Source: cilium/pkg/k8s/apis/cilium.io/v2/cidrgroups_types.go.
 */
export function compileCiliumCidrGroup(object: JsonObject): AddressGroup {
  const metadata = objectAt(object, 'metadata');
  const { externalCIDRs } = objectOf(object.spec, 'spec', ['externalCIDRs']);
  const cidrs = listOf(externalCIDRs, 'spec.externalCIDRs') ?? [];
  return {
    kind: 'CiliumCIDRGroup',
    namespace: null,
    name: String(metadata.name),
    labels: textEntries(objectAt(metadata, 'labels')),
    blocks: cidrs.map((cidr, i) => cidrOf(cidr, `spec.externalCIDRs[${i}]`)),
  };
}

import type { JsonObject } from '../../kubernetes/json.js';
import { objectOf } from '../rules/fields.js';
import { DEFAULT_TIER, type Tier } from '../rules/tier.js';
import { nameOfObject } from './endpoint_fields.js';
import { orderOf } from './network_policy.js';
import { wordOf } from './rule.js';

/**
 * Compiles a Tier. One without an order stands where the default tier does, among its like by name.
 * Source: projectcalico/calico api/pkg/apis/projectcalico/v3/tier.go, libcalico-go/lib/resources/tier.go.
 */
export function compileTier(object: JsonObject): Tier {
  const spec = objectOf(object.spec ?? {}, 'spec', ['order', 'defaultAction']);
  return {
    name: nameOfObject(object),
    order: orderOf(spec.order, DEFAULT_TIER.order),
    defaultAction: wordOf(spec.defaultAction ?? 'Deny', ['deny', 'pass'], 'spec.defaultAction'),
  };
}

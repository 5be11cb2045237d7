import { type JsonObject, objectAt, textAt } from '../../kubernetes/json.js';
import { choiceOf, objectOf, oneOf, said } from '../rules/fields.js';
import type { CompiledPolicy } from '../rules/policy.js';
import type { PortRange } from '../rules/port_range.js';
import { InvalidPolicy } from '../rules/problem.js';
import { ADMIN_TIER, BASELINE_TIER } from '../rules/tier.js';
import { type AdminKind, adminPolicy, priorityOf } from './admin_policy.js';
import { namedPort, PROTOCOLS, portNumber } from './ports.js';

const V1ALPHA1 = {
  apiVersion: 'policy.networking.k8s.io/v1alpha1',
  most: 100,
  portsField: 'ports',
  portsOf,
} as const;

/** Before the NetworkPolicies, by priority. */
const ADMIN: AdminKind = {
  ...V1ALPHA1,
  kind: 'AdminNetworkPolicy',
  ownFields: ['priority'],
  place: (spec) => ({ tier: ADMIN_TIER.name, order: priorityOf(spec) }),
  actions: ['Allow', 'Deny', 'Pass'],
  egressPeers: ['nodes', 'networks', 'domainNames'],
};

/** After the NetworkPolicies; there is but one. */
const BASELINE: AdminKind = {
  ...V1ALPHA1,
  kind: 'BaselineAdminNetworkPolicy',
  ownFields: [],
  place: () => ({ tier: BASELINE_TIER.name, order: 0 }),
  actions: ['Allow', 'Deny'],
  egressPeers: ['nodes', 'networks'],
};

/**
 * Compiles a policy.networking.k8s.io/v1alpha1 AdminNetworkPolicy. Throws InvalidPolicy where the API would refuse it.
 * Source: sigs.k8s.io/network-policy-api/apis/v1alpha1/adminnetworkpolicy_types.go.
 */
export function compileAdminNetworkPolicy(object: JsonObject): CompiledPolicy[] {
  return adminPolicy(object, ADMIN);
}

/**
 * Compiles a policy.networking.k8s.io/v1alpha1 BaselineAdminNetworkPolicy. Throws InvalidPolicy where the API would
 * refuse it. Source: sigs.k8s.io/network-policy-api/apis/v1alpha1/baselineadminnetworkpolicy_types.go.
 */
export function compileBaselineAdminNetworkPolicy(object: JsonObject): CompiledPolicy[] {
  const name = textAt(objectAt(object, 'metadata'), 'name');
  if (name !== 'default') throw new InvalidPolicy('metadata.name', `is ${said(name)}, not "default"`);
  return adminPolicy(object, BASELINE);
}

/** Source: sigs.k8s.io/network-policy-api/apis/v1alpha1/shared_types.go, AdminNetworkPolicyPort. */
function portsOf(entry: unknown, where: string): PortRange[] {
  const { field, value } = oneOf(entry, ['portNumber', 'portRange', 'namedPort'], where);
  const at = `${where}.${field}`;
  if (field === 'namedPort') return namedPort(value, at);
  const fields = objectOf(
    value,
    at,
    field === 'portNumber' ? ['protocol', 'port'] : ['protocol', 'start', 'end'],
  );
  const protocol = choiceOf(fields.protocol ?? 'TCP', PROTOCOLS, `${at}.protocol`);
  if (field === 'portNumber')
    return [{ protocol, port: portNumber(fields.port, 1, `${at}.port`), endPort: undefined }];
  const port = portNumber(fields.start, 1, `${at}.start`);
  return [{ protocol, port, endPort: portNumber(fields.end, port, `${at}.end`) }];
}

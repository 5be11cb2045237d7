import type { JsonObject } from '../../kubernetes/json.js';
import type { PolicyProtocol } from '../cluster/endpoint.js';
import { choiceOf, objectOf, oneOf } from '../rules/fields.js';
import type { CompiledPolicy } from '../rules/policy.js';
import type { PortRange } from '../rules/port_range.js';
import { ADMIN_TIER, BASELINE_TIER } from '../rules/tier.js';
import { type AdminKind, adminPolicy, priorityOf } from './admin_policy.js';
import { namedPort, portNumber } from './ports.js';

const TIERS = { Admin: ADMIN_TIER, Baseline: BASELINE_TIER } as const;
const PROTOCOL_OF = { tcp: 'TCP', udp: 'UDP', sctp: 'SCTP' } as const satisfies Record<
  string,
  PolicyProtocol
>;

const CLUSTER: AdminKind = {
  kind: 'ClusterNetworkPolicy',
  apiVersion: 'policy.networking.k8s.io/v1alpha2',
  ownFields: ['tier', 'priority'],
  place: (spec) => ({
    tier: TIERS[choiceOf(spec.tier, ['Admin', 'Baseline'], 'spec.tier')].name,
    order: priorityOf(spec),
  }),
  actions: ['Accept', 'Deny', 'Pass'],
  egressPeers: ['nodes', 'networks', 'domainNames'],
  most: 25,
  portsField: 'protocols',
  portsOf,
};

/**
 * Compiles a policy.networking.k8s.io/v1alpha2 ClusterNetworkPolicy. Throws InvalidPolicy where the API would refuse
 * it. Source: sigs.k8s.io/network-policy-api/apis/v1alpha2/clusternetworkpolicy_types.go.
 */
export function compileClusterNetworkPolicy(object: JsonObject): CompiledPolicy[] {
  return adminPolicy(object, CLUSTER);
}

/** A protocol must say its destination port: every port of it is `range: {start: 1, end: 65535}`. */
function portsOf(entry: unknown, where: string): PortRange[] {
  const { field, value } = oneOf(entry, ['tcp', 'udp', 'sctp', 'destinationNamedPort'], where);
  if (field === 'destinationNamedPort') return namedPort(value, `${where}.${field}`);
  const protocol = PROTOCOL_OF[field];
  const port = oneOf(value, ['destinationPort'], `${where}.${field}`).value;
  const at = `${where}.${field}.destinationPort`;
  const match = oneOf(port, ['number', 'range'], at);
  if (match.field === 'number') {
    return [{ protocol, port: portNumber(match.value, 1, `${at}.number`), endPort: undefined }];
  }
  const range = objectOf(match.value, `${at}.range`, ['start', 'end']);
  const start = portNumber(range.start, 1, `${at}.range.start`);
  return [{ protocol, port: start, endPort: portNumber(range.end, start + 1, `${at}.range.end`) }];
}

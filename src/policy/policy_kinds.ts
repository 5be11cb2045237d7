import { type JsonObject, textAt } from '../kubernetes/json.js';
import { compileCalicoPolicy, compileGlobalPolicy } from './calico/network_policy.js';
import { compileNetworkSet } from './calico/network_set.js';
import { compileProfile } from './calico/profile.js';
import { compileTier } from './calico/tier.js';
import { compileCiliumCidrGroup } from './cilium/cidr_group.js';
import {
  compileCiliumClusterwideNetworkPolicy,
  compileCiliumNetworkPolicy,
} from './cilium/network_policy.js';
import type { AddressGroup } from './cluster/address_group.js';
import {
  compileAdminNetworkPolicy,
  compileBaselineAdminNetworkPolicy,
} from './kubernetes/admin_network_policy.js';
import { compileClusterNetworkPolicy } from './kubernetes/cluster_network_policy.js';
import { compileNetworkPolicy } from './kubernetes/network_policy.js';
import type { CompiledPolicy } from './rules/policy.js';
import { InvalidPolicy } from './rules/problem.js';
import type { Tier } from './rules/tier.js';

/** What objects of a kind are to policy evaluation. Each throws InvalidPolicy where the API would refuse the object. */
export type Meaning =
  /** One policy may come to several: one for each of its specs. */
  | { readonly policy: (object: JsonObject) => CompiledPolicy[] }
  | { readonly tier: (object: JsonObject) => Tier }
  | { readonly addresses: (object: JsonObject) => AddressGroup }
  /** Shown to people, never in force. */
  | { readonly staged: true };

type PolicyKind = Meaning & {
  readonly group: string;
  readonly kind: string;
  readonly versions: readonly string[];
};

/** Both of Calico's groups hold these: what its API server shows, and the resources in which it keeps them. */
const CALICO_KINDS: Readonly<Record<string, Meaning>> = {
  NetworkPolicy: { policy: compileCalicoPolicy },
  GlobalNetworkPolicy: { policy: compileGlobalPolicy },
  Tier: { tier: compileTier },
  NetworkSet: { addresses: (object) => compileNetworkSet('NetworkSet', object) },
  GlobalNetworkSet: { addresses: (object) => compileNetworkSet('GlobalNetworkSet', object) },
  Profile: { policy: compileProfile },
  StagedNetworkPolicy: { staged: true },
  StagedGlobalNetworkPolicy: { staged: true },
  StagedKubernetesNetworkPolicy: { staged: true },
};

const POLICY_KINDS: readonly PolicyKind[] = [
  ...Object.entries(CALICO_KINDS).flatMap(([kind, meaning]) => [
    { group: 'projectcalico.org', kind, versions: ['v3'], ...meaning },
    { group: 'crd.projectcalico.org', kind, versions: ['v1'], ...meaning },
  ]),
  { group: 'networking.k8s.io', kind: 'NetworkPolicy', versions: ['v1'], policy: compileNetworkPolicy },
  {
    group: 'policy.networking.k8s.io',
    kind: 'AdminNetworkPolicy',
    versions: ['v1alpha1'],
    policy: compileAdminNetworkPolicy,
  },
  {
    group: 'policy.networking.k8s.io',
    kind: 'BaselineAdminNetworkPolicy',
    versions: ['v1alpha1'],
    policy: compileBaselineAdminNetworkPolicy,
  },
  {
    group: 'policy.networking.k8s.io',
    kind: 'ClusterNetworkPolicy',
    // Both have one schema.
    versions: ['v1alpha2', 'v1beta1'],
    policy: compileClusterNetworkPolicy,
  },
  { group: 'cilium.io', kind: 'CiliumNetworkPolicy', versions: ['v2'], policy: compileCiliumNetworkPolicy },
  {
    group: 'cilium.io',
    kind: 'CiliumClusterwideNetworkPolicy',
    versions: ['v2'],
    policy: compileCiliumClusterwideNetworkPolicy,
  },
  {
    group: 'cilium.io',
    kind: 'CiliumCIDRGroup',
    versions: ['v2', 'v2alpha1'],
    addresses: compileCiliumCidrGroup,
  },
];

/** What objects of this kind mean; undefined for kinds that have nothing to do with policies. */
export function meaningOf(apiVersion: string, kind: string): Meaning | undefined {
  const [group, version = ''] = apiVersion.split('/');
  const known = POLICY_KINDS.find((one) => one.group === group && one.kind === kind);
  if (known?.versions.includes(version)) return known;
  // A policy of a kind or version that nobody here has heard of is named, never passed over in silence.
  if (known === undefined && !kind.endsWith('NetworkPolicy')) return undefined;
  const expected =
    known === undefined ? 'this kind is not judged' : `expected ${group}/${known.versions.join(' or ')}`;
  return {
    policy: (object) => {
      throw new InvalidPolicy('apiVersion', `is ${textAt(object, 'apiVersion')}: ${expected}`);
    },
  };
}

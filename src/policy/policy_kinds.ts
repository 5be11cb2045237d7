import { type JsonObject, textAt } from '../kubernetes/json.js';
import type { AddressGroup } from './cluster/address_group.js';
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

const POLICY_KINDS: readonly PolicyKind[] = [
  { group: 'networking.k8s.io', kind: 'NetworkPolicy', versions: ['v1'], policy: compileNetworkPolicy },
];

/** What objects of this kind mean; undefined for kinds that have nothing to do with policies. */
export function meaningOf(apiVersion: string, kind: string): Meaning | undefined {
  const { group, version } = groupVersion(apiVersion);
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

/** The kind by a name that no other kind shares: Calico's NetworkPolicy is not that of Kubernetes. */
export function kindName(apiVersion: string, kind: string): string {
  return groupVersion(apiVersion).group.endsWith('projectcalico.org') ? `Calico ${kind}` : kind;
}

function groupVersion(apiVersion: string): { group: string; version: string } {
  const [group = '', version] = apiVersion.split('/');
  return version === undefined ? { group: '', version: group } : { group, version };
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meaningOf } from '../../../src/policy/policy_kinds.js';

/** Policy, tier, addresses, staged; undefined for what has nothing to do with policies. */
function meaning(apiVersion: string, kind: string): string | undefined {
  const found = meaningOf(apiVersion, kind) ?? {};
  return ['policy', 'tier', 'addresses', 'staged'].find((one) => one in found);
}

/** What is said of an object of that kind and version. */
function refusal(apiVersion: string, kind: string): string {
  const found = meaningOf(apiVersion, kind);
  assert(found !== undefined && 'policy' in found);
  try {
    found.policy({ apiVersion, kind, metadata: { name: 'default' }, spec: {} });
  } catch (error) {
    return String(error);
  }
  return 'nothing';
}

const CALICO = {
  NetworkPolicy: 'policy',
  GlobalNetworkPolicy: 'policy',
  Tier: 'tier',
  NetworkSet: 'addresses',
  GlobalNetworkSet: 'addresses',
  Profile: 'policy',
  StagedNetworkPolicy: 'staged',
  StagedGlobalNetworkPolicy: 'staged',
  StagedKubernetesNetworkPolicy: 'staged',
};

test('the kinds of each API, in each of its versions', () => {
  const known = [
    ...Object.entries(CALICO).flatMap(([kind, what]) => [
      ['projectcalico.org/v3', kind, what],
      ['crd.projectcalico.org/v1', kind, what],
    ]),
    ['networking.k8s.io/v1', 'NetworkPolicy', 'policy'],
    ['policy.networking.k8s.io/v1alpha1', 'AdminNetworkPolicy', 'policy'],
    ['policy.networking.k8s.io/v1alpha1', 'BaselineAdminNetworkPolicy', 'policy'],
    ['policy.networking.k8s.io/v1alpha2', 'ClusterNetworkPolicy', 'policy'],
    ['policy.networking.k8s.io/v1beta1', 'ClusterNetworkPolicy', 'policy'],
    ['cilium.io/v2', 'CiliumNetworkPolicy', 'policy'],
    ['cilium.io/v2', 'CiliumClusterwideNetworkPolicy', 'policy'],
    ['cilium.io/v2', 'CiliumCIDRGroup', 'addresses'],
    ['cilium.io/v2alpha1', 'CiliumCIDRGroup', 'addresses'],
  ] as const;
  const found = known.map(([apiVersion = '', kind = '']) => [apiVersion, kind, meaning(apiVersion, kind)]);
  assert.deepEqual(found, known);
  for (const [apiVersion = '', kind = ''] of known.filter(([, , what]) => what === 'policy'))
    assert.doesNotMatch(refusal(apiVersion, kind), /apiVersion/);
});

test('a policy of a version or kind that nobody here has heard of is refused, not passed over', () => {
  assert.deepEqual(
    [
      refusal('networking.k8s.io/v2', 'NetworkPolicy'),
      refusal('policy.networking.k8s.io/v9', 'ClusterNetworkPolicy'),
      refusal('cilium.io/v9', 'CiliumCIDRGroup'),
      refusal('example.com/v1', 'FancyNetworkPolicy'),
      refusal('v1', 'NetworkPolicy'),
    ],
    [
      'InvalidPolicy: apiVersion is networking.k8s.io/v2: expected networking.k8s.io/v1',
      'InvalidPolicy: apiVersion is policy.networking.k8s.io/v9: expected policy.networking.k8s.io/v1alpha2 or v1beta1',
      'InvalidPolicy: apiVersion is cilium.io/v9: expected cilium.io/v2 or v2alpha1',
      'InvalidPolicy: apiVersion is example.com/v1: this kind is not judged',
      'InvalidPolicy: apiVersion is v1: this kind is not judged',
    ],
  );
});

test('other kinds have nothing to do with policies, also of groups that have some', () => {
  assert.equal(meaning('v1', 'Pod'), undefined);
  assert.equal(meaning('v1', 'Profile'), undefined);
  assert.equal(meaning('cilium.io/v2', 'CiliumEndpoint'), undefined);
  assert.equal(meaning('example.com/v3', 'Tier'), undefined);
});

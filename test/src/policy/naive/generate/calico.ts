import fc from 'fast-check';
import type {
  CalicoGlobalNetworkPolicy,
  CalicoGlobalNetworkSet,
  CalicoNetworkPolicy,
  CalicoNetworkSet,
  CalicoSpec,
  CalicoStagedPolicy,
  CalicoTier,
} from '../calico_objects.js';
import { cidr, labels, NAMESPACES, namespace, SET_LABELS } from './alphabet.js';
import { rules } from './calico_rule.js';
import { ofAccounts, ofNamespaces, ofPods } from './calico_selector.js';

const types = fc.constantFrom(
  ['Ingress' as const],
  ['Egress' as const],
  ['Ingress' as const, 'Egress' as const],
);
const tier = fc.constantFrom('default', 'above', 'early', 'late');

const common = {
  tier,
  order: fc.constantFrom(1, 2, 500, 1000, 2000),
  selector: fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom('', 'all()') },
    { weight: 1, arbitrary: ofPods },
  ),
  types,
  ingress: rules('source'),
  egress: rules('destination'),
};
const spec: fc.Arbitrary<CalicoSpec> = fc.oneof(
  { weight: 4, arbitrary: fc.record(common, { requiredKeys: [] }) },
  {
    weight: 1,
    arbitrary: fc.record(
      { ...common, serviceAccountSelector: ofAccounts },
      { requiredKeys: ['serviceAccountSelector'] },
    ),
  },
);
const globalSpec: fc.Arbitrary<CalicoSpec> = fc.oneof(
  { weight: 4, arbitrary: spec },
  {
    weight: 2,
    arbitrary: fc.record(
      { ...common, namespaceSelector: ofNamespaces },
      { requiredKeys: ['namespaceSelector'] },
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .record(common, { requiredKeys: [] })
      .map((one) => ({ ...one, doNotTrack: true, applyOnForward: true })),
  },
);

const apiVersion = 'projectcalico.org/v3';

export const calicoNetworkPolicy: fc.Arbitrary<CalicoNetworkPolicy> = fc
  .tuple(namespace, spec)
  .map(([where, one]) => ({
    apiVersion,
    kind: 'NetworkPolicy',
    metadata: { namespace: where, name: '' },
    spec: one,
  }));

export const calicoGlobalNetworkPolicy: fc.Arbitrary<CalicoGlobalNetworkPolicy> = globalSpec.map((one) => ({
  apiVersion,
  kind: 'GlobalNetworkPolicy',
  metadata: { name: '' },
  spec: one,
}));

export const calicoStagedPolicy: fc.Arbitrary<CalicoStagedPolicy> = spec.map((one) => ({
  apiVersion,
  kind: 'StagedGlobalNetworkPolicy',
  metadata: { name: '' },
  spec: { ...one, stagedAction: 'Set' },
}));

/** Every tier that a policy may name exists: before, around and after those that Calico brings. */
export const calicoTiers: fc.Arbitrary<CalicoTier[]> = fc
  .array(
    fc.record(
      {
        order: fc.constantFrom(100, 5000, 2_000_000, 20_000_000),
        defaultAction: fc.constantFrom('Pass' as const, 'Deny' as const),
      },
      { requiredKeys: [] },
    ),
    { minLength: 3, maxLength: 3 },
  )
  .map((specs) =>
    specs.map((spec, index) => ({
      apiVersion,
      kind: 'Tier',
      metadata: { name: ['above', 'early', 'late'][index] ?? '' },
      spec,
    })),
  );

const set = fc.record({
  labels: labels(SET_LABELS),
  nets: fc.oneof(fc.uniqueArray(cidr, { minLength: 1, maxLength: 2 }), fc.constant(['203.0.113.5'])),
});

export const calicoNetworkSets: fc.Arbitrary<(CalicoNetworkSet | CalicoGlobalNetworkSet)[]> = fc
  .array(fc.tuple(fc.constantFrom('', '', ...NAMESPACES), set), { minLength: 1, maxLength: 2 })
  .map((sets) =>
    sets.map(([where, one], index) =>
      where === ''
        ? {
            apiVersion,
            kind: 'GlobalNetworkSet',
            metadata: { name: `set${index}`, labels: one.labels },
            spec: { nets: one.nets },
          }
        : {
            apiVersion,
            kind: 'NetworkSet',
            metadata: { namespace: where, name: `set${index}`, labels: one.labels },
            spec: { nets: one.nets },
          },
    ),
  );

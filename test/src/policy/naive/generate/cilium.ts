import fc from 'fast-check';
import type {
  CiliumCIDRGroup,
  CiliumClusterwideNetworkPolicy,
  CiliumNetworkPolicy,
  CiliumSpec,
} from '../cilium_objects.js';
import { cidr, namespace } from './alphabet.js';
import { rules, subject } from './cilium_rule.js';

const spec: fc.Arbitrary<CiliumSpec> = fc
  .record(
    {
      endpointSelector: subject,
      enableDefaultDeny: fc.record({ ingress: fc.boolean(), egress: fc.boolean() }, { requiredKeys: [] }),
      ingress: rules('from', true),
      egress: rules('to', true),
      ingressDeny: rules('from', false),
      egressDeny: rules('to', false),
    },
    { requiredKeys: ['endpointSelector'] },
  )
  .map((one) => (hasRules(one) ? one : { ...one, ingress: [{}] }));

/** The API refuses a spec without any rule. */
function hasRules(one: CiliumSpec): boolean {
  return [one.ingress, one.egress, one.ingressDeny, one.egressDeny].some((list) => (list ?? []).length > 0);
}

const specs = fc.oneof(
  { weight: 4, arbitrary: fc.record({ spec }) },
  { weight: 1, arbitrary: fc.record({ specs: fc.array(spec, { minLength: 1, maxLength: 2 }) }) },
);

export const ciliumNetworkPolicy: fc.Arbitrary<CiliumNetworkPolicy> = fc
  .tuple(namespace, specs)
  .map(([where, rest]) => ({
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { namespace: where, name: '' },
    ...rest,
  }));

export const ciliumClusterwideNetworkPolicy: fc.Arbitrary<CiliumClusterwideNetworkPolicy> = specs.map(
  (rest) => ({
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumClusterwideNetworkPolicy',
    metadata: { name: '' },
    ...rest,
  }),
);

export const ciliumCidrGroups: fc.Arbitrary<CiliumCIDRGroup[]> = fc
  .array(
    fc.record({
      labels: fc.record({ app: fc.constantFrom('web', 'db') }, { requiredKeys: [] }),
      externalCIDRs: fc.uniqueArray(cidr, { minLength: 1, maxLength: 2 }),
    }),
    { minLength: 1, maxLength: 2 },
  )
  .map((groups) =>
    groups.map(({ labels, externalCIDRs }, index) => ({
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumCIDRGroup',
      metadata: { name: `g${index}`, labels },
      spec: { externalCIDRs },
    })),
  );

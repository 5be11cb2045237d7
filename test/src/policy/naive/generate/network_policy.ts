import fc from 'fast-check';
import type { NetworkPolicy, NetworkPolicyPort } from '../kubernetes_objects.js';
import {
  blockWithExcept,
  labelSelector,
  NAMESPACE_LABELS,
  namespace,
  POD_LABELS,
  port,
  portName,
  protocol,
  range,
  wideSelector,
} from './alphabet.js';

const podSelector = labelSelector(POD_LABELS);
const namespaceSelector = labelSelector(NAMESPACE_LABELS);

const networkPolicyPort: fc.Arbitrary<NetworkPolicyPort> = fc.oneof(
  fc.record({ protocol, port }, { requiredKeys: ['port'] }),
  fc.record({ protocol, port: portName }, { requiredKeys: ['port'] }),
  range.map(({ start, end }) => ({ port: start, endPort: end })),
  fc.record({ protocol }, { requiredKeys: [] }),
);
const networkPolicyPeer = fc.oneof(
  fc.record({ podSelector }),
  fc.record({ namespaceSelector }),
  fc.record({ podSelector, namespaceSelector }),
  fc.record({ ipBlock: blockWithExcept }),
);
/** Seldom an empty list, which is like none at all. */
const mostlySome = <T>(item: fc.Arbitrary<T>) =>
  fc.oneof(
    { weight: 8, arbitrary: fc.array(item, { minLength: 1, maxLength: 2 }) },
    { weight: 1, arbitrary: fc.constant<T[]>([]) },
  );
const ports = mostlySome(networkPolicyPort);
const peers = mostlySome(networkPolicyPeer);
const ingressRule = fc.oneof(
  { weight: 5, arbitrary: fc.record({ ports, from: peers }, { requiredKeys: ['from'] }) },
  { weight: 1, arbitrary: fc.record({ ports }, { requiredKeys: [] }) },
);
const egressRule = fc.oneof(
  { weight: 5, arbitrary: fc.record({ ports, to: peers }, { requiredKeys: ['to'] }) },
  { weight: 1, arbitrary: fc.record({ ports }, { requiredKeys: [] }) },
);

const rules = {
  podSelector: wideSelector(POD_LABELS),
  ingress: fc.array(ingressRule, { maxLength: 2 }),
  egress: fc.array(egressRule, { maxLength: 2 }),
};
const both = ['Ingress' as const, 'Egress' as const];
const policyTypes = fc.constantFrom(['Ingress' as const], ['Egress' as const], both, both);

export const networkPolicy: fc.Arbitrary<NetworkPolicy> = fc.record({
  apiVersion: fc.constant('networking.k8s.io/v1'),
  kind: fc.constant('NetworkPolicy'),
  metadata: fc.record({ namespace, name: fc.constant('') }),
  spec: fc.oneof(
    { weight: 1, arbitrary: fc.record(rules, { requiredKeys: ['podSelector'] }) },
    {
      weight: 3,
      arbitrary: fc.record({ ...rules, policyTypes }, { requiredKeys: ['podSelector', 'policyTypes'] }),
    },
  ),
});

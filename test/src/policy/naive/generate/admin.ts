import fc from 'fast-check';
import type {
  AdminNetworkPolicy,
  AdminPeer,
  BaselineAdminNetworkPolicy,
  ClusterNetworkPolicy,
} from '../kubernetes_objects.js';
import {
  cidrs,
  labelSelector,
  NAMESPACE_LABELS,
  NODE_LABELS,
  POD_LABELS,
  port,
  portName,
  protocol,
  range,
  wideSelector,
} from './alphabet.js';

const podSelector = labelSelector(POD_LABELS);
const namespaceSelector = labelSelector(NAMESPACE_LABELS);

const peer = fc.oneof(
  fc.record({ namespaces: namespaceSelector }),
  fc.record({ pods: fc.record({ namespaceSelector, podSelector }) }),
);
const subject = fc.oneof(
  fc.record({ namespaces: wideSelector(NAMESPACE_LABELS) }),
  fc.record({
    pods: fc.record({
      namespaceSelector: wideSelector(NAMESPACE_LABELS),
      podSelector: wideSelector(POD_LABELS),
    }),
  }),
);
const egressPeer: fc.Arbitrary<AdminPeer> = fc.oneof(
  { weight: 4, arbitrary: peer },
  { weight: 2, arbitrary: fc.record({ nodes: labelSelector(NODE_LABELS) }) },
  { weight: 3, arbitrary: fc.record({ networks: cidrs }) },
);
const domainNames = fc.record({ domainNames: fc.constant(['example.com']) });
const few = { minLength: 1, maxLength: 2 };

const numberedPort = fc.oneof(
  fc.record({ portNumber: fc.record({ protocol, port }, { requiredKeys: ['port'] }) }),
  range.chain(({ start, end }) =>
    fc.record({
      portRange: fc.record(
        { protocol, start: fc.constant(start), end: fc.constant(end) },
        { requiredKeys: ['start', 'end'] },
      ),
    }),
  ),
);
const adminPorts = fc.array(numberedPort, few);
const namedAdminPorts = fc.array(fc.oneof(numberedPort, fc.record({ namedPort: portName })), few);
const name = fc.constantFrom('first', 'second');

/** Named ports go with pods only, domain names with Allow only, and not in the baseline: the API refuses the rest. */
function adminRules(actions: readonly ('Allow' | 'Deny' | 'Pass')[], domainWeight: number) {
  const action = fc.constantFrom(...actions);
  const optional = { requiredKeys: ['action', 'from'] as ('action' | 'from')[] };
  const toOptional = { requiredKeys: ['action', 'to'] as ('action' | 'to')[] };
  const ingress = fc.record({ name, action, from: fc.array(peer, few), ports: namedAdminPorts }, optional);
  const egress = fc.oneof(
    fc.record({ name, action, to: fc.array(peer, few), ports: namedAdminPorts }, toOptional),
    fc.record({ action, to: fc.array(egressPeer, few), ports: adminPorts }, toOptional),
  );
  const toDomain = fc.record(
    {
      action: fc.constant('Allow' as const),
      to: fc.array(domainNames, { minLength: 1, maxLength: 1 }),
      ports: adminPorts,
    },
    toOptional,
  );
  return {
    ingress: fc.array(ingress, { maxLength: 3 }),
    egress: fc.array(
      fc.oneof({ weight: 6, arbitrary: egress }, { weight: domainWeight, arbitrary: toDomain }),
      {
        maxLength: 3,
      },
    ),
  };
}

const priority = fc.constantFrom(1, 1, 2);

export const adminNetworkPolicy: fc.Arbitrary<AdminNetworkPolicy> = fc.record({
  apiVersion: fc.constant('policy.networking.k8s.io/v1alpha1'),
  kind: fc.constant('AdminNetworkPolicy'),
  metadata: fc.record({ name: fc.constant('') }),
  spec: fc.record(
    { priority, subject, ...adminRules(['Allow', 'Deny', 'Deny', 'Pass'], 1) },
    { requiredKeys: ['priority', 'subject'] },
  ),
});

export const baselineAdminNetworkPolicy: fc.Arbitrary<BaselineAdminNetworkPolicy> = fc.record({
  apiVersion: fc.constant('policy.networking.k8s.io/v1alpha1'),
  kind: fc.constant('BaselineAdminNetworkPolicy'),
  metadata: fc.constant({ name: 'default' }),
  spec: fc.record({ subject, ...adminRules(['Allow', 'Deny', 'Deny'], 0) }, { requiredKeys: ['subject'] }),
});

const destinationPort = fc.oneof(
  port.map((number) => ({ destinationPort: { number } })),
  range.map((one) => ({ destinationPort: { range: one } })),
);
const numberedProtocol = fc.oneof(
  fc.record({ tcp: destinationPort }),
  fc.record({ udp: destinationPort }),
  fc.record({ sctp: destinationPort }),
);
const protocols = fc.array(numberedProtocol, few);
const namedProtocols = fc.array(
  fc.oneof(
    { weight: 2, arbitrary: numberedProtocol },
    { weight: 1, arbitrary: fc.record({ destinationNamedPort: portName }) },
  ),
  few,
);
const clusterAction = fc.constantFrom('Accept' as const, 'Deny' as const, 'Deny' as const, 'Pass' as const);

export const clusterNetworkPolicy: fc.Arbitrary<ClusterNetworkPolicy> = fc.record({
  apiVersion: fc.constant('policy.networking.k8s.io/v1alpha2'),
  kind: fc.constant('ClusterNetworkPolicy'),
  metadata: fc.record({ name: fc.constant('') }),
  spec: fc.record(
    {
      tier: fc.constantFrom('Admin', 'Baseline'),
      priority,
      subject,
      ingress: fc.array(
        fc.record(
          { name, action: clusterAction, from: fc.array(peer, few), protocols: namedProtocols },
          { requiredKeys: ['action', 'from'] },
        ),
        { maxLength: 3 },
      ),
      egress: fc.array(
        fc.oneof(
          {
            weight: 3,
            arbitrary: fc.record(
              { name, action: clusterAction, to: fc.array(peer, few), protocols: namedProtocols },
              { requiredKeys: ['action', 'to'] },
            ),
          },
          {
            weight: 3,
            arbitrary: fc.record(
              { action: clusterAction, to: fc.array(egressPeer, few), protocols },
              { requiredKeys: ['action', 'to'] },
            ),
          },
          {
            weight: 1,
            arbitrary: fc.record(
              {
                action: fc.constant('Accept' as const),
                to: fc.array(domainNames, { minLength: 1, maxLength: 1 }),
                protocols,
              },
              { requiredKeys: ['action', 'to'] },
            ),
          },
        ),
        { maxLength: 3 },
      ),
    },
    { requiredKeys: ['tier', 'priority', 'subject'] },
  ),
});

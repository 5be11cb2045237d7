import fc from 'fast-check';
import type { CiliumRule } from '../cilium_objects.js';
import type { LabelSelector } from '../metadata.js';
import {
  blockWithExcept,
  cidrs,
  labelSelector,
  NAMESPACE_LABELS,
  NODE_LABELS,
  namespace,
  POD_LABELS,
  port,
  portName,
  range,
  SERVICE_ACCOUNTS,
  SET_LABELS,
} from './alphabet.js';

/** Labels of pods, by the three ways to write their source. */
const ofPods = fc
  .tuple(labelSelector(POD_LABELS), fc.constantFrom('', 'k8s:', 'any:'))
  .map(([selector, source]) => withPrefix(selector, source));

function withPrefix(selector: LabelSelector, prefix: string): LabelSelector {
  const { matchLabels, matchExpressions } = selector;
  return {
    ...(matchLabels && {
      matchLabels: Object.fromEntries(
        Object.entries(matchLabels).map(([key, value]) => [`${prefix}${key}`, value]),
      ),
    }),
    ...(matchExpressions && {
      matchExpressions: matchExpressions.map((one) => ({ ...one, key: `${prefix}${one.key}` })),
    }),
  };
}

const ofNamespace = fc
  .tuple(fc.constantFrom('k8s:', ''), fc.constantFrom(...NAMESPACE_LABELS.team))
  .map(([source, team]) => ({ matchLabels: { [`${source}io.cilium.k8s.namespace.labels.team`]: team } }));
const byName = fc
  .tuple(fc.constantFrom('k8s:', 'any:', ''), namespace, labelSelector(POD_LABELS))
  .map(([source, name, selector]) => ({
    ...selector,
    matchLabels: { ...selector.matchLabels, [`${source}io.kubernetes.pod.namespace`]: name },
  }));
const byAccount = fc
  .constantFrom(...SERVICE_ACCOUNTS)
  .map((name) => ({ matchLabels: { 'io.cilium.k8s.policy.serviceaccount': name } }));
const byCluster = fc
  .constantFrom('default', 'other')
  .map((name) => ({ matchLabels: { 'k8s:io.cilium.k8s.policy.cluster': name } }));
const reserved = fc
  .constantFrom('world', 'host', 'remote-node')
  .map((name) => ({ matchLabels: { [`reserved:${name}`]: '' } }));

const endpoints: fc.Arbitrary<readonly LabelSelector[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: ofPods },
    { weight: 2, arbitrary: ofNamespace },
    { weight: 3, arbitrary: byName },
    { weight: 1, arbitrary: byAccount },
    { weight: 1, arbitrary: byCluster },
    { weight: 1, arbitrary: reserved },
  ),
  { maxLength: 2 },
);
export const subject: fc.Arbitrary<LabelSelector> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  { weight: 5, arbitrary: ofPods },
  { weight: 1, arbitrary: byAccount },
  { weight: 1, arbitrary: ofNamespace },
);

const entities = fc.uniqueArray(
  fc.constantFrom(
    'all',
    'world',
    'cluster',
    'host',
    'remote-node',
    'kube-apiserver',
    'init',
    'health',
    'unmanaged',
    'none',
  ),
  { minLength: 1, maxLength: 2 },
);
/** Cilium's blocks are for what is outside of the cluster: one that has something to except there. */
const outside = fc.constantFrom(
  { cidr: '0.0.0.0/0', except: ['203.0.113.0/24'] },
  { cidr: '::/0', except: ['2001:db8::/32'] },
  { cidr: '203.0.113.0/24', except: ['203.0.113.0/24'] },
);
const cidrSets = fc.array(
  fc.oneof(
    { weight: 2, arbitrary: blockWithExcept },
    { weight: 2, arbitrary: outside },
    { weight: 2, arbitrary: fc.record({ cidrGroupRef: fc.constantFrom('g0', 'g1', 'missing') }) },
    { weight: 1, arbitrary: fc.record({ cidrGroupSelector: labelSelector(SET_LABELS) }) },
  ),
  { minLength: 1, maxLength: 2 },
);
const nodes = fc.array(labelSelector(NODE_LABELS), { minLength: 1, maxLength: 1 });

const portProtocol = fc.constantFrom('TCP', 'UDP', 'SCTP', 'ANY');
const onePort = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ port: port.map(String), protocol: portProtocol }, { requiredKeys: ['port'] }),
  },
  { weight: 2, arbitrary: fc.record({ port: portName, protocol: portProtocol }, { requiredKeys: ['port'] }) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(range, portProtocol)
      .map(([{ start, end }, one]) => ({ port: `${start}`, endPort: end, protocol: one })),
  },
  { weight: 1, arbitrary: fc.record({ port: fc.constant('0'), protocol: fc.constantFrom('TCP', 'UDP') }) },
);
const plainPorts = fc.record({ ports: fc.array(onePort, { minLength: 1, maxLength: 2 }) });
const http = fc.record({
  ports: fc.array(fc.record({ port: port.map(String), protocol: fc.constant('TCP') }), {
    minLength: 1,
    maxLength: 1,
  }),
  rules: fc.constant({ http: [{ method: 'GET' }] }),
});
const toPorts = (withL7: boolean) =>
  fc.array(
    withL7 ? fc.oneof({ weight: 4, arbitrary: plainPorts }, { weight: 1, arbitrary: http }) : plainPorts,
    { maxLength: 2 },
  );
const icmps = fc.array(
  fc.record({
    fields: fc.array(
      fc.record(
        { family: fc.constantFrom('IPv4', 'IPv6'), type: fc.constantFrom(0, 8, 128) },
        { requiredKeys: ['type'] },
      ),
      { minLength: 1, maxLength: 1 },
    ),
  }),
  { minLength: 1, maxLength: 1 },
);

/** One kind of peers at most, ports or ICMP types or neither: the API refuses the rest. */
function rule(direction: 'from' | 'to', isAllow: boolean): fc.Arbitrary<CiliumRule> {
  const peers: fc.Arbitrary<CiliumRule>[] = [
    fc.constant({}),
    endpoints.map((list) => ({ [`${direction}Endpoints`]: list })),
    endpoints.map((list) => ({ [`${direction}Endpoints`]: list })),
    entities.map((list) => ({ [`${direction}Entities`]: list })),
    cidrs.map((list) => ({ [`${direction}CIDR`]: list })),
    cidrSets.map((list) => ({ [`${direction}CIDRSet`]: list })),
    cidrSets.map((list) => ({ [`${direction}CIDRSet`]: list })),
    nodes.map((list) => ({ [`${direction}Nodes`]: list })),
  ];
  if (direction === 'to')
    peers.push(fc.constant({ toServices: [{ k8sService: { serviceName: 'web', namespace: 'a' } }] }));
  if (direction === 'to' && isAllow) peers.push(fc.constant({ toFQDNs: [{ matchName: 'example.com' }] }));
  const ports: fc.Arbitrary<CiliumRule> = fc.oneof(
    { weight: 4, arbitrary: fc.constant({}) },
    { weight: 4, arbitrary: fc.record({ toPorts: toPorts(isAllow) }) },
    { weight: 2, arbitrary: fc.record({ icmps }) },
  );
  return fc.tuple(fc.oneof(...peers), ports).map(([some, others]) => ({ ...some, ...others }));
}

export const rules = (direction: 'from' | 'to', isAllow: boolean) =>
  fc.array(rule(direction, isAllow), { maxLength: isAllow ? 3 : 1 });

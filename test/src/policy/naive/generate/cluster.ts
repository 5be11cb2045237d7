import fc from 'fast-check';
import type { KubernetesObject, Pod } from '../objects.js';
import { isIPv6 } from '../question.js';
import { adminNetworkPolicy, baselineAdminNetworkPolicy, clusterNetworkPolicy } from './admin.js';
import {
  ACCOUNT_LABELS,
  labels,
  NAMESPACE_LABELS,
  NAMESPACES,
  NODE_ADDRESSES,
  NODE_LABELS,
  NODES,
  namespace,
  POD_LABELS,
  port,
  portName,
  protocol,
  SERVICE_ACCOUNTS,
} from './alphabet.js';
import {
  calicoGlobalNetworkPolicy,
  calicoNetworkPolicy,
  calicoNetworkSets,
  calicoStagedPolicy,
  calicoTiers,
} from './calico.js';
import { ciliumCidrGroups, ciliumClusterwideNetworkPolicy, ciliumNetworkPolicy } from './cilium.js';
import { networkPolicy } from './network_policy.js';

const namespaces = fc.tuple(...NAMESPACES.map(() => labels(NAMESPACE_LABELS))).map((all) =>
  all.map((some, index): KubernetesObject => {
    const name = NAMESPACES[index] ?? '';
    return {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { ...some, 'kubernetes.io/metadata.name': name } },
    };
  }),
);

const nodes = fc.tuple(...NODES.map(() => labels(NODE_LABELS))).map((all) =>
  all.map((some, index): KubernetesObject => {
    const name = NODES[index] ?? '';
    const addresses = (NODE_ADDRESSES[name] ?? []).map((address) => ({ type: 'InternalIP', address }));
    return { apiVersion: 'v1', kind: 'Node', metadata: { name, labels: some }, status: { addresses } };
  }),
);

const accounts = fc.tuple(labels(ACCOUNT_LABELS), labels(ACCOUNT_LABELS)).map((all) =>
  NAMESPACES.flatMap((where) =>
    SERVICE_ACCOUNTS.map(
      (name, index): KubernetesObject => ({
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { namespace: where, name, labels: all[index] ?? {} },
      }),
    ),
  ),
);

const containerPort = fc.record(
  { name: portName, containerPort: port, protocol },
  { requiredKeys: ['containerPort'] },
);
const pod = fc.record({
  namespace,
  labels: labels(POD_LABELS),
  node: fc.constantFrom(...NODES),
  hostNetwork: fc.integer({ min: 0, max: 7 }).map((one) => one === 0),
  dualStack: fc.boolean(),
  account: fc.constantFrom(...SERVICE_ACCOUNTS),
  ports: fc.uniqueArray(containerPort, { maxLength: 2, selector: (one) => one.name ?? one }),
});

const pods = fc.array(pod, { minLength: 2, maxLength: 6 }).map((all) =>
  all.map((one, index): Pod => {
    const own = one.dualStack ? [`10.0.0.${index + 1}`, `fd00::${index + 1}`] : [`10.0.0.${index + 1}`];
    const addresses = one.hostNetwork ? (NODE_ADDRESSES[one.node] ?? []) : own;
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace: one.namespace, name: `pod${index}`, labels: one.labels },
      spec: {
        nodeName: one.node,
        ...(one.hostNetwork ? { hostNetwork: true } : {}),
        serviceAccountName: one.account,
        containers: [{ name: 'main', ports: one.ports }],
      },
      status: { phase: 'Running', podIPs: addresses.map((ip) => ({ ip })) },
    };
  }),
);

/** The API server of this cluster: outside of it, or on a node. */
const apiServer = fc.constantFrom('203.0.113.5', '192.168.0.2').map((address): KubernetesObject[] => [
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: 'default', name: 'kubernetes' },
    spec: { clusterIP: '10.96.0.1', ports: [{ port: 443, targetPort: 6443, protocol: 'TCP' }] },
  },
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      namespace: 'default',
      name: 'kubernetes',
      labels: { 'kubernetes.io/service-name': 'kubernetes' },
    },
    addressType: 'IPv4',
    endpoints: [{ addresses: [address] }],
    ports: [{ port: 6443, protocol: 'TCP' }],
  },
]);

const some = (policy: fc.Arbitrary<KubernetesObject>, maxLength: number) =>
  fc.array(policy, { maxLength, size: 'max' });
const atLeastOne = (policy: fc.Arbitrary<KubernetesObject>, maxLength: number) =>
  fc.array(policy, { minLength: 1, maxLength, size: 'max' });
const together = (...parts: fc.Arbitrary<KubernetesObject[]>[]) =>
  fc.tuple(...parts).map((lists) => lists.flat());

/** The API of the policies above those of namespaces has two versions, of other kinds: a cluster has one of them. */
const admin = fc.oneof(
  { weight: 2, arbitrary: fc.constant<KubernetesObject[]>([]) },
  { weight: 1, arbitrary: together(some(adminNetworkPolicy, 3), some(baselineAdminNetworkPolicy, 1)) },
  { weight: 1, arbitrary: some(clusterNetworkPolicy, 3) },
);

const policies = fc.oneof(
  together(atLeastOne(networkPolicy, 6), admin),
  together(
    some(networkPolicy, 4),
    admin,
    atLeastOne(fc.oneof(ciliumNetworkPolicy, ciliumClusterwideNetworkPolicy), 5),
    ciliumCidrGroups,
  ),
  together(
    some(networkPolicy, 4),
    admin,
    atLeastOne(fc.oneof(calicoNetworkPolicy, calicoGlobalNetworkPolicy), 5),
    some(calicoStagedPolicy, 1),
    calicoTiers,
    calicoNetworkSets,
  ),
);

/** A small cluster of one data plane, with up to a dozen policies. */
export const cluster: fc.Arbitrary<KubernetesObject[]> = fc
  .tuple(namespaces, nodes, accounts, apiServer, pods, policies)
  .map((parts) => named([...parts.flat(), ...webService(parts.flat())]));

/** Service a/web and where it leads: the pods that it selects, also those with the address of their node. */
function webService(objects: readonly KubernetesObject[]): KubernetesObject[] {
  const metadata = { namespace: 'a', labels: { 'kubernetes.io/service-name': 'web' } };
  const backends = objects.filter(
    (object): object is Pod =>
      object.kind === 'Pod' && object.metadata.namespace === 'a' && object.metadata.labels?.app === 'web',
  );
  const addresses = backends.flatMap(({ status }) => status.podIPs.map(({ ip }) => ip));
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { namespace: 'a', name: 'web' },
      spec: {
        clusterIP: '10.96.1.1',
        selector: { app: 'web' },
        ports: [{ port: 80, targetPort: 8080, protocol: 'TCP' }],
      },
    },
    ...(['IPv4', 'IPv6'] as const).map(
      (addressType): KubernetesObject => ({
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: { ...metadata, name: `web-${addressType.toLowerCase()}` },
        addressType,
        endpoints: addresses
          .filter((address) => isIPv6(address) === (addressType === 'IPv6'))
          .map((address) => ({ addresses: [address] })),
        ports: [{ port: 8080, protocol: 'TCP' }],
      }),
    ),
  ];
}

/** Gives the policies that have no name yet one that tells them apart; those of a tier carry its name in front. */
function named(objects: readonly KubernetesObject[]): KubernetesObject[] {
  return objects.map((object, index) => {
    if (object.metadata.name !== '') return object;
    const tier =
      'spec' in object && object.spec !== undefined && 'tier' in object.spec ? object.spec.tier : undefined;
    const prefix = object.apiVersion === 'projectcalico.org/v3' && tier !== undefined ? `${tier}.` : '';
    const name = `${prefix}policy${index}`;
    return { ...object, metadata: { ...object.metadata, name } } as KubernetesObject;
  });
}

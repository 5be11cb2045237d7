import fc from 'fast-check';
import { observed, type TinyRow, type TinyTables } from '../../tiny_tape.js';

// A small cluster over a minute, at random: pods of three namespaces come and go and take over each other's addresses,
// labels and policies change, and packets between any two of their addresses are dropped.

export const NAMESPACES = ['shop', 'bank', 'ops'] as const;
const APPS = ['web', 'db'] as const;
const ADDRESSES = ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5', '10.96.0.1', '10.96.0.2'];
const POD_ADDRESSES = ADDRESSES.slice(0, 5);
const KINDS_LISTED = ['Pod', 'Namespace', 'NetworkPolicy', 'Service', 'EndpointSlice', 'Node'];

const second = fc.integer({ min: 0, max: 59 });
const namespace = fc.constantFrom(...NAMESPACES);
const app = fc.constantFrom(...APPS);

const podEvent = fc.record({
  second,
  namespace,
  app,
  number: fc.integer({ min: 1, max: 2 }),
  address: fc.constantFrom(...POD_ADDRESSES),
  isGone: fc.integer({ min: 0, max: 3 }).map((number) => number === 0),
});

const policyEvent = fc.record({
  second,
  namespace,
  selects: fc.option(app),
  isIngress: fc.boolean(),
  peerApp: fc.option(app),
  peerNamespace: fc.option(namespace),
  port: fc.constantFrom(80, 5432),
  isGone: fc.boolean(),
});

const serviceEvent = fc.record({
  second,
  namespace,
  app,
  address: fc.constantFrom('10.96.0.1', '10.96.0.2'),
});

const drop = fc.record({
  second,
  source: fc.constantFrom(...ADDRESSES, '192.0.2.7'),
  destination: fc.constantFrom(...ADDRESSES, '192.0.2.7'),
  port: fc.constantFrom(80, 5432),
  isSyn: fc.boolean(),
});

/** Tables of such a cluster. */
export const randomCluster = fc
  .record({
    pods: fc.array(podEvent, { minLength: 8, maxLength: 16 }),
    policies: fc.array(policyEvent, { maxLength: 6 }),
    services: fc.array(serviceEvent, { maxLength: 3 }),
    drops: fc.array(drop, { minLength: 30, maxLength: 60 }),
  })
  .map(({ pods, policies, services, drops }): TinyTables => {
    const lists = KINDS_LISTED.map((kind) => listed(kind));
    const objects = [
      ...NAMESPACES.map(namespaceRow),
      ...podRows(pods),
      ...policyRows(policies),
      ...services.map(serviceRow),
    ];
    return {
      packet_drops: inOrder(drops.map(dropRow)),
      kubernetes_objects: inOrder([...lists, ...objects]),
      losses: [],
    };
  });

/** A time of day in the minute; objects are seen between the packets. */
function at(number: number, fraction: string): string {
  return `10:00:${String(number).padStart(2, '0')}.${fraction}`;
}

function inOrder(rows: readonly TinyRow[]): TinyRow[] {
  return [...rows].sort((a, b) => (String(a.time) < String(b.time) ? -1 : 1));
}

function listed(kind: string): TinyRow {
  return {
    time: '10:00:00',
    observed: 'listed',
    kind: `${kind}List`,
    api_version: GROUPS[kind] ?? 'v1',
    object: '{}',
  };
}

const GROUPS: Readonly<Record<string, string>> = {
  NetworkPolicy: 'networking.k8s.io/v1',
  EndpointSlice: 'discovery.k8s.io/v1',
};

function namespaceRow(name: string): TinyRow {
  return observed('10:00:00', 'listed', {
    kind: 'Namespace',
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
  });
}

type Drawn<A> = A extends fc.Arbitrary<infer V> ? V : never;

/** Rows of objects in the order of time, with their uids: what was deleted comes again as another of the same name. */
function rowsInTime<
  E extends { readonly second: number; readonly namespace: string; readonly isGone: boolean },
>(
  events: readonly E[],
  nameOf: (event: E) => string,
  rowOf: (event: E, metadata: Metadata, index: number) => TinyRow,
): TinyRow[] {
  const deletions = new Map<string, number>();
  const inTime = [...events].sort((a, b) => a.second - b.second);
  return inTime.map((event, index) => {
    const metadata = named(event.namespace, nameOf(event));
    const deleted = deletions.get(metadata.uid) ?? 0;
    if (event.isGone) deletions.set(metadata.uid, deleted + 1);
    return rowOf(event, { ...metadata, uid: `${metadata.uid}-${deleted}` }, index);
  });
}

function podRows(pods: readonly Drawn<typeof podEvent>[]): TinyRow[] {
  const nameOf = ({ app, number }: Drawn<typeof podEvent>) => `pod-${app}-${number}`;
  return rowsInTime(pods, nameOf, ({ second, app, address, isGone }, metadata, index) =>
    observed(at(second, `2${String(index).padStart(2, '0')}`), isGone ? 'deleted' : 'modified', {
      kind: 'Pod',
      metadata: { ...metadata, labels: { app } },
      spec: { containers: [{ name: 'main', ports: [{ containerPort: 80 }] }] },
      status: { phase: 'Running', podIP: address, podIPs: [{ ip: address }] },
    }),
  );
}

function policyRows(policies: readonly Drawn<typeof policyEvent>[]): TinyRow[] {
  const nameOf = ({ selects }: Drawn<typeof policyEvent>) => `policy-${selects ?? 'all'}`;
  return rowsInTime(policies, nameOf, (policy, metadata, index) =>
    observed(
      at(policy.second, `4${String(index).padStart(2, '0')}`),
      policy.isGone ? 'deleted' : 'modified',
      {
        kind: 'NetworkPolicy',
        apiVersion: 'networking.k8s.io/v1',
        metadata,
        spec: policySpec(policy),
      },
    ),
  );
}

function policySpec({ selects, isIngress, peerApp, peerNamespace, port }: Drawn<typeof policyEvent>) {
  const peer = {
    ...(peerApp === null ? {} : { podSelector: { matchLabels: { app: peerApp } } }),
    ...(peerNamespace === null
      ? {}
      : { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': peerNamespace } } }),
  };
  const peers = Object.keys(peer).length === 0 ? [] : [peer];
  const ports = [{ protocol: 'TCP', port }];
  return {
    podSelector: selects === null ? {} : { matchLabels: { app: selects } },
    policyTypes: [isIngress ? 'Ingress' : 'Egress'],
    ...(isIngress ? { ingress: [{ from: peers, ports }] } : { egress: [{ to: peers, ports }] }),
  };
}

function serviceRow(service: Drawn<typeof serviceEvent>, index: number): TinyRow {
  return observed(at(service.second, `6${String(index).padStart(2, '0')}`), 'modified', {
    kind: 'Service',
    metadata: named(service.namespace, `${service.app}-service`),
    spec: {
      clusterIP: service.address,
      clusterIPs: [service.address],
      selector: { app: service.app },
      ports: [{ port: 80, protocol: 'TCP' }],
    },
  });
}

function dropRow(one: Drawn<typeof drop>, index: number): TinyRow {
  return {
    time: at(one.second, '800'),
    reason: 'NETFILTER_DROP',
    source_address: one.source,
    source_port: 40_000 + index,
    destination_address: one.destination,
    destination_port: one.port,
    protocol: 'TCP',
    tcp_flags: one.isSyn ? 'SYN' : 'ACK',
    length: 60,
    segments: 1,
  };
}

type Metadata = ReturnType<typeof named>;

/** No two objects of a cluster have one uid. */
function named(namespace: string, name: string) {
  return { namespace, name, uid: `uid-${namespace}-${name}` };
}

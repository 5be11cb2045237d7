import { calicoPolicy, clusterObject, globalPolicy } from '../calico/calico_objects.js';
import { ABROAD, FREE, holds, OPEN, OUTSIDE } from './holds.js';

const PARTNERS = clusterObject(
  'GlobalNetworkSet',
  'partners',
  'nets: [203.0.113.0/28, 198.51.100.7]',
  'role: partner',
);

/** A NetworkSet by its namespace and net, with the label role: partner. */
const setOf = (namespace: string, net: string) =>
  `{kind: NetworkSet, apiVersion: crd.projectcalico.org/v1, metadata: {namespace: ${namespace}, name: partners, labels: {role: partner}}, spec: {nets: [${net}]}}`;

const allowing = (source: string) =>
  calicoPolicy('p', `selector: app == 'db', ingress: [{action: Allow, source: {${source}}}]`);
const allowingEverywhere = (source: string) =>
  globalPolicy('p', `selector: app == 'db', ingress: [{action: Allow, source: {${source}}}]`);

holds(
  'GlobalNetworkSet: its addresses are endpoints with its labels',
  [PARTNERS, allowingEverywhere(`selector: role == 'partner'`)],
  {
    '203.0.113.9 > shop/db TCP 80': `allowed\n${OUTSIDE}\ningress: GlobalNetworkPolicy p allows: ingress rule 0 allows it`,
    '198.51.100.7 > shop/db TCP 80': `allowed\n${OUTSIDE}\ningress: GlobalNetworkPolicy p allows: ingress rule 0 allows it`,
    '203.0.113.16 > shop/db TCP 80':
      'denied\ningress: GlobalNetworkPolicy p isolates: ingress rule 0 allows endpoints role == "partner", the source 203.0.113.16 is neither a pod of this cluster nor in such a network set',
    'shop/web > shop/db TCP 80':
      'denied\ningress: GlobalNetworkPolicy p isolates: ingress rule 0 allows endpoints role == "partner", the source pod has no label role',
  },
);

holds('GlobalNetworkSet: other labels', [PARTNERS, allowingEverywhere(`selector: role == 'customer'`)], {
  '203.0.113.9 > shop/db TCP 80':
    'denied\ningress: GlobalNetworkPolicy p isolates: ingress rule 0 allows endpoints role == "customer", the source 203.0.113.9 is neither a pod of this cluster nor in such a network set',
});

holds(
  'GlobalNetworkSet: is in no namespace, so a namespaced policy needs global()',
  [
    PARTNERS,
    calicoPolicy(
      'p',
      `selector: app == 'db', ingress: [{action: Allow, protocol: TCP, source: {selector: role == 'partner', namespaceSelector: global()}},
    {action: Allow, protocol: UDP, source: {selector: role == 'partner'}},
    {action: Allow, protocol: SCTP, source: {selector: role == 'partner', namespaceSelector: all()}}]`,
    ),
  ],
  {
    '203.0.113.9 > shop/db TCP 80': `allowed\n${OUTSIDE}\ningress: Calico NetworkPolicy shop/p allows: ingress rule 0 allows it`,
    '203.0.113.9 > shop/db UDP 80':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows only TCP, the connection is UDP',
    '203.0.113.9 > shop/db SCTP 80':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows only TCP, the connection is SCTP',
    'shop/web > shop/db TCP 80':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows endpoints role == "partner" outside namespaces, the source pod has no label role and the source pod is in namespace shop',
  },
);

holds(
  'NetworkSet: for policies of its own namespace',
  [
    setOf('shop', '203.0.113.0/24'),
    setOf('prod', '198.51.100.0/24'),
    allowing(`selector: role == 'partner'`),
  ],
  {
    '203.0.113.9 > shop/db TCP 80': `allowed\n${OUTSIDE}\ningress: Calico NetworkPolicy shop/p allows: ingress rule 0 allows it`,
    '198.51.100.7 > shop/db TCP 80':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows endpoints role == "partner" of namespace shop, the source 198.51.100.7 is neither a pod of this cluster nor in such a network set',
  },
);

holds(
  'NetworkSet: inherits the labels of its namespace',
  [
    setOf('shop', '203.0.113.0/24'),
    setOf('prod', '198.51.100.0/24'),
    allowing(`namespaceSelector: team == 'b'`),
  ],
  {
    '198.51.100.7 > shop/db TCP 80': `allowed\n${OUTSIDE}\ningress: Calico NetworkPolicy shop/p allows: ingress rule 0 allows it`,
    '203.0.113.9 > shop/db TCP 80':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows every endpoint of namespaces team == "b", the source 203.0.113.9 is neither a pod of this cluster nor in such a network set',
  },
);

holds(
  'NetworkSet: of a namespace whose labels are not known',
  [setOf('lost', '198.51.100.0/24'), allowing(`namespaceSelector: team == 'b'`)],
  {
    '198.51.100.7 > shop/db TCP 80':
      'unknown\ningress: Calico NetworkPolicy shop/p unknown: ingress rule 0 may allow it: the labels of namespace lost are not known',
  },
);

holds(
  'network sets: a pod with an address in one is that endpoint too',
  [
    clusterObject('GlobalNetworkSet', 'pods', 'nets: [10.0.1.0/24]', 'role: partner'),
    allowingEverywhere(`selector: role == 'partner'`),
  ],
  {
    'prod/web > shop/db TCP 80': `allowed\n${FREE}\ningress: GlobalNetworkPolicy p allows: ingress rule 0 allows it`,
    'shop/web > shop/db TCP 80':
      'denied\ningress: GlobalNetworkPolicy p isolates: ingress rule 0 allows endpoints role == "partner", the source pod has no label role',
  },
);

holds(
  'network sets: no policy is about them',
  [
    clusterObject('GlobalNetworkSet', 'pods', 'nets: [10.0.0.0/16]', 'role: partner'),
    globalPolicy('p', `selector: role == 'partner'`),
  ],
  {
    'shop/web > shop/db TCP 80': `allowed\n${FREE}\n${OPEN}`,
  },
);

holds(
  'network sets: notSelector means them too',
  [PARTNERS, allowingEverywhere(`notSelector: role == 'partner'`)],
  {
    '203.0.113.9 > shop/db TCP 80':
      'denied\ningress: GlobalNetworkPolicy p isolates: ingress rule 0 allows anything but endpoints role == "partner", the source 203.0.113.9 is among those',
    '203.0.113.77 > shop/db TCP 80': `allowed\n${OUTSIDE}\ningress: GlobalNetworkPolicy p allows: ingress rule 0 allows it`,
  },
);

holds(
  'network sets: beside a selector, notSelector takes away from what it takes, not from addresses',
  [
    clusterObject('GlobalNetworkSet', 'pods', 'nets: [10.0.0.0/15]', 'role: partner'),
    allowingEverywhere(`selector: has(role) || has(app), notSelector: app == 'web'`),
  ],
  {
    'shop/web > shop/db TCP 80': `allowed\n${FREE}\ningress: GlobalNetworkPolicy p allows: ingress rule 0 allows it`,
  },
);

holds(
  'network sets: without nets, and as a destination',
  [
    PARTNERS,
    clusterObject('GlobalNetworkSet', 'empty', '', 'role: partner'),
    globalPolicy(
      'p',
      `selector: app == 'web', egress: [{action: Allow, destination: {selector: role == 'partner'}}]`,
    ),
  ],
  {
    'shop/web > 203.0.113.9 TCP 80': `allowed\negress: GlobalNetworkPolicy p allows: egress rule 0 allows it\n${ABROAD}`,
    'shop/web > 203.0.113.77 TCP 80':
      'denied\negress: GlobalNetworkPolicy p isolates: egress rule 0 allows endpoints role == "partner", the destination 203.0.113.77 is neither a pod of this cluster nor in such a network set',
  },
);

/** A policy on the pod web that lets it reach what a destination's fields say. */
const reaching = (destination: string) =>
  globalPolicy('p', `selector: app == 'web', egress: [{action: Allow, destination: {${destination}}}]`);

holds(
  'nodes: whether one is a host endpoint with such labels is not known',
  [reaching(`selector: has(role)`)],
  {
    'shop/web > 192.168.0.2 TCP 80':
      'unknown\negress: GlobalNetworkPolicy p unknown: egress rule 0 may allow it: 192.168.0.2 is node n2, and whether it is a HostEndpoint was not recorded',
  },
);

holds(
  'nodes: nor where all() would do, or notSelector',
  [reaching(`selector: all(), notSelector: has(role)`)],
  {
    'shop/web > 192.168.0.2 TCP 80':
      'unknown\negress: GlobalNetworkPolicy p unknown: egress rule 0 may allow it: 192.168.0.2 is node n2, and whether it is a HostEndpoint was not recorded',
  },
);

holds('nodes: are in no namespace', [reaching(`namespaceSelector: team == 'b' || all()`)], {
  'shop/web > 192.168.0.2 TCP 80':
    'denied\negress: GlobalNetworkPolicy p isolates: egress rule 0 allows every endpoint of namespaces team == "b" || all(), the destination 192.168.0.2 is neither a pod of this cluster nor in such a network set',
});

holds('nodes: have no service account', [reaching('serviceAccounts: {selector: has(role)}')], {
  'shop/web > 192.168.0.2 TCP 80':
    'denied\negress: GlobalNetworkPolicy p isolates: egress rule 0 allows every endpoint whose service account fits has(role), the destination 192.168.0.2 is neither a pod of this cluster nor in such a network set',
});

holds('nodes: what comes from one may be one of its pods', [allowing(`selector: app == 'web'`)], {
  '192.168.0.2 > shop/db TCP 80':
    'unknown\ningress: Calico NetworkPolicy shop/p unknown: ingress rule 0 may allow it: 192.168.0.2 is node n2, which may stand for one of its pods',
});

const SERVICE = `{kind: Service, apiVersion: v1, metadata: {namespace: prod, name: api}, spec: {ports: [{port: 80}, {name: admin, port: 90, targetPort: 9000}, {name: dns, port: 53, protocol: UDP}]}}
---
{kind: EndpointSlice, apiVersion: discovery.k8s.io/v1, metadata: {namespace: prod, name: api-1, labels: {kubernetes.io/service-name: api}}, addressType: IPv4, ports: [{port: 80, protocol: TCP}, {name: admin, port: 9000}, {name: dns, port: 53, protocol: UDP}], endpoints: [{addresses: [10.0.1.1]}]}
---
{kind: EndpointSlice, apiVersion: discovery.k8s.io/v1, metadata: {namespace: prod, name: api-2, labels: {kubernetes.io/service-name: api}}, addressType: IPv4, ports: [{port: 81, protocol: TCP}], endpoints: [{addresses: [10.0.0.2]}]}
---
{kind: EndpointSlice, apiVersion: discovery.k8s.io/v1, metadata: {namespace: prod, name: half-1, labels: {kubernetes.io/service-name: half}}, addressType: IPv4, ports: [{port: 80}], endpoints: [{addresses: [10.0.1.1]}]}`;
const toService = (service: string) =>
  calicoPolicy(
    'p',
    `selector: app == 'web', egress: [{action: Allow, destination: {services: {${service}}}}]`,
  );

holds(
  'services: a destination is an endpoint of the service, at its port',
  [SERVICE, toService('name: api, namespace: prod')],
  {
    'shop/web > prod/web TCP 80': `allowed\negress: Calico NetworkPolicy shop/p allows: egress rule 0 allows it\n${OPEN}`,
    'shop/web > prod/web TCP 90':
      'denied\negress: Calico NetworkPolicy shop/p isolates: egress rule 0 allows endpoints of service prod/api, which is not served at TCP 90',
    'shop/web > prod/web TCP 81':
      'denied\negress: Calico NetworkPolicy shop/p isolates: egress rule 0 allows endpoints of service prod/api, which is not served at TCP 81',
    'shop/web > shop/db TCP 81': `allowed\negress: Calico NetworkPolicy shop/p allows: egress rule 0 allows it\n${OPEN}`,
    'shop/web > prod/web UDP 53': `allowed\negress: Calico NetworkPolicy shop/p allows: egress rule 0 allows it\n${OPEN}`,
    'shop/web > prod/web TCP 53':
      'denied\negress: Calico NetworkPolicy shop/p isolates: egress rule 0 allows endpoints of service prod/api, which is not served at TCP 53',
    'shop/web > 10.0.9.9 TCP 53':
      'unknown\negress: Calico NetworkPolicy shop/p unknown: egress rule 0 may allow it: 10.0.9.9 is in the pod range of node n1, but no pod had it\ningress: 10.0.9.9 is in the pod range of node n1, but no pod had it',
    'shop/web > prod/web TCP 9000': `allowed\negress: Calico NetworkPolicy shop/p allows: egress rule 0 allows it\n${OPEN}`,
    'shop/web > prod/web TCP':
      'unknown\negress: Calico NetworkPolicy shop/p unknown: egress rule 0 may allow it: the destination port is not known',
    'shop/web > shop/db TCP 80':
      'denied\negress: Calico NetworkPolicy shop/p isolates: egress rule 0 allows endpoints of service prod/api, which is not served at TCP 80',
    'shop/web > prod/web ICMP':
      'denied\negress: Calico NetworkPolicy shop/p isolates: egress rule 0 allows endpoints of service prod/api, which is not served at ICMP',
    'shop/web > 203.0.113.9 TCP 80':
      'denied\negress: Calico NetworkPolicy shop/p isolates: egress rule 0 allows endpoints of service prod/api, the destination 203.0.113.9 is none of them',
  },
);

holds(
  'services: in the own namespace where none is said, and one that was not recorded',
  [SERVICE, toService('name: api')],
  {
    'shop/web > prod/web TCP 80':
      'unknown\negress: Calico NetworkPolicy shop/p unknown: egress rule 0 may allow it: where service shop/api leads was not recorded',
  },
);

holds(
  'services: a source is an endpoint of the service, whatever the port',
  [SERVICE, allowing('services: {name: api, namespace: prod}')],
  {
    'prod/web > shop/db TCP 7': `allowed\n${FREE}\ningress: Calico NetworkPolicy shop/p allows: ingress rule 0 allows it`,
    'shop/web > shop/db TCP 80':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows endpoints of service prod/api, the source 10.0.0.1 is none of them',
  },
);

holds(
  'services: one without a Service object, whose ports are not known',
  [SERVICE, toService('name: half, namespace: prod')],
  {
    'shop/web > prod/web TCP 80':
      'unknown\negress: Calico NetworkPolicy shop/p unknown: egress rule 0 may allow it: the ports of service prod/half were not recorded',
  },
);

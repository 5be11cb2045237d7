import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Evaluator } from '../../../../src/policy/verdict/evaluator.js';
import { clusterOf, podYaml, policyYaml, SHOP } from '../cluster.js';
import { FREE, holds, OPEN, OUTSIDE } from './holds.js';

/** Service shop/api at 10.96.0.7 (and what `more` says), which leads to pods app=api: 80 to their port http. */
const service = (more = '') =>
  `{kind: Service, apiVersion: v1, metadata: {namespace: shop, name: api}, spec: {clusterIP: 10.96.0.7, selector: {app: api},
    ports: [{name: http, port: 80, targetPort: http}, {name: grpc, port: 81, targetPort: 9000}, {port: 82}]${more}}}`;

/** A slice of that service with these endpoints, whose port http is the given one. */
const slice = (endpoints: string, port: number, name = 'api-1', type = 'IPv4') =>
  `{kind: EndpointSlice, apiVersion: discovery.k8s.io/v1, addressType: ${type},
    metadata: {namespace: shop, name: ${name}, labels: {kubernetes.io/service-name: api}},
    ports: [{name: http, port: ${port}, protocol: TCP}], endpoints: [${endpoints}]}`;

const API = [
  podYaml('shop/api-1', '10.0.0.11', 'app: api', '{name: http, containerPort: 8080}'),
  podYaml('shop/api-2', '10.0.0.12', 'app: api', '{name: http, containerPort: 8081}'),
];

/** Lets only these ports of pods app=api be reached. */
const onlyPorts = (...ports: number[]) =>
  policyYaml(
    'api',
    `podSelector: {matchLabels: {app: api}}\ningress: [{ports: [${ports.map((port) => `{port: ${port}}`).join(', ')}]}]`,
  );

const BY_RULE = 'ingress: shop/api allows: ingress rule 0 allows it';
const LEADS_NOWHERE = (port: string) =>
  `service shop/api leads nowhere on ${port}: no such port, or no ready endpoint`;

holds(
  'cluster IP: judged at the backend and its port, in both directions',
  [
    ...API,
    service(),
    slice('{addresses: [10.0.0.11]}', 8080),
    onlyPorts(8080),
    policyYaml(
      'web',
      'podSelector: {matchLabels: {app: web}}\npolicyTypes: [Egress]\negress: [{to: [{podSelector: {matchLabels: {app: api}}}], ports: [{port: http}]}]',
    ),
  ],
  {
    'shop/web > 10.96.0.7 TCP 80': `allowed\negress: shop/web allows: egress rule 0 allows it\n${BY_RULE}`,
    '203.0.113.9 > 10.96.0.7 TCP 80': `allowed\n${OUTSIDE}\n${BY_RULE}`,
  },
);

holds(
  'cluster IP: a port that the policy names is that of the pod, not of the service',
  [...API, service(), slice('{addresses: [10.0.0.11]}', 8080), onlyPorts(80)],
  {
    'shop/web > 10.96.0.7 TCP 80':
      'denied\ningress: shop/api isolates: ingress rule 0 allows only TCP 80, the connection is to TCP 8080',
  },
);

holds(
  'cluster IP: backends of all slices, where each says the same',
  [
    ...API,
    service(),
    slice('{addresses: [10.0.0.11]}', 8080),
    slice('{addresses: [10.0.0.12]}', 8081, 'api-2'),
    onlyPorts(8080, 8081),
  ],
  { 'shop/web > 10.96.0.7 TCP 80': `allowed\n${FREE}\n${BY_RULE}` },
);

holds(
  'cluster IP: backends that differ make it unknown',
  [
    ...API,
    service(),
    slice('{addresses: [10.0.0.11]}', 8080),
    slice('{addresses: [10.0.0.12]}', 8081, 'api-2'),
    onlyPorts(8080),
  ],
  {
    'shop/web > 10.96.0.7 TCP 80':
      'unknown\negress: it depends on which endpoint of service shop/api is chosen\n' +
      'ingress: it depends on which endpoint of service shop/api is chosen',
  },
);

holds(
  'EndpointSlice: endpoints that are not ready do not count',
  [
    ...API,
    service(),
    slice(
      '{addresses: [10.0.0.11], conditions: {ready: true}}, {addresses: [10.0.0.12], conditions: {ready: false}}',
      8080,
    ),
    policyYaml('one', 'podSelector: {}\ningress: [{ports: [{port: http}]}]'),
  ],
  { 'shop/web > 10.96.0.7 TCP 80': `allowed\n${FREE}\ningress: shop/one allows: ingress rule 0 allows it` },
);

holds(
  'EndpointSlice: no ready endpoint, no port of that name, no such port of the service',
  [...API, service(), slice('{addresses: [10.0.0.12], conditions: {ready: false}}', 8081)],
  {
    'shop/web > 10.96.0.7 TCP 80': `unknown\negress: ${LEADS_NOWHERE('TCP 80')}\ningress: ${LEADS_NOWHERE('TCP 80')}`,
    'shop/web > 10.96.0.7 TCP 81': `unknown\negress: ${LEADS_NOWHERE('TCP 81')}\ningress: ${LEADS_NOWHERE('TCP 81')}`,
    'shop/web > 10.96.0.7 TCP 443': `unknown\negress: ${LEADS_NOWHERE('TCP 443')}\ningress: ${LEADS_NOWHERE('TCP 443')}`,
    'shop/web > 10.96.0.7 UDP 80': `unknown\negress: ${LEADS_NOWHERE('UDP 80')}\ningress: ${LEADS_NOWHERE('UDP 80')}`,
  },
);

holds(
  'without slices: the pods that the selector takes, by number, by name, and by the port itself',
  [API[0] ?? '', service(), onlyPorts(8080, 9000)],
  {
    'shop/web > 10.96.0.7 TCP 80': `allowed\n${FREE}\n${BY_RULE}`,
    'shop/web > 10.96.0.7 TCP 81': `allowed\n${FREE}\n${BY_RULE}`,
    'shop/web > 10.96.0.7 TCP 82':
      'denied\ningress: shop/api isolates: ingress rule 0 allows only TCP 8080 or TCP 9000, the connection is to TCP 82',
  },
);

holds('without slices: a name that is another port in each pod', [...API, service(), onlyPorts(8080)], {
  'shop/web > 10.96.0.7 TCP 80':
    'unknown\negress: it depends on which endpoint of service shop/api is chosen\n' +
    'ingress: it depends on which endpoint of service shop/api is chosen',
  'shop/web > 10.96.0.7 TCP 81':
    'denied\ningress: shop/api isolates: ingress rule 0 allows only TCP 8080, the connection is to TCP 9000',
});

holds(
  'without slices: pods of other namespaces are not taken',
  [podYaml('prod/api', '10.0.1.11', 'app: api'), service()],
  {
    'shop/web > 10.96.0.7 TCP 81': `unknown\negress: ${LEADS_NOWHERE('TCP 81')}\ningress: ${LEADS_NOWHERE('TCP 81')}`,
  },
);

holds(
  'without slices or selector: where it leads is not known',
  [
    '{kind: Service, apiVersion: v1, metadata: {namespace: shop, name: api}, spec: {clusterIP: 10.96.0.7, ports: [{port: 80}]}}',
  ],
  {
    'shop/web > 10.96.0.7 TCP 80':
      'unknown\negress: where service shop/api leads was not recorded\ningress: where service shop/api leads was not recorded',
  },
);

holds(
  'addresses of a service: clusterIPs, externalIPs and those of its load balancer',
  [
    API[0] ?? '',
    `{kind: Service, apiVersion: v1, metadata: {namespace: shop, name: api}, spec: {clusterIPs: [10.96.0.7, "fd00:96::7"], externalIPs: [198.51.100.7],
    selector: {app: api}, ports: [{port: 80, targetPort: http}]}, status: {loadBalancer: {ingress: [{ip: 198.51.100.8}]}}}`,
    onlyPorts(8080),
  ],
  {
    'shop/web > 10.96.0.7 TCP 80': `allowed\n${FREE}\n${BY_RULE}`,
    'shop/web > 198.51.100.7 TCP 80': `allowed\n${FREE}\n${BY_RULE}`,
    'shop/web > 198.51.100.8 TCP 80': `allowed\n${FREE}\n${BY_RULE}`,
  },
);

holds('a service opens no connections: as a source it is unknown', [...API, service()], {
  '10.96.0.7 > shop/api-1 TCP 80':
    'unknown\negress: 10.96.0.7 is service shop/api, which opens and takes no connections itself',
});

holds(
  'a service as a source may be any pod behind it: what allows none is denied, what allows some is unknown',
  [...API, service(), policyYaml('p', 'podSelector: {matchLabels: {app: db}}')],
  {
    '10.96.0.7 > shop/db TCP 80':
      'denied\ningress: shop/p isolates: it has no ingress rules, so it allows nothing',
  },
);

holds(
  'a service as a source: what allows pods by their labels or addresses cannot be told',
  [
    ...API,
    service(),
    policyYaml(
      'p',
      'podSelector: {matchLabels: {app: db}}\ningress: [{from: [{podSelector: {}}, {ipBlock: {cidr: 0.0.0.0/0}}]}]',
    ),
  ],
  {
    '10.96.0.7 > shop/db TCP 80':
      'unknown\negress: 10.96.0.7 is service shop/api, which opens and takes no connections itself\ningress: shop/p unknown: ingress rule 0 may allow it: 10.96.0.7 is service shop/api, which opens and takes no connections itself',
  },
);

holds(
  'headless: its pods are reached by their own addresses',
  [
    API[0] ?? '',
    '{kind: Service, apiVersion: v1, metadata: {namespace: shop, name: api}, spec: {clusterIP: None, selector: {app: api}, ports: [{port: 80}]}}',
  ],
  { 'shop/web > 10.0.0.11 TCP 80': `allowed\n${FREE}\n${OPEN}` },
);

holds(
  'cluster IP: where it leads depends on the port',
  [...API, service(), slice('{addresses: [10.0.0.11]}', 8080)],
  {
    'shop/web > 10.96.0.7 TCP':
      'unknown\negress: the destination port is not known\ningress: the destination port is not known',
  },
);

holds(
  'cluster IP: backends that the source may reach and others that it may not',
  [
    ...API,
    service(),
    slice('{addresses: [10.0.0.11]}, {addresses: [10.0.0.12]}', 8080),
    policyYaml(
      'web',
      'podSelector: {matchLabels: {app: web}}\npolicyTypes: [Egress]\negress: [{to: [{ipBlock: {cidr: 10.0.0.11/32}}]}]',
    ),
  ],
  {
    'shop/web > 10.96.0.7 TCP 80':
      'unknown\negress: it depends on which endpoint of service shop/api is chosen\n' +
      'ingress: it depends on which endpoint of service shop/api is chosen',
  },
);

test('a service by its name, without an address: judged at its backends of every family', () => {
  const state = clusterOf(SHOP, ...API, service(), slice('{addresses: [10.0.0.11]}', 8080), onlyPorts(8080));
  const { verdict } = new Evaluator(state).evaluate({
    source: state.endpointAt('10.0.0.1'),
    destination: { kind: 'service', address: 'shop/api', ip: undefined, service: 'shop/api' },
    protocol: 'TCP',
    sourcePort: null,
    destinationPort: 80,
  });
  assert.equal(verdict, 'allowed');
});

holds(
  'cluster IP: an endpoint that is itself the cluster IP of a service takes no connections',
  [
    service(),
    slice('{addresses: [10.96.0.7]}', 8080),
    policyYaml('p', 'podSelector: {}\npolicyTypes: [Egress]\negress: [{to: [{podSelector: {}}]}]'),
  ],
  {
    'shop/web > 10.96.0.7 TCP 80':
      'unknown\negress: shop/p unknown: egress rule 0 may allow it: 10.96.0.7 is service shop/api, which opens and takes no connections itself\n' +
      'ingress: 10.96.0.7 is service shop/api, which opens and takes no connections itself',
  },
);

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod } from '../../../../src/policy/cluster/endpoint.js';
import { podOf } from '../../../../src/policy/cluster/pod.js';
import { Services, type ServiceTarget } from '../../../../src/policy/history/services.js';
import { objectOf, podYaml } from '../cluster.js';

/** A Service `db` of namespace shop, by the YAML of its spec. */
const service = (spec: string, more = '') =>
  objectOf(`{kind: Service, apiVersion: v1, metadata: {namespace: shop, name: db}, spec: {${spec}}${more}}`);
const slice = (addresses: string, ports: string) =>
  objectOf(
    `{kind: EndpointSlice, apiVersion: discovery.k8s.io/v1, metadata: {labels: {kubernetes.io/service-name: db}}, endpoints: [{addresses: [${addresses}]}], ports: [${ports}]}`,
  );
const pod = (name: string, ip: string, labels = 'app: db', ports = ''): Pod =>
  podOf(objectOf(podYaml(name, ip, labels, ports)));

function servicesOf(spec: string, ...slices: ReturnType<typeof slice>[]): Services {
  const services = new Services();
  services.set(1n, 'shop/db', service(spec));
  for (const [i, one] of slices.entries()) services.endpoints.set(1n, 'shop', `db-${i}`, one);
  return services;
}

/** `10.0.0.1:80`, or `shop/web:80` for a pod without an address. */
const said = (targets: readonly ServiceTarget[] | undefined) =>
  targets?.map((one) =>
    'pod' in one ? `${one.pod.namespace}/${one.pod.name}:${one.port}` : `${one.address}:${one.port}`,
  );
const targetsOf = (services: Services, port: string, pods: readonly Pod[] = []) => {
  const [number, protocol = 'TCP'] = port.split(' ');
  return said(services.targets('shop/db', Number(number), protocol, 1n, () => pods));
};

test('a port leads to the port of that name and protocol of its slices', () => {
  const ports =
    'ports: [{name: web, port: 80}, {name: dns, port: 53}, {name: dns-udp, port: 53, protocol: UDP}]';
  const both = [
    slice('10.0.0.1, 10.0.0.2', '{name: web, port: 8080}, {name: dns, port: 5353, protocol: UDP}'),
    slice('10.0.0.3', '{name: web, port: 8081}, {name: dns-udp, port: 1053, protocol: UDP}'),
  ];
  const services = servicesOf(ports, ...both);
  assert.deepEqual(targetsOf(services, '80'), ['10.0.0.1:8080', '10.0.0.2:8080', '10.0.0.3:8081']);
  assert.deepEqual(targetsOf(services, '53 UDP'), ['10.0.0.3:1053']);
  assert.deepEqual(targetsOf(services, '53'), []);
  assert.deepEqual(targetsOf(services, '81'), []);
});

test('without slices a port leads to the pods that the selector takes, by number or by name', () => {
  const named = 'selector: {app: db, tier: x}, ports: [{port: 80, targetPort: web}, {port: 90}]';
  const pods = [
    pod('shop/a', '10.0.0.1', 'app: db, tier: x', '{name: web, containerPort: 8080}'),
    pod('shop/b', '10.0.0.2', 'app: db, tier: x', '{name: web, containerPort: 8081}'),
    pod('shop/half', '10.0.0.3', 'app: db'),
    pod('prod/a', '10.0.0.4', 'app: db, tier: x'),
    pod('shopping/a', '10.0.0.5', 'app: db, tier: x'),
  ];
  const services = servicesOf(named);
  assert.deepEqual(targetsOf(services, '80', pods), ['10.0.0.1:8080', '10.0.0.2:8081']);
  assert.deepEqual(targetsOf(services, '90', pods), ['10.0.0.1:90', '10.0.0.2:90']);
  assert.deepEqual(
    services.targetAddresses('shop/db', 1n, () => pods),
    ['10.0.0.1', '10.0.0.2'],
  );
});

test('pods without an address count only where none has one', () => {
  const services = servicesOf('selector: {app: db}, ports: [{port: 80}]');
  const [waiting, running] = [pod('shop/a', ''), pod('shop/b', '10.0.0.2')];
  assert.deepEqual(targetsOf(services, '80', [waiting]), ['shop/a:80']);
  assert.deepEqual(targetsOf(services, '80', [waiting, running]), ['10.0.0.2:80']);
  assert.deepEqual(targetsOf(services, '80', []), []);
});

test('without slices and selector nobody knows where it leads', () => {
  const services = servicesOf('ports: [{port: 80}]');
  assert.equal(targetsOf(services, '80', [pod('shop/a', '10.0.0.1')]), undefined);
  assert.equal(
    services.targetAddresses('shop/db', 1n, () => []),
    undefined,
  );
  assert.equal(services.selects('shop/db', pod('shop/a', ''), 1n), undefined);
  assert.equal(services.selects('shop/none', pod('shop/a', ''), 1n), undefined);
});

test('whether a selector takes a pod', () => {
  const services = servicesOf('selector: {app: db}');
  const selects = ['shop/a', 'prod/a'].map((name) => services.selects('shop/db', pod(name, ''), 1n));
  assert.deepEqual(selects, [true, false]);
  assert.equal(services.selects('shop/db', pod('shop/a', '', 'app: web'), 1n), false);
});

test('ports of its own: what is no port is passed over', () => {
  const services = servicesOf(
    'ports: [{port: x}, {port: 1, protocol: 6}, {port: 2, targetPort: {}}, {port: 3}]',
  );
  assert.deepEqual(services.portsOf('shop/db', 1n), [{ name: null, port: 3, protocol: 'TCP', target: 3 }]);
});

test('addresses: cluster IPs, external IPs and those of load balancers', () => {
  const services = new Services();
  const spec = 'clusterIP: 10.96.0.1, clusterIPs: [10.96.0.1, "fd00::1"], externalIPs: [192.0.2.1, 7]';
  const status = ', status: {loadBalancer: {ingress: [{ip: 192.0.2.2}, {hostname: lb.example}]}}';
  services.set(1n, 'shop/db', service(spec, status));
  services.set(1n, 'shop/headless', service('clusterIP: None'));
  const addresses = services.addresses.allAt(1n).map(({ address }) => address);
  assert.deepEqual(addresses, ['10.96.0.1', 'fd00::1', '192.0.2.1', '192.0.2.2']);
});

test('ports at every node: of those that have one, while the service is there', () => {
  const services = new Services();
  services.set(
    1n,
    'shop/db',
    service('ports: [{port: 80, nodePort: 30080}, {port: 81}, {port: 82, nodePort: 30080, protocol: UDP}]'),
  );
  services.set(2n, 'shop/db', undefined);
  const ports = (time: bigint) => services.nodePorts.allAt(time).map(({ address }) => address);
  assert.deepEqual([ports(1n), ports(2n)], [['TCP 30080', 'UDP 30080'], []]);
});

test('over time: as it was at each time, gone when it is deleted', () => {
  const services = new Services();
  services.set(1n, 'shop/db', service('clusterIP: 10.96.0.1, ports: [{port: 80}]'));
  services.set(2n, 'shop/db', service('clusterIP: 10.96.0.1, ports: [{port: 81}]'));
  services.endpoints.set(3n, 'shop', 's', slice('10.0.0.1', ''));
  services.set(4n, 'shop/db', undefined);
  const ports = [0n, 1n, 2n, 4n].map((time) => services.portsOf('shop/db', time)?.map(({ port }) => port));
  assert.deepEqual(ports, [undefined, [80], [81], undefined]);
  const owners = [1n, 4n].map((time) => services.addresses.at('10.96.0.1', time));
  assert.deepEqual(owners, ['shop/db', undefined]);
  assert.deepEqual(services.boundaries, [1n, 2n, 4n, 3n]);
  assert.deepEqual(services.names, ['shop/db']);
});

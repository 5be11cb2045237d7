import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServiceBackends, ServiceClause } from '../../../../src/policy/calico/service.js';
import { clusterOf, SHOP } from '../cluster.js';

const service = (name: string, ports: string) =>
  `{kind: Service, apiVersion: v1, metadata: {namespace: shop, name: ${name}}, spec: {ports: [${ports}]}}`;
const slice = (name: string, ports: string) =>
  `{kind: EndpointSlice, apiVersion: discovery.k8s.io/v1, metadata: {namespace: shop, name: ${name}-1, labels: {kubernetes.io/service-name: ${name}}}, addressType: IPv4, ports: [${ports}], endpoints: [{addresses: [10.0.0.2]}]}`;

test('the ports that a service tells apart are those of its endpoints', () => {
  const state = clusterOf(
    SHOP,
    service('api', '{name: web, port: 80, targetPort: 8080}, {name: dns, port: 53, protocol: UDP}'),
    slice('api', '{name: web, port: 8080}, {name: dns, port: 5353, protocol: UDP}'),
    service('bare', '{port: 80}'),
    slice('half', '{port: 80}'),
  );
  const portsOf = (name: string) => new ServiceClause(new ServiceBackends(`shop/${name}`)).ports(state);
  assert.deepEqual(portsOf('api'), [
    { protocol: 'TCP', port: 8080, endPort: undefined },
    { protocol: 'UDP', port: 5353, endPort: undefined },
  ]);
  // Where its endpoints are not known, and where its own ports are not.
  assert.deepEqual(portsOf('bare'), []);
  assert.deepEqual(portsOf('half'), []);
});

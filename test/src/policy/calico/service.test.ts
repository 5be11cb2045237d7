import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServiceBackends, ServiceClause } from '../../../../src/policy/calico/service.js';
import { podOf } from '../../../../src/policy/cluster/pod.js';
import { withoutAddress } from '../../../../src/policy/history/state_at.js';
import { clusterOf, objectOf, podYaml, SHOP } from '../cluster.js';

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

test('who is none of the endpoints: by its address, a pod that has none by what it is', () => {
  const backends = new ServiceBackends('shop/api');
  const pod = withoutAddress(podOf(objectOf(podYaml('shop/web', '', ''))));
  const said = [clusterOf(SHOP).endpointAt('10.0.0.1'), pod].map((end) => {
    const { asks, actual } = backends.whyNot(end, 'the destination');
    return `${asks}: ${actual}`;
  });
  assert.deepEqual(said, [
    'endpoints of service shop/api: the destination 10.0.0.1 is none of them',
    'endpoints of service shop/api: the destination pod is none of them',
  ]);
});

test('a port by name is looked up in a pod that has no address yet, never in a node', () => {
  const state = clusterOf(
    SHOP,
    service('api', '{port: 80, targetPort: web}').replace('spec: {', 'spec: {selector: {app: api}, '),
  );
  const onNode = clusterOf(
    SHOP,
    service('api', '{port: 80, targetPort: web}'),
    slice('api', '{port: 8080}').replace('10.0.0.2', '192.168.0.1'),
  );
  const pod = withoutAddress(
    podOf(objectOf(podYaml('shop/api', '', 'app: api', '{name: web, containerPort: 8080}'))),
  );
  const node = { kind: 'node', address: '192.168.0.1', ip: undefined, node: 'n1' } as const;
  const holds = (cluster: typeof state, destination: typeof pod | typeof node, destinationPort: number) => {
    const source = state.endpointAt('10.0.0.1');
    const clause = new ServiceClause(new ServiceBackends('shop/api'));
    return clause.holds({ source, destination, protocol: 'TCP', sourcePort: null, destinationPort }, cluster);
  };
  assert.deepEqual([holds(state, pod, 8080), holds(state, pod, 80)], [true, false]);
  assert.deepEqual([holds(onNode, node, 8080), holds(onNode, node, 80)], [true, false]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { podYaml, policyYaml, SHOP } from '../cluster.js';
import { asked, workloadYaml } from '../questions/asked.js';

const FREE = 'egress allowed: no policy isolates the source pod';
const OPEN = 'ingress allowed: no policy isolates the destination pod';

const TEMPLATE = workloadYaml('api', 'app: api', '{name: http, containerPort: 8080}');
const SERVICE =
  '{kind: Service, apiVersion: v1, metadata: {namespace: shop, name: api}, spec: {selector: {app: api}, ports: [{port: 80, targetPort: http}, {port: 82, targetPort: 8082}]}}';
const SLICE =
  '{kind: EndpointSlice, apiVersion: discovery.k8s.io/v1, metadata: {namespace: shop, name: api-1, labels: {kubernetes.io/service-name: api}}, addressType: IPv4, ports: [{port: 8080}], endpoints: [{addresses: [10.0.0.2]}]}';

const calico = (name: string, egress: string) =>
  `{kind: NetworkPolicy, apiVersion: projectcalico.org/v3, metadata: {namespace: shop, name: ${name}}, spec: {selector: "app == 'web'", types: [Egress], egress: [${egress}]}}`;
const toService = calico('p', '{action: Allow, destination: {services: {name: api}}}');

test('Calico services: a template is behind the service whose selector takes it, at its target ports', () => {
  for (const objects of [
    [TEMPLATE, SERVICE],
    [TEMPLATE, SERVICE, SLICE],
  ]) {
    const ask = (question: string) => asked([SHOP, ...objects, toService], question);
    const allowed = `allowed\negress allowed: NetworkPolicy shop/p allows by rule 0\n${OPEN}`;
    assert.equal(ask('shop/web > shop/api TCP 8080'), allowed);
    assert.equal(ask('shop/web > shop/api TCP 8082'), allowed);
    const denied = `denied\negress denied: NetworkPolicy shop/p isolates by rule 0\n${OPEN}`;
    assert.equal(ask('shop/web > shop/api TCP 80'), denied);
    assert.equal(
      ask('shop/web > shop/db TCP 8080').split('\n')[0],
      objects.length === 3 ? 'allowed' : 'denied',
    );
  }
});

test('Calico services: a template that the selector does not take is not behind the service', () => {
  const other = workloadYaml('other', 'app: other');
  assert.equal(
    asked([SHOP, other, SERVICE, toService], 'shop/web > shop/other TCP 8080'),
    `denied\negress denied: NetworkPolicy shop/p isolates by rule 0\n${OPEN}`,
  );
});

test('Calico services: where the service has no selector it is unknown for a template', () => {
  const service =
    '{kind: Service, apiVersion: v1, metadata: {namespace: shop, name: api}, spec: {ports: [{port: 80}]}}';
  assert.equal(
    asked([SHOP, TEMPLATE, service, toService], 'shop/web > shop/api TCP 80'),
    `unknown\negress unknown: NetworkPolicy shop/p unknown by rule 0\n${OPEN}`,
  );
});

const HOST = ', hostNetwork: true';

test('host network: a service that leads to such a template leads to a node that is not known', () => {
  const host = workloadYaml('api', 'app: api', '{name: http, containerPort: 8080}', 'DaemonSet', HOST);
  const deny = policyYaml('deny', 'podSelector: {}\npolicyTypes: [Ingress, Egress]');
  const why = 'shop/api[DaemonSet] shares the network of its node, whose address is not known';
  assert.equal(
    asked([SHOP, host, SERVICE, policyYaml('in', 'podSelector: {}')], 'shop/web > shop/api[Service] TCP 80'),
    `unknown\n${FREE}\ningress unknown: ${why}`,
  );
  assert.equal(
    asked([SHOP, host, SERVICE, deny], 'shop/web > shop/api[Service] TCP 80'),
    `denied\negress denied: NetworkPolicy shop/deny isolates by rule null\ningress unknown: ${why}`,
  );
});

test('host network: no policy selects such a pod, although its node is not known', () => {
  const agent = podYaml('shop/agent', '192.168.0.9', 'app: agent', '', HOST).replace('nodeName: n1, ', '');
  assert.equal(
    asked([SHOP, agent, policyYaml('in', 'podSelector: {}')], 'shop/web > shop/agent TCP 80'),
    `unknown\n${FREE}\ningress unknown: shop/agent shares the network of its node, and which node that is is not known`,
  );
});

const admin = (rules: string) =>
  `{kind: AdminNetworkPolicy, apiVersion: policy.networking.k8s.io/v1alpha1, metadata: {name: a}, spec: {priority: 1, subject: {namespaces: {}}, egress: [${rules}]}}`;

test('address blocks: a template may be in one that an admin policy denies or passes, and is in that of all', () => {
  const ask = (rules: string) => asked([SHOP, TEMPLATE, admin(rules)], 'shop/web > shop/api TCP 80');
  assert.equal(
    ask('{action: Deny, to: [{networks: [10.0.0.0/8]}]}'),
    `unknown\negress unknown: AdminNetworkPolicy null/a unknown by rule 0\n${OPEN}`,
  );
  assert.equal(
    ask('{action: Deny, to: [{networks: [0.0.0.0/0]}]}'),
    `denied\negress denied: AdminNetworkPolicy null/a denies by rule 0\n${OPEN}`,
  );
  assert.equal(
    ask('{action: Pass, to: [{networks: [10.0.0.0/8]}]}, {action: Deny, to: [{namespaces: {}}]}'),
    `unknown\negress unknown: AdminNetworkPolicy null/a unknown by rule 0\n${OPEN}`,
  );
  assert.equal(
    ask('{action: Allow, to: [{networks: [10.0.0.0/8]}]}, {action: Deny, to: [{namespaces: {}}]}'),
    `denied\negress denied: AdminNetworkPolicy null/a denies by rule 1\n${OPEN}`,
  );
});

test('address blocks: a template may be in one that Calico denies, or leaves out, and in a network set', () => {
  const set =
    '{kind: GlobalNetworkSet, apiVersion: projectcalico.org/v3, metadata: {name: corp, labels: {role: corp}}, spec: {nets: [10.0.0.0/8]}}';
  const global = (rules: string) =>
    `{kind: GlobalNetworkPolicy, apiVersion: projectcalico.org/v3, metadata: {name: p}, spec: {selector: "app == 'web'", types: [Egress], egress: [${rules}]}}`;
  const ask = (rules: string) =>
    asked([SHOP, TEMPLATE, set, global(rules)], 'shop/web > shop/api TCP 80').split('\n')[1];
  const may = (rule: number) => `egress unknown: GlobalNetworkPolicy null/p unknown by rule ${rule}`;
  assert.equal(ask('{action: Deny, destination: {nets: [10.0.0.0/8]}}, {action: Allow}'), may(0));
  assert.equal(ask('{action: Allow, destination: {notNets: [10.0.0.0/8]}}'), may(0));
  assert.equal(ask(`{action: Deny, destination: {selector: "role == 'corp'"}}, {action: Allow}`), may(0));
  assert.equal(ask(`{action: Allow, destination: {notSelector: "role == 'corp'"}}`), may(0));
  const isolated = 'egress denied: GlobalNetworkPolicy null/p isolates by rule 0';
  assert.equal(ask('{action: Allow, destination: {nets: [10.0.0.0/8]}}'), isolated);
  assert.equal(ask(`{action: Allow, destination: {selector: "role == 'corp'"}}`), isolated);
  assert.equal(
    ask(`{action: Deny, destination: {selector: "role == 'other'"}}, {action: Allow}`),
    'egress allowed: GlobalNetworkPolicy null/p allows by rule 1',
  );
});

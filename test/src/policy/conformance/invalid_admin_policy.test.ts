import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../../../src/kubernetes/json.js';
import {
  compileAdminNetworkPolicy,
  compileBaselineAdminNetworkPolicy,
} from '../../../../src/policy/kubernetes/admin_network_policy.js';
import { compileClusterNetworkPolicy } from '../../../../src/policy/kubernetes/cluster_network_policy.js';
import type { CompiledPolicy } from '../../../../src/policy/rules/policy.js';
import { ask, clusterOf, objectOf, SHOP } from '../cluster.js';

const ALL = 'subject: {namespaces: {}}';
const times = (count: number, text: string) => `[${Array.from({ length: count }, () => text).join(', ')}]`;
const ingress = (rule: string) => `priority: 1, ${ALL}, ingress: [{action: Deny, ${rule}}]`;
const egress = (rule: string) => `priority: 1, ${ALL}, egress: [{action: Deny, ${rule}}]`;
const ports = (text: string) => ingress(`from: [{namespaces: {}}], ports: ${text}`);

refuses(compileAdminNetworkPolicy, {
  [`priority: 1001, ${ALL}`]: 'spec.priority is 1001, not 0 to 1000',
  [`priority: -1, ${ALL}`]: 'spec.priority is -1, not 0 to 1000',
  [`priority: 1.5, ${ALL}`]: 'spec.priority is 1.5, not 0 to 1000',
  [ALL]: 'spec.priority is missing, not 0 to 1000',
  'priority: 1': 'spec.subject is missing, not an object',
  [`priority: 1, tier: Admin, ${ALL}`]:
    'spec.tier is not a known field, expected priority, subject, ingress, egress',
  'priority: 1, subject: {}': 'spec.subject has nothing, not exactly one of namespaces, pods',
  'priority: 1, subject: {namespaces: {}, pods: {}}':
    'spec.subject has namespaces and pods, not exactly one of namespaces, pods',
  'priority: 1, subject: {nodes: {}}': 'spec.subject.nodes is not a known field, expected namespaces, pods',
  'priority: 1, subject: {namespaces: team-a}': 'spec.subject.namespaces is not a label selector',
  'priority: 1, subject: {namespaces: {sameLabels: [team]}}':
    'spec.subject.namespaces.sameLabels is not a known field, expected matchLabels, matchExpressions',
  'priority: 1, subject: {pods: {podSelector: {}}}':
    'spec.subject.pods.namespaceSelector is not a label selector',
  'priority: 1, subject: {pods: {namespaceSelector: {}}}':
    'spec.subject.pods.podSelector is not a label selector',
  'priority: 1, subject: {pods: {namespaceSelector: {}, podSelector: {}, ipBlock: {}}}':
    'spec.subject.pods.ipBlock is not a known field, expected namespaceSelector, podSelector',
  [`priority: 1, ${ALL}, ingress: {}`]: 'spec.ingress is {}, not a list',
  [`priority: 1, ${ALL}, egress: ${times(101, '{}')}`]: 'spec.egress has 101 items, more than 100',
  [`priority: 1, ${ALL}, ingress: [{from: [{namespaces: {}}]}]`]:
    'spec.ingress[0].action is missing, not Allow, Deny or Pass',
  [`priority: 1, ${ALL}, ingress: [{action: Accept, from: [{namespaces: {}}]}]`]:
    'spec.ingress[0].action is "Accept", not Allow, Deny or Pass',
  [ingress('to: [{namespaces: {}}]')]:
    'spec.ingress[0].to is not a known field, expected name, action, from, ports',
  [ingress('name: 5, from: [{namespaces: {}}]')]:
    'spec.ingress[0].name is 5, not text of at most 100 characters',
  [ingress(`name: ${'x'.repeat(101)}, from: [{namespaces: {}}]`)]:
    `spec.ingress[0].name is "${'x'.repeat(59)}, not text of at most 100 characters`,
  [ingress('ports: [{portNumber: {port: 1}}]')]: 'spec.ingress[0].from is missing, not a list',
  [ingress('from: []')]: 'spec.ingress[0].from is empty',
  [ingress(`from: ${times(101, '{namespaces: {}}')}`)]: 'spec.ingress[0].from has 101 items, more than 100',
  [ingress('from: [{}]')]: 'spec.ingress[0].from[0] has nothing, not exactly one of namespaces, pods',
  [ingress('from: [{networks: [10.0.0.0/8]}]')]:
    'spec.ingress[0].from[0].networks is not a known field, expected namespaces, pods',
  [egress('to: [{nodes: {}, networks: [10.0.0.0/8]}]')]:
    'spec.egress[0].to[0] has nodes and networks, not exactly one of namespaces, pods, nodes, networks, domainNames',
  [egress('to: [{nodes: all}]')]: 'spec.egress[0].to[0].nodes is not a label selector',
  [egress('to: [{networks: []}]')]: 'spec.egress[0].to[0].networks is empty',
  [egress('to: [{networks: [10.0.0.0/8, 10.0.0.0/33]}]')]:
    'spec.egress[0].to[0].networks[1] is "10.0.0.0/33", not a block such as 10.0.0.0/8',
  [egress(`to: [{networks: ${times(26, '10.0.0.0/8')}}]`)]:
    'spec.egress[0].to[0].networks has 26 items, more than 25',
  [egress('to: [{domainNames: [example.com, "a*.example.com"]}]')]:
    'spec.egress[0].to[0].domainNames[1] is "a*.example.com", not a domain name such as example.com or *.example.com',
  [egress('to: [{domainNames: [[example.com]]}]')]:
    'spec.egress[0].to[0].domainNames[0] is ["example.com"], not a domain name such as example.com or *.example.com',
  [egress('to: [{domainNames: [5]}]')]:
    'spec.egress[0].to[0].domainNames[0] is 5, not a domain name such as example.com or *.example.com',
  [ports('[]')]: 'spec.ingress[0].ports is empty',
  [ports(times(101, '{namedPort: a}'))]: 'spec.ingress[0].ports has 101 items, more than 100',
  [ports('[{}]')]:
    'spec.ingress[0].ports[0] has nothing, not exactly one of portNumber, portRange, namedPort',
  [ports('[{namedPort: 80}]')]: 'spec.ingress[0].ports[0].namedPort is 80, not the name of a port',
  [ports('[{portNumber: {port: 0}}]')]: 'spec.ingress[0].ports[0].portNumber.port is 0, not 1 to 65535',
  [ports('[{portNumber: {port: 65536}}]')]:
    'spec.ingress[0].ports[0].portNumber.port is 65536, not 1 to 65535',
  [ports('[{portNumber: {port: 80, protocol: ICMP}}]')]:
    'spec.ingress[0].ports[0].portNumber.protocol is "ICMP", not TCP, UDP or SCTP',
  [ports('[{portNumber: {port: 80, end: 90}}]')]:
    'spec.ingress[0].ports[0].portNumber.end is not a known field, expected protocol, port',
  [ports('[{portRange: {start: 0, end: 90}}]')]:
    'spec.ingress[0].ports[0].portRange.start is 0, not 1 to 65535',
  [ports('[{portRange: {start: 90, end: 80}}]')]:
    'spec.ingress[0].ports[0].portRange.end is 80, not 90 to 65535',
  [ports('[{portRange: {port: 90}}]')]:
    'spec.ingress[0].ports[0].portRange.port is not a known field, expected protocol, start, end',
  [egress('to: [{namespaces: {}}, {nodes: {}}], ports: [{namedPort: dns}]')]:
    'spec.egress[0].ports names a port beside nodes, which have no names for ports',
});

refuses(compileBaselineAdminNetworkPolicy, {
  [`priority: 1, ${ALL}`]: 'spec.priority is not a known field, expected subject, ingress, egress',
  [`${ALL}, ingress: [{action: Pass, from: [{namespaces: {}}]}]`]:
    'spec.ingress[0].action is "Pass", not Allow or Deny',
  [`${ALL}, egress: [{action: Allow, to: [{domainNames: [example.com]}]}]`]:
    'spec.egress[0].to[0].domainNames is not a known field, expected namespaces, pods, nodes, networks',
});

const protocols = (text: string) => `tier: Admin, ${ingress(`from: [{namespaces: {}}], protocols: ${text}`)}`;
const AT = 'spec.ingress[0].protocols[0]';

refuses(compileClusterNetworkPolicy, {
  [`priority: 1, ${ALL}`]: 'spec.tier is missing, not Admin or Baseline',
  [`tier: admin, priority: 1, ${ALL}`]: 'spec.tier is "admin", not Admin or Baseline',
  [`tier: Admin, ${ALL}`]: 'spec.priority is missing, not 0 to 1000',
  [`tier: Admin, priority: 1, ${ALL}, ingress: [{action: Allow, from: [{namespaces: {}}]}]`]:
    'spec.ingress[0].action is "Allow", not Accept, Deny or Pass',
  [`tier: Admin, priority: 1, ${ALL}, ingress: ${times(26, '{}')}`]:
    'spec.ingress has 26 items, more than 25',
  [`tier: Admin, ${ports('[{portNumber: {port: 80}}]')}`]:
    'spec.ingress[0].ports is not a known field, expected name, action, from, protocols',
  [protocols('[{}]')]: `${AT} has nothing, not exactly one of tcp, udp, sctp, destinationNamedPort`,
  [protocols('[{icmp: {}}]')]:
    `${AT}.icmp is not a known field, expected tcp, udp, sctp, destinationNamedPort`,
  [protocols('[{tcp: {}}]')]: `${AT}.tcp has nothing, not exactly one of destinationPort`,
  [protocols('[{tcp: {destinationPort: {}}}]')]:
    `${AT}.tcp.destinationPort has nothing, not exactly one of number, range`,
  [protocols('[{tcp: {destinationPort: {number: 0}}}]')]:
    `${AT}.tcp.destinationPort.number is 0, not 1 to 65535`,
  [protocols('[{tcp: {destinationPort: {range: {start: 0, end: 9}}}}]')]:
    `${AT}.tcp.destinationPort.range.start is 0, not 1 to 65535`,
  [protocols('[{udp: {destinationPort: {range: {start: 9, end: 9}}}}]')]:
    `${AT}.udp.destinationPort.range.end is 9, not 10 to 65535`,
  [protocols('[{udp: {destinationPort: {range: {start: 9, end: 10, step: 2}}}}]')]:
    `${AT}.udp.destinationPort.range.step is not a known field, expected start, end`,
  [protocols('[{destinationNamedPort: 80}]')]: `${AT}.destinationNamedPort is 80, not the name of a port`,
});

test('the bounds themselves are within: 100 rules, peers, ports; 25 blocks; a name of 100; priorities 0 and 1000', () => {
  const peers = times(100, '{networks: [10.0.0.0/8]}');
  const wide = `{networks: ${times(25, '10.0.0.0/8')}}`;
  const full = `{name: ${'x'.repeat(100)}, action: Deny, to: ${peers}, ports: ${times(100, '{portNumber: {port: 65535}}')}}`;
  const rules = [
    full,
    `{action: Deny, to: [${wide}]}`,
    ...Array.from({ length: 98 }, () => '{action: Deny, to: [{networks: [10.0.0.0/8]}]}'),
  ];
  for (const priority of [0, 1000]) {
    const [policy] = compileAdminNetworkPolicy(
      admin(`priority: ${priority}, ${ALL}, egress: [${rules.join(', ')}]`),
    );
    assert.equal(policy?.sections.egress?.rules.length, 100);
  }
});

test('domain names: what is in order', () => {
  const names = '[example.com, Example.COM., "*.example.com", _dmarc.example.com, a-b_c.example.io]';
  const [policy] = compileAdminNetworkPolicy(admin(egress(`to: [{domainNames: ${names}}]`)));
  assert.equal(
    policy?.sections.egress?.rules[0]?.clauses[0]?.text,
    'domain names example.com, Example.COM., *.example.com, _dmarc.example.com, a-b_c.example.io',
  );
});

test('peers in words, as a change of the policy is told', () => {
  const peers =
    '[{namespaces: {}}, {pods: {namespaceSelector: {matchLabels: {team: a}}, podSelector: {matchLabels: {app: web}}}}, ' +
    '{nodes: {}}, {nodes: {matchLabels: {role: edge}}}, {networks: [10.0.0.0/8, "fd00::/8"]}]';
  const [policy] = compileAdminNetworkPolicy(
    admin(egress(`to: ${peers}, ports: [{portRange: {start: 80, end: 90}}]`)),
  );
  assert.deepEqual(
    policy?.sections.egress?.rules[0]?.clauses.map(({ text }) => text),
    [
      'every pod of every namespace or pods app=web of namespaces team=a or every node or nodes role=edge or 10.0.0.0/8 or fd00::/8',
      'TCP 80-90',
    ],
  );
});

test('a BaselineAdminNetworkPolicy must be named default', () => {
  assert.throws(() => compileBaselineAdminNetworkPolicy(admin(ALL, 'other')), {
    message: 'metadata.name is "other", not "default"',
  });
});

test('what is malformed is left out of the verdict and listed beside it', () => {
  const yaml = `{kind: AdminNetworkPolicy, apiVersion: policy.networking.k8s.io/v1alpha1, metadata: {name: a}, spec: {${ingress('from: []')}}}`;
  const state = clusterOf(SHOP, yaml);
  assert.match(ask(state, 'shop/web > shop/db TCP 80'), /^allowed/);
  assert.deepEqual(state.problems(null), [
    {
      kind: 'AdminNetworkPolicy',
      namespace: null,
      name: 'a',
      field: 'spec.ingress[0].from',
      problem: 'is empty',
    },
  ]);
});

function admin(spec: string, name = 'default'): JsonObject {
  return objectOf(`{metadata: {name: ${name}}, spec: {${spec}}, kind: A, apiVersion: v1}`);
}

/** Tests that each of the specs is refused with those words. */
function refuses(compile: (object: JsonObject) => CompiledPolicy[], problems: Record<string, string>): void {
  for (const [spec, message] of Object.entries(problems)) {
    test(message, () => assert.throws(() => compile(admin(spec)), { name: 'InvalidPolicy', message }));
  }
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileNetworkPolicy } from '../../../src/policy/kubernetes/network_policy.js';
import { ask, clusterOf, objectOf, policyYaml, SHOP } from './cluster.js';

const cases: [spec: string, problem: string][] = [
  ['policyTypes: [ingress]', 'spec.policyTypes has "ingress", not Ingress or Egress'],
  ['podSelector: shop', 'spec.podSelector is not a label selector'],
  ['podSelector: {matchLabels: {app: 1}}', 'spec.podSelector.matchLabels.app is not text'],
  ['podSelector: {matchLabels: {constructor: 5}}', 'spec.podSelector.matchLabels.constructor is not text'],
  ['podSelector: {matchLabels: {"a b": c}}', 'spec.podSelector.matchLabels has "a b", not a label key'],
  ['podSelector: {matchLabels: {a: "b c"}}', 'spec.podSelector.matchLabels has "b c", not a label value'],
  [
    'podSelector: {matchExpressions: [{key: a, operator: in, values: [b]}]}',
    'spec.podSelector.matchExpressions[0].operator is "in", not In, NotIn, Exists or DoesNotExist',
  ],
  [
    'podSelector: {matchExpressions: [{key: a, operator: In}]}',
    'spec.podSelector.matchExpressions[0].values must not be empty for In',
  ],
  [
    'podSelector: {matchExpressions: [{key: a, operator: Exists, values: [b]}]}',
    'spec.podSelector.matchExpressions[0].values must be empty for Exists',
  ],
  [
    'podSelector: {matchExpressions: [{key: a, operator: In, values: [1]}]}',
    'spec.podSelector.matchExpressions[0].values is not a list of text',
  ],
  ['ingress: {}', 'spec.ingress is {}, not a list'],
  ['ingress: [{from: [{}]}]', 'spec.ingress[0].from[0] names no peer'],
  [
    'ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}, podSelector: {}}]}]',
    'spec.ingress[0].from[0] has ipBlock beside a selector',
  ],
  [
    'ingress: [{from: [{ipBlock: {cidr: 10.0.0.0}}]}]',
    'spec.ingress[0].from[0].ipBlock.cidr is "10.0.0.0", not a block such as 10.0.0.0/8',
  ],
  [
    'ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [11.0.0.0/16]}}]}]',
    'spec.ingress[0].from[0].ipBlock.except[0] is 11.0.0.0/16, not a part of 10.0.0.0/8',
  ],
  [
    'ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/8]}}]}]',
    'spec.ingress[0].from[0].ipBlock.except[0] is 10.0.0.0/8, not a part of 10.0.0.0/8',
  ],
  [
    'ingress: [{ports: [{protocol: ICMP}]}]',
    'spec.ingress[0].ports[0].protocol is "ICMP", not TCP, UDP or SCTP',
  ],
  [
    'ingress: [{ports: [{port: 0}]}]',
    'spec.ingress[0].ports[0].port is 0, not 1 to 65535 or the name of a port',
  ],
  [
    'ingress: [{ports: [{port: "80"}]}]',
    'spec.ingress[0].ports[0].port is "80", not 1 to 65535 or the name of a port',
  ],
  ['ingress: [{ports: [{endPort: 90}]}]', 'spec.ingress[0].ports[0].endPort needs a port that is a number'],
  [
    'ingress: [{ports: [{port: web, endPort: 90}]}]',
    'spec.ingress[0].ports[0].endPort needs a port that is a number',
  ],
  [
    'ingress: [{ports: [{port: 90, endPort: 80}]}]',
    'spec.ingress[0].ports[0].endPort is 80, not 90 to 65535',
  ],
];

for (const [spec, problem] of cases) {
  test(`${spec}: ${problem}`, () => {
    assert.throws(() => compileNetworkPolicy(objectOf(policyYaml('p', spec))), {
      name: 'InvalidPolicy',
      message: problem,
    });
  });
}

test('a policy that the API would refuse is left out of the verdict and listed beside it', () => {
  const state = clusterOf(SHOP, policyYaml('p', 'ingress: [{from: [{}]}]'));
  assert.match(ask(state, 'shop/web > shop/db TCP 80'), /^allowed/);
  assert.deepEqual(state.problems('shop'), [
    {
      kind: 'NetworkPolicy',
      namespace: 'shop',
      name: 'p',
      field: 'spec.ingress[0].from[0]',
      problem: 'names no peer',
    },
  ]);
});

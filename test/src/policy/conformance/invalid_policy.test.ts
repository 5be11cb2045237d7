import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileNetworkPolicy } from '../../../../src/policy/kubernetes/network_policy.js';
import { ask, clusterOf, objectOf, policyYaml, SHOP } from '../cluster.js';

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
  ['rules: []', 'spec.rules is not a known field, expected podSelector, policyTypes, ingress, egress'],
  ['policyTypes: Ingress', 'spec.policyTypes is "Ingress", not a list'],
  [
    'podSelector: {matchlabels: {}}',
    'spec.podSelector.matchlabels is not a known field, expected matchLabels, matchExpressions',
  ],
  ['podSelector: {matchLabels: [app]}', 'spec.podSelector.matchLabels is not a map of labels'],
  ['podSelector: {matchExpressions: {}}', 'spec.podSelector.matchExpressions is not a list'],
  ['podSelector: {matchExpressions: [app]}', 'spec.podSelector.matchExpressions[0] is "app", not an object'],
  [
    'podSelector: {matchExpressions: [{operator: Exists}]}',
    'spec.podSelector.matchExpressions[0].key is missing',
  ],
  [
    'podSelector: {matchExpressions: [{key: a}]}',
    'spec.podSelector.matchExpressions[0].operator is missing, not In, NotIn, Exists or DoesNotExist',
  ],
  [
    'podSelector: {matchExpressions: [{key: a, operator: NotIn, values: []}]}',
    'spec.podSelector.matchExpressions[0].values must not be empty for NotIn',
  ],
  [
    'podSelector: {matchExpressions: [{key: a, operator: DoesNotExist, values: [b]}]}',
    'spec.podSelector.matchExpressions[0].values must be empty for DoesNotExist',
  ],
  [
    'podSelector: {matchExpressions: [{key: a, operator: In, values: b}]}',
    'spec.podSelector.matchExpressions[0].values is not a list of text',
  ],
  [
    'podSelector: {matchExpressions: [{key: a, op: In, values: [b]}]}',
    'spec.podSelector.matchExpressions[0].op is not a known field, expected key, operator, values',
  ],
  [
    'podSelector: {matchExpressions: [{key: -a, operator: Exists}]}',
    'spec.podSelector.matchExpressions[0] has "-a", not a label key',
  ],
  [
    'podSelector: {matchExpressions: [{key: a, operator: In, values: [b, c-]}]}',
    'spec.podSelector.matchExpressions[0] has "c-", not a label value',
  ],
  ['egress: none', 'spec.egress is "none", not a list'],
  ['ingress: [all]', 'spec.ingress[0] is "all", not an object'],
  ['ingress: [{to: []}]', 'spec.ingress[0].to is not a known field, expected from, ports'],
  ['egress: [{from: []}]', 'spec.egress[0].from is not a known field, expected to, ports'],
  ['ingress: [{from: {}}]', 'spec.ingress[0].from is {}, not a list'],
  ['egress: [{to: [any]}]', 'spec.egress[0].to[0] is "any", not an object'],
  [
    'ingress: [{from: [{cidr: 10.0.0.0/8}]}]',
    'spec.ingress[0].from[0].cidr is not a known field, expected podSelector, namespaceSelector, ipBlock',
  ],
  [
    'ingress: [{from: [{namespaceSelector: team}]}]',
    'spec.ingress[0].from[0].namespaceSelector is not a label selector',
  ],
  ['ingress: [{from: [{podSelector: web}]}]', 'spec.ingress[0].from[0].podSelector is not a label selector'],
  [
    'ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}, namespaceSelector: {}}]}]',
    'spec.ingress[0].from[0] has ipBlock beside a selector',
  ],
  [
    'ingress: [{from: [{ipBlock: 10.0.0.0/8}]}]',
    'spec.ingress[0].from[0].ipBlock is "10.0.0.0/8", not an object',
  ],
  [
    'ingress: [{from: [{ipBlock: {block: 10.0.0.0/8}}]}]',
    'spec.ingress[0].from[0].ipBlock.block is not a known field, expected cidr, except',
  ],
  [
    'ingress: [{from: [{ipBlock: {cidr: [10.0.0.0/8]}}]}]',
    'spec.ingress[0].from[0].ipBlock.cidr is ["10.0.0.0/8"], not a block such as 10.0.0.0/8',
  ],
  [
    'ingress: [{from: [{ipBlock: {}}]}]',
    'spec.ingress[0].from[0].ipBlock.cidr is missing, not a block such as 10.0.0.0/8',
  ],
  [
    'ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: 10.0.0.0/16}}]}]',
    'spec.ingress[0].from[0].ipBlock.except is "10.0.0.0/16", not a list',
  ],
  [
    'ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/16, 10]}}]}]',
    'spec.ingress[0].from[0].ipBlock.except[1] is 10, not a block such as 10.0.0.0/8',
  ],
  ['ingress: [{ports: 80}]', 'spec.ingress[0].ports is 80, not a list'],
  ['ingress: [{ports: [80]}]', 'spec.ingress[0].ports[0] is 80, not an object'],
  [
    'ingress: [{ports: [{number: 80}]}]',
    'spec.ingress[0].ports[0].number is not a known field, expected protocol, port, endPort',
  ],
  [
    'ingress: [{ports: [{protocol: tcp}]}]',
    'spec.ingress[0].ports[0].protocol is "tcp", not TCP, UDP or SCTP',
  ],
  [
    'ingress: [{ports: [{port: 65536}]}]',
    'spec.ingress[0].ports[0].port is 65536, not 1 to 65535 or the name of a port',
  ],
  [
    'ingress: [{ports: [{port: [web]}]}]',
    'spec.ingress[0].ports[0].port is ["web"], not 1 to 65535 or the name of a port',
  ],
  [
    'ingress: [{ports: [{port: 80.5}]}]',
    'spec.ingress[0].ports[0].port is 80.5, not 1 to 65535 or the name of a port',
  ],
  [
    'ingress: [{ports: [{port: name-of-16-chars}]}]',
    'spec.ingress[0].ports[0].port is "name-of-16-chars", not 1 to 65535 or the name of a port',
  ],
  [
    'ingress: [{ports: [{port: a--b}]}]',
    'spec.ingress[0].ports[0].port is "a--b", not 1 to 65535 or the name of a port',
  ],
  [
    'ingress: [{ports: [{port: Web}]}]',
    'spec.ingress[0].ports[0].port is "Web", not 1 to 65535 or the name of a port',
  ],
  [
    'ingress: [{ports: [{port: 90, endPort: 65536}]}]',
    'spec.ingress[0].ports[0].endPort is 65536, not 90 to 65535',
  ],
  [
    'ingress: [{ports: [{port: 90, endPort: high}]}]',
    'spec.ingress[0].ports[0].endPort is "high", not 90 to 65535',
  ],
  ['policyTypes: [Egress]\ningress: [{from: [{}]}]', 'spec.ingress[0].from[0] names no peer'],
];

for (const [spec, problem] of cases) {
  test(`${spec}: ${problem}`, () => {
    assert.throws(() => compileNetworkPolicy(objectOf(policyYaml('p', spec))), {
      name: 'InvalidPolicy',
      message: problem,
    });
  });
}

test('spec: what is no object is refused, and a missing one is empty', () => {
  const policy = (spec: string) =>
    objectOf(`{kind: NetworkPolicy, apiVersion: networking.k8s.io/v1, metadata: {name: p}${spec}}`);
  assert.throws(() => compileNetworkPolicy(policy(', spec: 5')), { message: 'spec is 5, not an object' });
  assert.equal(compileNetworkPolicy(policy('')).length, 1);
});

test('null is missing: of selectors, lists, blocks, ports and protocols', () => {
  const spec = `podSelector: {matchLabels: null, matchExpressions: null}
policyTypes: null
ingress: [{from: null, ports: null}, {from: [{podSelector: {}, namespaceSelector: null, ipBlock: null}], ports: [{protocol: null, port: null, endPort: null}]}]
egress: null`;
  const state = clusterOf(SHOP, policyYaml('p', spec));
  assert.deepEqual(state.problems('shop'), []);
  assert.match(ask(state, 'prod/web > shop/db UDP 9'), /ingress rule 0 allows it$/);
});

test('a label may be as long as the API lets it: 63, and a prefix of 253 before the name', () => {
  const key = (prefix: number, name: number) => `${'p'.repeat(prefix)}/${'n'.repeat(name)}`;
  const compile = (one: string, value: string) =>
    compileNetworkPolicy(objectOf(policyYaml('p', `podSelector: {matchLabels: {"${one}": "${value}"}}`)));
  assert.equal(compile(key(253, 63), 'v'.repeat(63)).length, 1);
  assert.equal(compile('a', '').length, 1);
  assert.throws(() => compile(key(254, 63), ''), /not a label key/);
  assert.throws(() => compile(key(253, 64), ''), /not a label key/);
  assert.throws(() => compile('a', 'v'.repeat(64)), /not a label value/);
});

test('a kind or version of policy that is not known is named beside the answer, never passed over', () => {
  const known = (kind: string, apiVersion: string) => {
    const state = clusterOf(`{kind: ${kind}, apiVersion: ${apiVersion}, metadata: {name: p}}`);
    return state.problems(null).map(({ field, problem }) => `${field} ${problem}`);
  };
  assert.deepEqual(known('ClusterNetworkPolicy', 'policy.networking.k8s.io/v1beta7'), [
    'apiVersion is policy.networking.k8s.io/v1beta7: expected policy.networking.k8s.io/v1alpha2 or v1beta1',
  ]);
  assert.deepEqual(known('AcmeNetworkPolicy', 'acme.example/v1'), [
    'apiVersion is acme.example/v1: this kind is not judged',
  ]);
  assert.deepEqual(known('Deployment', 'apps/v1'), []);
});

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

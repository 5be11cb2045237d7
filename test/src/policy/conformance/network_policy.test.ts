import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileNetworkPolicy } from '../../../../src/policy/kubernetes/network_policy.js';
import { objectOf, policyYaml } from '../cluster.js';
import { BY_RULE, FREE, holds, holdsUnder, NOTHING, OPEN, OUTSIDE } from './holds.js';

holdsUnder('podSelector: pods that no policy selects stay open', 'podSelector: {matchLabels: {app: db}}', {
  'shop/db > shop/web TCP 80': `allowed\n${FREE}\n${OPEN}`,
  'shop/web > shop/db TCP 80': `denied\n${NOTHING}`,
});

holdsUnder('podSelector: empty selects every pod of the namespace, and of no other', 'podSelector: {}', {
  'shop/db > shop/web TCP 80': `denied\n${NOTHING}`,
  'shop/db > prod/web TCP 80': `allowed\n${FREE}\n${OPEN}`,
});

holdsUnder('podSelector: missing is empty', 'policyTypes: [Ingress]', {
  'shop/db > shop/web TCP 80': `denied\n${NOTHING}`,
});

holdsUnder('traffic to itself is always allowed', 'podSelector: {}\npolicyTypes: [Ingress, Egress]', {
  'shop/db > shop/db TCP 5432':
    'allowed\negress: a pod may always reach itself\ningress: a pod may always reach itself',
});

holdsUnder('policyTypes: missing means Ingress', 'podSelector: {matchLabels: {app: db}}\negress: []', {
  'shop/db > shop/web TCP 80': `allowed\n${FREE}\n${OPEN}`,
  'shop/web > shop/db TCP 80': `denied\n${NOTHING}`,
});

holdsUnder(
  'policyTypes: missing means Egress as well where there are egress rules',
  'podSelector: {matchLabels: {app: db}}\negress: [{to: [{podSelector: {matchLabels: {app: api}}}]}]',
  {
    'shop/db > shop/web TCP 80':
      'denied\negress: shop/p isolates: egress rule 0 allows pods app=api, the destination pod has app=web',
    'shop/web > shop/db TCP 80': `denied\n${NOTHING}`,
  },
);

holdsUnder(
  'policyTypes: [Egress] leaves ingress open, and rules of the other type do not count',
  'podSelector: {matchLabels: {app: db}}\npolicyTypes: [Egress]\ningress: [{from: [{podSelector: {}}]}]',
  {
    'prod/web > shop/db TCP 80': `allowed\n${FREE}\n${OPEN}`,
    'shop/db > shop/web TCP 80':
      'denied\negress: shop/p isolates: it has no egress rules, so it allows nothing',
  },
);

holdsUnder('rules: an empty rule allows everything', 'podSelector: {}\ningress: [{}]', {
  'prod/web > shop/db TCP 80': `allowed\n${FREE}\n${BY_RULE}`,
  '203.0.113.9 > shop/db UDP 9': `allowed\n${OUTSIDE}\n${BY_RULE}`,
});

holdsUnder(
  'peers and ports: empty lists restrict nothing',
  'podSelector: {}\ningress: [{from: [], ports: []}]',
  {
    'prod/web > shop/db TCP 80': `allowed\n${FREE}\n${BY_RULE}`,
  },
);

holdsUnder(
  'peer podSelector: pods of the own namespace only',
  'podSelector: {matchLabels: {app: db}}\ningress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]',
  {
    'shop/web > shop/db TCP 80': `allowed\n${FREE}\n${BY_RULE}`,
    'prod/web > shop/db TCP 80':
      'denied\ningress: shop/p isolates: ingress rule 0 allows pods app=web of its own namespace shop, the source pod is in namespace prod',
    '203.0.113.9 > shop/db TCP 80':
      'denied\ningress: shop/p isolates: ingress rule 0 allows pods app=web, the source 203.0.113.9 is not a pod of this cluster',
  },
);

holdsUnder(
  'peer namespaceSelector: every pod of those namespaces',
  'podSelector: {matchLabels: {app: db}}\ningress: [{from: [{namespaceSelector: {matchLabels: {team: b}}}]}]',
  {
    'prod/web > shop/db TCP 80': `allowed\n${FREE}\n${BY_RULE}`,
    'shop/web > shop/db TCP 80':
      "denied\ningress: shop/p isolates: ingress rule 0 allows every pod of namespaces team=b, the source's namespace shop has team=a",
  },
);

holdsUnder(
  'peer namespaceSelector: the label with the name is always there',
  'podSelector: {matchLabels: {app: db}}\ningress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: prod}}}]}]',
  { 'prod/web > shop/db TCP 80': `allowed\n${FREE}\n${BY_RULE}` },
);

holdsUnder(
  'peer with both selectors: both must match',
  `podSelector: {matchLabels: {app: db}}
ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}, podSelector: {matchLabels: {app: web}}}]}]`,
  {
    'shop/web > shop/db TCP 80': `allowed\n${FREE}\n${BY_RULE}`,
    'prod/web > shop/db TCP 80':
      "denied\ningress: shop/p isolates: ingress rule 0 allows pods app=web of namespaces team=a, the source's namespace prod has team=b",
  },
);

holdsUnder(
  'two peers: either is enough, and the nearest is named',
  `podSelector: {matchLabels: {app: db}}
ingress: [{from: [{namespaceSelector: {matchLabels: {team: c}}, podSelector: {matchLabels: {app: api}}}, {podSelector: {matchLabels: {app: api}}}]}]`,
  {
    'shop/web > shop/db TCP 80':
      'denied\ningress: shop/p isolates: ingress rule 0 allows pods app=api, the source pod has app=web',
  },
);

holdsUnder(
  'ipBlock: the block without its exceptions, pods by their address too',
  'podSelector: {matchLabels: {app: db}}\ningress: [{from: [{ipBlock: {cidr: 10.0.0.0/15, except: [10.0.1.0/24]}}]}]',
  {
    'shop/web > shop/db TCP 80': `allowed\n${FREE}\n${BY_RULE}`,
    'prod/web > shop/db TCP 80':
      'denied\ningress: shop/p isolates: ingress rule 0 allows 10.0.0.0/15 except 10.0.1.0/24, the source pod has 10.0.1.1, which is among the exceptions',
    '203.0.113.9 > shop/db TCP 80':
      'denied\ningress: shop/p isolates: ingress rule 0 allows 10.0.0.0/15 except 10.0.1.0/24, the source 203.0.113.9 is outside',
  },
);

holdsUnder(
  'ipBlock: IPv6, and an IPv4 block says nothing of IPv6',
  'podSelector: {matchLabels: {app: db}}\ningress: [{from: [{ipBlock: {cidr: "2001:db8::/32"}}, {ipBlock: {cidr: 0.0.0.0/0}}]}]',
  {
    '2001:db8::9 > shop/db TCP 80': `allowed\n${OUTSIDE}\n${BY_RULE}`,
    '2001:db9::9 > shop/db TCP 80':
      'denied\ningress: shop/p isolates: ingress rule 0 allows 2001:db8::/32, the source 2001:db9::9 is outside',
  },
);

holdsUnder(
  'podSelector and matchLabels: every label must be there',
  'podSelector: {matchLabels: {app: web, tier: front}}',
  {
    'shop/db > shop/web TCP 80': `denied\n${NOTHING}`,
    'shop/web > shop/db TCP 80': `allowed\n${FREE}\n${OPEN}`,
  },
);

holdsUnder(
  'policyTypes: [Ingress] leaves egress open, whatever egress rules there are',
  'podSelector: {matchLabels: {app: db}}\npolicyTypes: [Ingress]\negress: [{to: [{podSelector: {matchLabels: {app: api}}}]}]',
  {
    'shop/db > shop/web TCP 80': `allowed\n${FREE}\n${OPEN}`,
    'shop/web > shop/db TCP 80': `denied\n${NOTHING}`,
  },
);

holdsUnder('policyTypes: empty is missing', 'podSelector: {}\npolicyTypes: []', {
  'shop/web > shop/db TCP 80': `denied\n${NOTHING}`,
});

holdsUnder('policyTypes: both', 'podSelector: {matchLabels: {app: db}}\npolicyTypes: [Ingress, Egress]', {
  'shop/web > shop/db TCP 80': `denied\n${NOTHING}`,
  'shop/db > shop/web TCP 80':
    'denied\negress: shop/p isolates: it has no egress rules, so it allows nothing',
});

holdsUnder('rules: missing, null and empty lists of rules allow nothing', 'podSelector: {}\ningress: null', {
  'shop/web > shop/db TCP 80': `denied\n${NOTHING}`,
});

holdsUnder('rules: null is an empty rule, which allows everything', 'podSelector: {}\ningress: [null]', {
  'shop/web > shop/db TCP 80': `allowed\n${FREE}\n${BY_RULE}`,
});

holdsUnder(
  'rules: any of them is enough',
  `podSelector: {matchLabels: {app: db}}
ingress: [{from: [{podSelector: {matchLabels: {app: api}}}]}, {from: [{podSelector: {matchLabels: {app: web}}}]}]`,
  { 'shop/web > shop/db TCP 80': `allowed\n${FREE}\ningress: shop/p allows: ingress rule 1 allows it` },
);

holdsUnder(
  'peers: any of them is enough',
  `podSelector: {matchLabels: {app: db}}
ingress: [{from: [{podSelector: {matchLabels: {app: api}}}, {namespaceSelector: {matchLabels: {team: b}}}]}]`,
  { 'prod/web > shop/db TCP 80': `allowed\n${FREE}\n${BY_RULE}` },
);

holdsUnder(
  'peer podSelector: empty is every pod of the own namespace',
  'podSelector: {}\ningress: [{from: [{podSelector: {}}]}]',
  {
    'shop/web > shop/db TCP 80': `allowed\n${FREE}\n${BY_RULE}`,
    'prod/web > shop/db TCP 80':
      'denied\ningress: shop/p isolates: ingress rule 0 allows every pod of its own namespace shop, the source pod is in namespace prod',
  },
);

holdsUnder(
  'peer namespaceSelector: empty is every pod of every namespace',
  'podSelector: {}\ningress: [{from: [{namespaceSelector: {}}]}]',
  {
    'prod/web > shop/db TCP 80': `allowed\n${FREE}\n${BY_RULE}`,
    '203.0.113.9 > shop/db TCP 80':
      'denied\ningress: shop/p isolates: ingress rule 0 allows every pod of every namespace, the source 203.0.113.9 is not a pod of this cluster',
  },
);

holdsUnder(
  'egress: its peers are destinations',
  'podSelector: {matchLabels: {app: web}}\npolicyTypes: [Egress]\negress: [{to: [{podSelector: {matchLabels: {app: db}}}, {ipBlock: {cidr: 203.0.113.0/24}}]}]',
  {
    'shop/web > shop/db TCP 80': `allowed\negress: shop/p allows: egress rule 0 allows it\n${OPEN}`,
    'shop/web > 203.0.113.9 TCP 80':
      'allowed\negress: shop/p allows: egress rule 0 allows it\ningress: the destination is not a pod, so no policy selects it',
    'shop/web > prod/web TCP 80':
      'denied\negress: shop/p isolates: egress rule 0 allows pods app=db of its own namespace shop, ' +
      'the destination pod has app=web and the destination pod is in namespace prod',
  },
);

/** Pods with one demand on the label tier, which shop/web has as front and shop/db lacks. */
const demanding = (operator: string, values = '') =>
  `podSelector: {matchExpressions: [{key: tier, operator: ${operator}${values}}]}`;

holdsUnder('matchExpressions In: one of the values', demanding('In', ', values: [back, front]'), {
  'shop/db > shop/web TCP 80': `denied\n${NOTHING}`,
  'shop/web > shop/db TCP 80': `allowed\n${FREE}\n${OPEN}`,
});

holdsUnder(
  'matchExpressions NotIn: none of the values, or no such label',
  demanding('NotIn', ', values: [back, front]'),
  {
    'shop/db > shop/web TCP 80': `allowed\n${FREE}\n${OPEN}`,
    'shop/web > shop/db TCP 80': `denied\n${NOTHING}`,
  },
);

holdsUnder('matchExpressions Exists: any value', demanding('Exists'), {
  'shop/db > shop/web TCP 80': `denied\n${NOTHING}`,
  'shop/web > shop/db TCP 80': `allowed\n${FREE}\n${OPEN}`,
});

holdsUnder('matchExpressions DoesNotExist: no such label', demanding('DoesNotExist'), {
  'shop/db > shop/web TCP 80': `allowed\n${FREE}\n${OPEN}`,
  'shop/web > shop/db TCP 80': `denied\n${NOTHING}`,
});

holdsUnder(
  'matchExpressions and matchLabels: all must hold, and those that do not are named',
  `podSelector: {matchLabels: {app: db}}
ingress:
- from:
  - podSelector:
      matchLabels: {app: web}
      matchExpressions:
      - {key: app, operator: In, values: [web, api]}
      - {key: tier, operator: NotIn, values: [front, back]}
      - {key: owner, operator: Exists}
      - {key: app, operator: DoesNotExist}`,
  {
    'shop/web > shop/db TCP 80':
      'denied\ningress: shop/p isolates: ingress rule 0 allows pods app=web, app in (web, api), tier not in (front, back), ' +
      'with label owner, without label app, the source pod has tier=front and no label owner and app=web',
  },
);

holdsUnder(
  'labels: names that JavaScript objects have by themselves are labels like any other',
  'podSelector: {matchExpressions: [{key: constructor, operator: Exists}]}',
  { 'shop/web > shop/db TCP 80': `allowed\n${FREE}\n${OPEN}` },
);

holds(
  'several policies: one that allows is enough; where none does, all are named, the nearest first',
  [
    policyYaml('deny', 'podSelector: {}'),
    policyYaml('web', 'podSelector: {}\ningress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]'),
  ],
  {
    'shop/web > shop/db TCP 1': `allowed\n${FREE}\ningress: shop/web allows: ingress rule 0 allows it`,
    'shop/db > shop/web TCP 1':
      'denied\ningress: shop/web isolates: ingress rule 0 allows pods app=web, the source pod has app=db\n' +
      'ingress: shop/deny isolates: it has no ingress rules, so it allows nothing',
  },
);

holds(
  'both directions: a connection needs egress and ingress, and one that denies is enough',
  [
    policyYaml('out', 'podSelector: {matchLabels: {app: web}}\npolicyTypes: [Egress]'),
    policyYaml('into', 'podSelector: {matchLabels: {app: db}}\ningress: [{}]'),
  ],
  {
    'shop/web > shop/db TCP 1':
      'denied\negress: shop/out isolates: it has no egress rules, so it allows nothing',
    'prod/web > shop/db TCP 1': `allowed\n${FREE}\ningress: shop/into allows: ingress rule 0 allows it`,
  },
);

holds(
  'namespace: a policy without one is of namespace default',
  ['{kind: NetworkPolicy, apiVersion: networking.k8s.io/v1, metadata: {name: p}}'],
  { 'shop/web > shop/db TCP 1': `allowed\n${FREE}\n${OPEN}` },
);

holdsUnder(
  'peer namespaceSelector and podSelector: only what fails is named',
  `podSelector: {matchLabels: {app: db}}
ingress:
- from: [{namespaceSelector: {matchLabels: {team: b}}, podSelector: {matchLabels: {tier: front}}}]
- from: [{namespaceSelector: {matchLabels: {team: a}}, podSelector: {matchLabels: {app: api}}}]`,
  {
    'shop/web > shop/db TCP 80':
      "denied\ningress: shop/p isolates: ingress rule 0 allows pods tier=front of namespaces team=b, the source's namespace shop has team=a",
    'prod/web > shop/db TCP 80':
      'denied\ningress: shop/p isolates: ingress rule 0 allows pods tier=front of namespaces team=b, the source pod has no label tier',
  },
);

holdsUnder(
  'peer: the nearer of two is named, by how much of it fails',
  `podSelector: {matchLabels: {app: db}}
ingress:
- from: [{namespaceSelector: {matchLabels: {team: b}}, podSelector: {matchLabels: {app: api}}}]
- from: [{namespaceSelector: {matchLabels: {team: b}}, podSelector: {matchLabels: {app: web}}}]`,
  {
    'shop/web > shop/db TCP 80':
      "denied\ningress: shop/p isolates: ingress rule 1 allows pods app=web of namespaces team=b, the source's namespace shop has team=a",
  },
);

holdsUnder(
  'peer: a selector that is null is none',
  'podSelector: {matchLabels: {app: db}}\ningress: [{from: [{ipBlock: {cidr: 10.0.0.1/32}, podSelector: null, namespaceSelector: null}]}]',
  { 'shop/web > shop/db TCP 80': `allowed\n${FREE}\n${BY_RULE}` },
);

test('a policy without a namespace is in that of kubectl', () => {
  const [policy] = compileNetworkPolicy(objectOf('{metadata: {name: p}, spec: {podSelector: {}}}'));
  assert.equal(policy?.namespace, 'default');
});

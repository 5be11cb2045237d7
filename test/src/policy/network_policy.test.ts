import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClusterTimeline } from '../../../src/policy/history/timeline.js';
import { ask, clusterOf, marks, podYaml, policyYaml, rowsOf, SHOP } from './cluster.js';

/** Asks about the shop with one policy in it, and compares the whole answer. */
function holds(name: string, spec: string, answers: Record<string, string>): void {
  test(name, () => {
    const state = clusterOf(SHOP, policyYaml('p', spec));
    for (const [question, answer] of Object.entries(answers))
      assert.equal(ask(state, question), answer, question);
  });
}

const FREE = 'egress: no policy isolates the source pod';
const OPEN = 'ingress: no policy isolates the destination pod';
const BY_RULE = 'ingress: shop/p allows: ingress rule 0 allows it';

holds('podSelector: pods that no policy selects stay open', 'podSelector: {matchLabels: {app: db}}', {
  'shop/db > shop/web TCP 80': `allowed\n${FREE}\n${OPEN}`,
  'shop/web > shop/db TCP 80':
    'denied\ningress: shop/p isolates: it has no ingress rules, so it allows nothing',
});

holds('podSelector: empty selects every pod of the namespace, and of no other', 'podSelector: {}', {
  'shop/db > shop/web TCP 80':
    'denied\ningress: shop/p isolates: it has no ingress rules, so it allows nothing',
  'shop/db > prod/web TCP 80': `allowed\n${FREE}\n${OPEN}`,
});

holds('podSelector: missing is empty', 'policyTypes: [Ingress]', {
  'shop/db > shop/web TCP 80':
    'denied\ningress: shop/p isolates: it has no ingress rules, so it allows nothing',
});

holds('traffic to itself is always allowed', 'podSelector: {}\npolicyTypes: [Ingress, Egress]', {
  'shop/db > shop/db TCP 5432':
    'allowed\negress: a pod may always reach itself\ningress: a pod may always reach itself',
});

holds('policyTypes: missing means Ingress', 'podSelector: {matchLabels: {app: db}}\negress: []', {
  'shop/db > shop/web TCP 80': `allowed\n${FREE}\n${OPEN}`,
  'shop/web > shop/db TCP 80':
    'denied\ningress: shop/p isolates: it has no ingress rules, so it allows nothing',
});

holds(
  'policyTypes: missing means Egress as well where there are egress rules',
  'podSelector: {matchLabels: {app: db}}\negress: [{to: [{podSelector: {matchLabels: {app: api}}}]}]',
  {
    'shop/db > shop/web TCP 80':
      'denied\negress: shop/p isolates: egress rule 0 allows pods app=api, the destination pod has app=web',
    'shop/web > shop/db TCP 80':
      'denied\ningress: shop/p isolates: it has no ingress rules, so it allows nothing',
  },
);

holds(
  'policyTypes: [Egress] leaves ingress open, and rules of the other type do not count',
  'podSelector: {matchLabels: {app: db}}\npolicyTypes: [Egress]\ningress: [{from: [{podSelector: {}}]}]',
  {
    'prod/web > shop/db TCP 80': `allowed\n${FREE}\n${OPEN}`,
    'shop/db > shop/web TCP 80':
      'denied\negress: shop/p isolates: it has no egress rules, so it allows nothing',
  },
);

holds('rules: an empty rule allows everything', 'podSelector: {}\ningress: [{}]', {
  'prod/web > shop/db TCP 80': `allowed\n${FREE}\n${BY_RULE}`,
  '203.0.113.9 > shop/db UDP 9': `allowed\negress: the source is not a pod, so no policy selects it\n${BY_RULE}`,
});

holds('peers and ports: empty lists restrict nothing', 'podSelector: {}\ningress: [{from: [], ports: []}]', {
  'prod/web > shop/db TCP 80': `allowed\n${FREE}\n${BY_RULE}`,
});

holds(
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

holds(
  'peer namespaceSelector: every pod of those namespaces',
  'podSelector: {matchLabels: {app: db}}\ningress: [{from: [{namespaceSelector: {matchLabels: {team: b}}}]}]',
  {
    'prod/web > shop/db TCP 80': `allowed\n${FREE}\n${BY_RULE}`,
    'shop/web > shop/db TCP 80':
      "denied\ningress: shop/p isolates: ingress rule 0 allows every pod of namespaces team=b, the source's namespace shop has team=a",
  },
);

holds(
  'peer namespaceSelector: the label with the name is always there',
  'podSelector: {matchLabels: {app: db}}\ningress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: prod}}}]}]',
  { 'prod/web > shop/db TCP 80': `allowed\n${FREE}\n${BY_RULE}` },
);

holds(
  'peer with both selectors: both must match',
  `podSelector: {matchLabels: {app: db}}
ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}, podSelector: {matchLabels: {app: web}}}]}]`,
  {
    'shop/web > shop/db TCP 80': `allowed\n${FREE}\n${BY_RULE}`,
    'prod/web > shop/db TCP 80':
      "denied\ningress: shop/p isolates: ingress rule 0 allows pods app=web of namespaces team=a, the source's namespace prod has team=b",
  },
);

holds(
  'two peers: either is enough, and the nearest is named',
  `podSelector: {matchLabels: {app: db}}
ingress: [{from: [{namespaceSelector: {matchLabels: {team: c}}, podSelector: {matchLabels: {app: api}}}, {podSelector: {matchLabels: {app: api}}}]}]`,
  {
    'shop/web > shop/db TCP 80':
      'denied\ningress: shop/p isolates: ingress rule 0 allows pods app=api, the source pod has app=web',
  },
);

holds(
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

holds(
  'ipBlock: IPv6, and an IPv4 block says nothing of IPv6',
  'podSelector: {matchLabels: {app: db}}\ningress: [{from: [{ipBlock: {cidr: "2001:db8::/32"}}, {ipBlock: {cidr: 0.0.0.0/0}}]}]',
  {
    '2001:db8::9 > shop/db TCP 80': `allowed\negress: the source is not a pod, so no policy selects it\n${BY_RULE}`,
    '2001:db9::9 > shop/db TCP 80':
      'denied\ningress: shop/p isolates: ingress rule 0 allows 2001:db8::/32, the source 2001:db9::9 is outside',
  },
);

holds(
  'ports: a number, and TCP where no protocol is said',
  'podSelector: {}\ningress: [{ports: [{port: 5432}]}]',
  {
    'shop/web > shop/db TCP 5432': `allowed\n${FREE}\n${BY_RULE}`,
    'shop/web > shop/db TCP 5433':
      'denied\ningress: shop/p isolates: ingress rule 0 allows only TCP 5432, the connection is to TCP 5433',
    'shop/web > shop/db UDP 5432':
      'denied\ningress: shop/p isolates: ingress rule 0 allows only TCP 5432, the connection is to UDP 5432',
  },
);

holds(
  'ports: endPort is the last of the range',
  'podSelector: {}\ningress: [{ports: [{port: 80, endPort: 90}]}]',
  {
    'shop/web > shop/db TCP 90': `allowed\n${FREE}\n${BY_RULE}`,
    'shop/web > shop/db TCP 91':
      'denied\ningress: shop/p isolates: ingress rule 0 allows only TCP 80-90, the connection is to TCP 91',
  },
);

holds(
  'ports: a protocol without a port is every port of it',
  'podSelector: {}\ningress: [{ports: [{protocol: UDP}]}]',
  {
    'shop/web > shop/db UDP 9': `allowed\n${FREE}\n${BY_RULE}`,
    'shop/web > shop/db SCTP 9':
      'denied\ningress: shop/p isolates: ingress rule 0 allows only every UDP port, the connection is to SCTP 9',
  },
);

holds(
  'ports: a name is a port of the destination pod, of the same protocol',
  'podSelector: {}\ningress: [{ports: [{port: pg}]}]',
  {
    'shop/web > shop/db TCP 5432': `allowed\n${FREE}\n${BY_RULE}`,
    'shop/web > shop/db TCP 80':
      'denied\ningress: shop/p isolates: ingress rule 0 allows only TCP port pg, the connection is to TCP 80, and pg is 5432 in the destination pod',
    'shop/db > shop/web TCP 5432':
      'denied\ningress: shop/p isolates: ingress rule 0 allows only TCP port pg, the connection is to TCP 5432, and the destination pod has no TCP port named pg',
  },
);

holds(
  'ports: a name in an egress rule goes by the destination too, and only pods have names for ports',
  'podSelector: {matchLabels: {app: web}}\npolicyTypes: [Egress]\negress: [{ports: [{port: dns, protocol: UDP}]}]',
  {
    'shop/web > shop/db UDP 53': `allowed\negress: shop/p allows: egress rule 0 allows it\n${OPEN}`,
    'shop/web > 203.0.113.9 UDP 53':
      'denied\negress: shop/p isolates: egress rule 0 allows only UDP port dns, the connection is to UDP 53, and only a pod has a port named dns',
  },
);

holds('ports: a name of another protocol is no name', 'podSelector: {}\ningress: [{ports: [{port: dns}]}]', {
  'shop/web > shop/db TCP 53':
    'denied\ningress: shop/p isolates: ingress rule 0 allows only TCP port dns, the connection is to TCP 53, and the destination pod has no TCP port named dns',
});

test('ports: names of init containers count where they run on beside the others', () => {
  const ports = (name: string, port: number) => `ports: [{name: ${name}, containerPort: ${port}}]`;
  const init = `, initContainers: [{${ports('setup', 1)}}, {restartPolicy: Always, ${ports('proxy', 2)}}]`;
  const pod = podYaml('shop/api', '10.0.0.3', 'app: api', '', init);
  const allow = (name: string) => policyYaml(name, `podSelector: {}\ningress: [{ports: [{port: ${name}}]}]`);
  assert.match(ask(clusterOf(SHOP, pod, allow('proxy')), 'shop/web > shop/api TCP 2'), /^allowed/);
  assert.match(ask(clusterOf(SHOP, pod, allow('setup')), 'shop/web > shop/api TCP 1'), /^denied/);
});

holds(
  'peer and port: both must match in one rule, and the rule with fewer failed clauses is named',
  `podSelector: {matchLabels: {app: db}}
ingress:
- {from: [{podSelector: {matchLabels: {app: api}}}], ports: [{port: 1}]}
- {from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 80}]}`,
  {
    'shop/web > shop/db TCP 5432':
      'denied\ningress: shop/p isolates: ingress rule 1 allows only TCP 80, the connection is to TCP 5432',
  },
);

holds(
  'matchExpressions: In, NotIn, Exists, DoesNotExist',
  `podSelector: {matchLabels: {app: db}}
ingress:
- from:
  - podSelector:
      matchExpressions:
      - {key: app, operator: In, values: [web, api]}
      - {key: tier, operator: NotIn, values: [front, back]}
      - {key: owner, operator: Exists}
      - {key: app, operator: DoesNotExist}`,
  {
    'shop/web > shop/db TCP 80':
      'denied\ningress: shop/p isolates: ingress rule 0 allows pods app in (web, api), tier not in (front, back), with label owner, without label app, ' +
      'the source pod has tier=front and no label owner and app=web',
  },
);

holds(
  'NotIn holds for a pod without the label',
  'podSelector: {matchExpressions: [{key: tier, operator: NotIn, values: [front]}]}',
  {
    'shop/web > shop/db TCP 80':
      'denied\ningress: shop/p isolates: it has no ingress rules, so it allows nothing',
    'shop/db > shop/web TCP 80': `allowed\n${FREE}\n${OPEN}`,
  },
);

holds(
  'node: a pod always reaches and is reached by its own node',
  'podSelector: {}\npolicyTypes: [Ingress, Egress]',
  {
    '192.168.0.1 > shop/db TCP 80':
      'allowed\negress: the source is not a pod, so no policy selects it\n' +
      'ingress: traffic between a pod and its own node is always allowed',
  },
);

holds(
  'node: another node may stand for one of its pods, so a source that no rule allows is unknown',
  'podSelector: {}\ningress: [{from: [{podSelector: {}}]}]',
  {
    '192.168.0.2 > shop/db TCP 80':
      'unknown\ningress: shop/p unknown: ingress rule 0 may allow it: 192.168.0.2 is node n2, which may stand for one of its pods',
  },
);

holds(
  'node: as a destination it is judged by its address',
  'podSelector: {}\npolicyTypes: [Egress]\negress: [{to: [{podSelector: {}}]}]',
  {
    'shop/db > 192.168.0.2 TCP 443':
      'denied\negress: shop/p isolates: egress rule 0 allows every pod, the destination 192.168.0.2 is node n2',
  },
);

holds('protocols that the API does not speak of are unknown', 'podSelector: {}', {
  'shop/web > shop/db ICMP': 'unknown\ningress: shop/p unknown: NetworkPolicy does not define ICMP',
});

test('host network: such a pod is its node: no policy selects it, and peers mean it by address only', () => {
  const host = podYaml('shop/agent', '192.168.0.2', 'app: agent', '', ', hostNetwork: true');
  const state = clusterOf(
    SHOP,
    host,
    policyYaml('p', 'podSelector: {}\ningress: [{from: [{podSelector: {}}]}]'),
  );
  assert.match(
    ask(state, 'shop/web > shop/agent TCP 80'),
    /^allowed\n.*\ningress: the destination is not a pod/,
  );
  assert.match(ask(state, 'shop/agent > shop/web TCP 80'), /^unknown\n.*may stand for one of its pods/);
});

test('several policies: one that allows is enough; when none does, all are named', () => {
  const deny = policyYaml('deny', 'podSelector: {}');
  const web = policyYaml(
    'web',
    'podSelector: {}\ningress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]',
  );
  const state = clusterOf(SHOP, deny, web);
  assert.equal(
    ask(state, 'shop/web > shop/db TCP 1'),
    'allowed\negress: no policy isolates the source pod\ningress: shop/web allows: ingress rule 0 allows it',
  );
  assert.equal(
    ask(state, 'shop/db > shop/web TCP 1'),
    'denied\ningress: shop/deny isolates: it has no ingress rules, so it allows nothing\n' +
      'ingress: shop/web isolates: ingress rule 0 allows pods app=web, the source pod has app=db',
  );
});

test('a connection needs egress and ingress: one that denies is enough', () => {
  const out = policyYaml('out', 'podSelector: {matchLabels: {app: web}}\npolicyTypes: [Egress]');
  const into = policyYaml('into', 'podSelector: {matchLabels: {app: db}}\ningress: [{}]');
  assert.equal(
    ask(clusterOf(SHOP, out, into), 'shop/web > shop/db TCP 1'),
    'denied\negress: shop/out isolates: it has no egress rules, so it allows nothing',
  );
});

test('an address in the range of pods that no pod had is unknown, not external', () => {
  const open = policyYaml('p', 'podSelector: {}\ningress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]');
  assert.match(
    ask(clusterOf(SHOP, open), '10.0.9.9 > shop/db TCP 80'),
    /^unknown\n.*10\.0\.9\.9 is in the pod range of node n1, but no pod had it/,
  );
});

test('an end that is not known: a rule whose ports do not match is denied by its ports, not by the end', () => {
  const spec =
    'podSelector: {matchLabels: {app: web}}\negress: [{to: [{podSelector: {}}], ports: [{port: 80}]}]';
  assert.equal(
    ask(clusterOf(SHOP, policyYaml('out', spec)), 'shop/web > 10.0.9.9 TCP 81'),
    'denied\negress: shop/out isolates: egress rule 0 allows only TCP 80, the connection is to TCP 81',
  );
});

test('namespaces that were not recorded: only rules that ask for their labels cannot be judged', () => {
  const spec = `podSelector: {matchLabels: {app: db}}
ingress:
- from: [{namespaceSelector: {matchLabels: {team: a}}}]
- from: [{namespaceSelector: {}}]
  ports: [{port: 80}]`;
  const rows = [...rowsOf(SHOP), ...rowsOf(policyYaml('p', spec)), ...marks()];
  const state = new ClusterTimeline(rows.filter(({ kind }) => kind !== 'NamespaceList')).at(0n);
  assert.match(ask(state, 'shop/web > shop/db TCP 80'), /^allowed/);
  assert.equal(
    ask(state, 'shop/web > shop/db TCP 81'),
    'unknown\ningress: shop/p unknown: ingress rule 0 may allow it: Namespace objects were not recorded',
  );
});

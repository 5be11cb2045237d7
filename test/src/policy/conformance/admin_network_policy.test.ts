import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClusterTimeline } from '../../../../src/policy/history/timeline.js';
import { ask, marks, podYaml, policyYaml, rowsOf, SHOP } from '../cluster.js';
import { ABROAD, FREE, holds, OPEN, OUTSIDE } from './holds.js';

const OF_SHOP = '{namespaces: {matchLabels: {team: a}}}';
const EVERYBODY = '[{namespaces: {}}]';
const DENY_ALL_IN = `ingress: [{action: Deny, from: ${EVERYBODY}}]`;
const DENY_ALL_OUT = '{action: Deny, to: [{networks: [0.0.0.0/0, "::/0"]}]}';

/** An AdminNetworkPolicy by the YAML of its rules; without more about every pod of namespace shop, at priority 10. */
function admin(name: string, rules: string, priority = 10, subject = OF_SHOP): string {
  const spec = `{priority: ${priority}, subject: ${subject}, ${rules}}`;
  return `{kind: AdminNetworkPolicy, apiVersion: policy.networking.k8s.io/v1alpha1, metadata: {name: ${name}}, spec: ${spec}}`;
}

/** The one BaselineAdminNetworkPolicy, about every pod. */
function baseline(rules: string): string {
  const spec = `{subject: {namespaces: {}}, ${rules}}`;
  return `{kind: BaselineAdminNetworkPolicy, apiVersion: policy.networking.k8s.io/v1alpha1, metadata: {name: default}, spec: ${spec}}`;
}

/** A node by its name, address and labels. */
function node(name: string, address: string, labels: string): string {
  return `{kind: Node, apiVersion: v1, metadata: {name: ${name}, labels: {${labels}}}, status: {addresses: [{type: InternalIP, address: "${address}"}]}}`;
}

holds(
  'no isolation: what no rule matches is allowed',
  [admin('a', 'ingress: [{action: Deny, from: [{namespaces: {matchLabels: {team: b}}}]}]')],
  {
    'prod/web > shop/db TCP 80': 'denied\ningress: AdminNetworkPolicy a denies: ingress rule 0 denies it',
    'shop/web > shop/db TCP 80': `allowed\n${FREE}\n${OPEN}`,
  },
);

holds('no rules: a direction without rules is not affected', [admin('a', DENY_ALL_IN)], {
  'shop/db > prod/web TCP 80': `allowed\n${FREE}\n${OPEN}`,
});

holds('subject namespaces: every pod of those namespaces, and no other', [admin('a', DENY_ALL_IN)], {
  'shop/db > shop/web TCP 80': 'denied\ningress: AdminNetworkPolicy a denies: ingress rule 0 denies it',
  'shop/db > prod/web TCP 80': `allowed\n${FREE}\n${OPEN}`,
});

holds(
  'subject pods: both selectors must hold',
  [
    admin(
      'a',
      DENY_ALL_IN,
      10,
      '{pods: {namespaceSelector: {matchLabels: {team: a}}, podSelector: {matchLabels: {app: web}}}}',
    ),
  ],
  {
    'shop/db > shop/web TCP 80': 'denied\ningress: AdminNetworkPolicy a denies: ingress rule 0 denies it',
    'shop/web > shop/db TCP 80': `allowed\n${FREE}\n${OPEN}`,
    'shop/db > prod/web TCP 80': `allowed\n${FREE}\n${OPEN}`,
  },
);

holds(
  'subject pods: empty selectors select every pod of every namespace',
  [admin('a', DENY_ALL_IN, 10, '{pods: {namespaceSelector: {}, podSelector: {}}}')],
  {
    'shop/db > shop/web TCP 80': 'denied\ningress: AdminNetworkPolicy a denies: ingress rule 0 denies it',
    'shop/db > prod/web TCP 80': 'denied\ningress: AdminNetworkPolicy a denies: ingress rule 0 denies it',
  },
);

holds(
  'subject: pods on the network of their node are not selected',
  [
    admin('a', DENY_ALL_IN, 10, '{namespaces: {}}'),
    podYaml('shop/agent', '192.168.0.2', 'app: agent', '', ', hostNetwork: true'),
  ],
  { 'shop/web > shop/agent TCP 80': `allowed\n${FREE}\n${ABROAD}` },
);

holds(
  'name: the rule is told by its number and its name',
  [admin('a', 'egress: [{name: no-prod, action: Deny, to: [{namespaces: {matchLabels: {team: b}}}]}]')],
  {
    'shop/web > prod/web TCP 80':
      'denied\negress: AdminNetworkPolicy a denies: egress rule 0 "no-prod" denies it',
  },
);

holds(
  'action Allow: NetworkPolicies are not asked',
  [
    policyYaml('nothing', 'podSelector: {}'),
    admin('a', `ingress: [{action: Allow, from: [{namespaces: {matchLabels: {team: a}}}]}]`),
  ],
  {
    'shop/web > shop/db TCP 80': `allowed\n${FREE}\ningress: AdminNetworkPolicy a allows: ingress rule 0 allows it`,
    'prod/web > shop/db TCP 80':
      'denied\ningress: shop/nothing isolates: it has no ingress rules, so it allows nothing',
  },
);

holds(
  'action Deny: NetworkPolicies are not asked',
  [policyYaml('all', 'podSelector: {}\ningress: [{}]'), admin('a', DENY_ALL_IN)],
  { 'shop/web > shop/db TCP 80': 'denied\ningress: AdminNetworkPolicy a denies: ingress rule 0 denies it' },
);

holds(
  'action Pass: no more rules of AdminNetworkPolicies are tried, and the NetworkPolicies decide',
  [
    admin('first', `ingress: [{action: Pass, from: [{namespaces: {matchLabels: {team: a}}}]}]`, 5),
    admin('second', DENY_ALL_IN, 6),
    policyYaml('db', 'podSelector: {matchLabels: {app: db}}\ningress: [{ports: [{port: 5432}]}]'),
  ],
  {
    'shop/web > shop/db TCP 5432':
      `allowed\n${FREE}\ningress: AdminNetworkPolicy first passes: ingress rule 0 passes it\n` +
      'ingress: shop/db allows: ingress rule 0 allows it',
    'shop/web > shop/db TCP 80':
      'denied\ningress: AdminNetworkPolicy first passes: ingress rule 0 passes it\n' +
      'ingress: shop/db isolates: ingress rule 0 allows only TCP 5432, the connection is to TCP 80',
    'shop/db > shop/web TCP 80': `allowed\n${FREE}\ningress: AdminNetworkPolicy first passes: ingress rule 0 passes it`,
    'prod/web > shop/db TCP 5432':
      'denied\ningress: AdminNetworkPolicy second denies: ingress rule 0 denies it',
  },
);

holds(
  'order of rules: the first that matches decides',
  [
    admin(
      'a',
      `ingress: [{action: Allow, from: [{namespaces: {matchLabels: {team: b}}}]}, {action: Deny, from: ${EVERYBODY}}]`,
    ),
  ],
  {
    'prod/web > shop/db TCP 80': `allowed\n${FREE}\ningress: AdminNetworkPolicy a allows: ingress rule 0 allows it`,
    'shop/web > shop/db TCP 80': 'denied\ningress: AdminNetworkPolicy a denies: ingress rule 1 denies it',
  },
);

holds(
  'priority: the lower number comes first, whatever the names',
  [admin('a', DENY_ALL_IN, 1000), admin('z', `ingress: [{action: Allow, from: ${EVERYBODY}}]`, 0)],
  {
    'shop/web > shop/db TCP 80': `allowed\n${FREE}\ningress: AdminNetworkPolicy z allows: ingress rule 0 allows it`,
  },
);

holds(
  'priority: which of two policies of the same priority comes first is not known',
  [admin('a', DENY_ALL_IN), admin('z', `ingress: [{action: Allow, from: ${EVERYBODY}}]`)],
  {
    'shop/web > shop/db TCP 80':
      'unknown\ningress: AdminNetworkPolicy a unknown: ingress rule 0 may deny it: ' +
      'it has the same priority as AdminNetworkPolicy z, which says otherwise',
  },
);

const ALLOW_ALL_IN = `ingress: [{action: Allow, from: ${EVERYBODY}}]`;

holds(
  'priority: of three policies of the same priority the third may say otherwise',
  [admin('a', ALLOW_ALL_IN), admin('b', ALLOW_ALL_IN), admin('z', DENY_ALL_IN)],
  {
    'shop/web > shop/db TCP 80':
      'unknown\ningress: AdminNetworkPolicy a unknown: ingress rule 0 may allow it: ' +
      'it has the same priority as AdminNetworkPolicy z, which says otherwise',
  },
);

holds(
  'priority: where those of the same priority agree, one that comes later says nothing',
  [admin('a', ALLOW_ALL_IN), admin('b', ALLOW_ALL_IN), admin('z', DENY_ALL_IN, 60)],
  {
    'shop/web > shop/db TCP 80': `allowed\n${FREE}\ningress: AdminNetworkPolicy a allows: ingress rule 0 allows it`,
  },
);

holds(
  'peer namespaces: every pod of those namespaces, by any operator',
  [
    admin(
      'a',
      'ingress: [{action: Deny, from: [{namespaces: {matchExpressions: [{key: team, operator: NotIn, values: [a]}]}}]}]',
    ),
  ],
  {
    'prod/web > shop/db TCP 80': 'denied\ningress: AdminNetworkPolicy a denies: ingress rule 0 denies it',
    'shop/web > shop/db TCP 80': `allowed\n${FREE}\n${OPEN}`,
    '203.0.113.9 > shop/db TCP 80': `allowed\n${OUTSIDE}\n${OPEN}`,
  },
);

holds(
  'peer pods: both selectors must hold, for ingress and egress',
  [
    admin(
      'a',
      `ingress: [{action: Deny, from: [{pods: {namespaceSelector: {matchLabels: {team: b}}, podSelector: {matchLabels: {app: web}}}}]}],
       egress: [{action: Deny, to: [{pods: {namespaceSelector: {matchLabels: {team: a}}, podSelector: {matchLabels: {app: db}}}}]}]`,
    ),
  ],
  {
    'prod/web > shop/web TCP 80': 'denied\ningress: AdminNetworkPolicy a denies: ingress rule 0 denies it',
    'shop/web > shop/db TCP 80': 'denied\negress: AdminNetworkPolicy a denies: egress rule 0 denies it',
    'shop/db > shop/web TCP 80': `allowed\n${FREE}\n${OPEN}`,
  },
);

holds(
  'peers: any of them is enough',
  [
    admin(
      'a',
      `ingress: [{action: Deny, from: [{namespaces: {matchLabels: {team: b}}},
       {pods: {namespaceSelector: {}, podSelector: {matchLabels: {tier: front}}}}]}]`,
    ),
  ],
  {
    'prod/web > shop/db TCP 80': 'denied\ningress: AdminNetworkPolicy a denies: ingress rule 0 denies it',
    'shop/web > shop/db TCP 80': 'denied\ningress: AdminNetworkPolicy a denies: ingress rule 0 denies it',
    'shop/db > shop/web TCP 80': `allowed\n${FREE}\n${OPEN}`,
  },
);

holds(
  'peer namespaces and pods: pods on the network of their node are not among them',
  [
    admin('a', `egress: [{action: Deny, to: ${EVERYBODY}}]`),
    podYaml('shop/agent', '192.168.0.2', 'app: agent', '', ', hostNetwork: true'),
  ],
  { 'shop/web > shop/agent TCP 80': `allowed\n${FREE}\n${ABROAD}` },
);

holds(
  'peer nodes: the addresses of the nodes with those labels',
  [
    node('edge', '192.168.0.8', 'role: edge'),
    node('core', '192.168.0.9', 'role: core'),
    admin('a', 'egress: [{action: Deny, to: [{nodes: {matchLabels: {role: edge}}}]}]'),
  ],
  {
    'shop/web > 192.168.0.8 TCP 22': 'denied\negress: AdminNetworkPolicy a denies: egress rule 0 denies it',
    'shop/web > 192.168.0.9 TCP 22': `allowed\n${FREE}\n${ABROAD}`,
    'shop/web > shop/db TCP 22': `allowed\n${FREE}\n${OPEN}`,
    'shop/web > 203.0.113.9 TCP 22': `allowed\n${FREE}\n${ABROAD}`,
  },
);

holds(
  'peer nodes: empty means every node, and pods that share its network',
  [
    podYaml('shop/agent', '192.168.0.2', 'app: agent', '', ', hostNetwork: true'),
    admin('a', 'egress: [{action: Deny, to: [{nodes: {}}]}]'),
  ],
  {
    'shop/web > 192.168.0.1 TCP 22': 'denied\negress: AdminNetworkPolicy a denies: egress rule 0 denies it',
    'shop/web > shop/agent TCP 22': 'denied\negress: AdminNetworkPolicy a denies: egress rule 0 denies it',
    'shop/web > shop/db TCP 22': `allowed\n${FREE}\n${OPEN}`,
  },
);

test('peer nodes: unknown while nodes are not watched, unless every node is meant', () => {
  const policies = [
    admin('some', 'egress: [{action: Deny, to: [{nodes: {matchLabels: {role: edge}}}]}]', 1),
    admin('all', 'egress: [{action: Deny, to: [{nodes: {}}], ports: [{portNumber: {port: 22}}]}]', 2),
  ];
  const rows = [SHOP, ...policies].flatMap((yaml) => rowsOf(yaml));
  const gap = { kind: 'Node', since: 0n, until: 9n, reason: 'disconnected' };
  const state = new ClusterTimeline([...rows, ...marks()], [gap]).at(0n);
  assert.equal(
    ask(state, 'shop/web > 192.168.0.2 TCP 22'),
    'denied\negress: AdminNetworkPolicy all denies: egress rule 0 denies it',
  );
  assert.equal(
    ask(state, 'shop/web > 192.168.0.2 TCP 23'),
    'unknown\negress: AdminNetworkPolicy some unknown: egress rule 0 may deny it: the labels of node n2 are not known',
  );
});

holds(
  'peer networks: any of the blocks, pods within it too',
  [admin('a', 'egress: [{action: Deny, to: [{networks: [203.0.113.0/24, 10.0.1.0/24, "2001:db8::/32"]}]}]')],
  {
    'shop/web > 203.0.113.9 TCP 80': 'denied\negress: AdminNetworkPolicy a denies: egress rule 0 denies it',
    'shop/web > 2001:db8::9 TCP 80': 'denied\negress: AdminNetworkPolicy a denies: egress rule 0 denies it',
    'shop/web > prod/web TCP 80': 'denied\negress: AdminNetworkPolicy a denies: egress rule 0 denies it',
    'shop/web > 203.0.114.9 TCP 80': `allowed\n${FREE}\n${ABROAD}`,
  },
);

holds(
  'peer domainNames: cannot be judged, where nothing before them decides',
  [
    admin(
      'a',
      `egress: [{action: Pass, to: ${EVERYBODY}}, {action: Allow, to: [{domainNames: [example.com, "*.example.org"]}]}, ${DENY_ALL_OUT}]`,
    ),
  ],
  {
    'shop/web > 203.0.113.9 TCP 80':
      'unknown\negress: AdminNetworkPolicy a unknown: egress rule 1 may allow it: domain names cannot be judged from addresses',
    'shop/web > shop/db TCP 80': `allowed\negress: AdminNetworkPolicy a passes: egress rule 0 passes it\n${OPEN}`,
  },
);

const DENY_PORTS = (ports: string) =>
  admin('a', `ingress: [{action: Deny, from: ${EVERYBODY}, ports: ${ports}}]`);
const DENIED = 'denied\ningress: AdminNetworkPolicy a denies: ingress rule 0 denies it';
const ALLOWED = `allowed\n${FREE}\n${OPEN}`;

holds('ports missing: every port and every protocol', [admin('a', DENY_ALL_IN)], {
  'shop/web > shop/db SCTP 9': DENIED,
  'shop/web > shop/db ICMP': DENIED,
});

holds(
  'ports portNumber: that port, of TCP where no protocol is said',
  [DENY_PORTS('[{portNumber: {port: 80}}]')],
  {
    'shop/web > shop/db TCP 80': DENIED,
    'shop/web > shop/db TCP 81': ALLOWED,
    'shop/web > shop/db UDP 80': ALLOWED,
  },
);

holds(
  'ports portNumber: with a protocol',
  [DENY_PORTS('[{portNumber: {protocol: UDP, port: 53}}, {portNumber: {protocol: SCTP, port: 54}}]')],
  {
    'shop/web > shop/db UDP 53': DENIED,
    'shop/web > shop/db SCTP 54': DENIED,
    'shop/web > shop/db TCP 53': ALLOWED,
    'shop/web > shop/db UDP 54': ALLOWED,
  },
);

holds(
  'ports portRange: both its ends belong to it, and it may be of one port',
  [DENY_PORTS('[{portRange: {start: 80, end: 82}}, {portRange: {protocol: UDP, start: 53, end: 53}}]')],
  {
    'shop/web > shop/db TCP 79': ALLOWED,
    'shop/web > shop/db TCP 80': DENIED,
    'shop/web > shop/db TCP 82': DENIED,
    'shop/web > shop/db TCP 83': ALLOWED,
    'shop/web > shop/db UDP 53': DENIED,
    'shop/web > shop/db UDP 80': ALLOWED,
  },
);

holds(
  'ports namedPort: the port of that name in the destination pod, whatever its protocol',
  [
    podYaml(
      'shop/talk',
      '10.0.0.3',
      'app: talk',
      '{name: dns, containerPort: 53}, {name: sig, containerPort: 9, protocol: SCTP}',
    ),
    DENY_PORTS('[{namedPort: dns}, {namedPort: sig}]'),
  ],
  {
    'shop/web > shop/db UDP 53': DENIED,
    'shop/web > shop/db TCP 53': ALLOWED,
    'shop/web > shop/talk TCP 53': DENIED,
    'shop/web > shop/talk SCTP 9': DENIED,
    'shop/web > shop/talk UDP 53': ALLOWED,
  },
);

holds(
  'ports of an egress rule: those of the destination',
  [admin('a', `egress: [{action: Deny, to: ${EVERYBODY}, ports: [{namedPort: pg}]}]`)],
  {
    'shop/web > shop/db TCP 5432': 'denied\negress: AdminNetworkPolicy a denies: egress rule 0 denies it',
    'shop/db > shop/web TCP 5432': ALLOWED,
  },
);

holds(
  'a rule without ports is about every protocol',
  [admin('a', `ingress: [{action: Allow, from: ${EVERYBODY}}], egress: [{action: Allow, to: ${EVERYBODY}}]`)],
  {
    'shop/web > shop/db ICMP':
      'allowed\negress: AdminNetworkPolicy a allows: egress rule 0 allows it\n' +
      'ingress: AdminNetworkPolicy a allows: ingress rule 0 allows it',
  },
);

holds('traffic to itself is always allowed', [admin('a', DENY_ALL_IN)], {
  'shop/db > shop/db TCP 80':
    'allowed\negress: a pod may always reach itself\ningress: a pod may always reach itself',
});

holds(
  'node: its own node is bound by the policy as everybody is',
  [admin('a', 'egress: [{action: Deny, to: [{networks: [192.168.0.0/16]}]}]')],
  {
    'shop/db > 192.168.0.1 TCP 10250': 'denied\negress: AdminNetworkPolicy a denies: egress rule 0 denies it',
  },
);

holds(
  'baseline: where nothing else decides, its first rule that matches does',
  [
    baseline(
      `ingress: [{action: Allow, from: [{namespaces: {matchLabels: {team: b}}}]}, {name: rest, action: Deny, from: ${EVERYBODY}}],
   egress: [{action: Deny, to: [{nodes: {}}, {networks: [203.0.113.0/24]}]}]`,
    ),
  ],
  {
    'prod/web > shop/db TCP 80': `allowed\n${FREE}\ningress: BaselineAdminNetworkPolicy default allows: ingress rule 0 allows it`,
    'shop/web > shop/db TCP 80':
      'denied\ningress: BaselineAdminNetworkPolicy default denies: ingress rule 1 "rest" denies it',
    'shop/web > 192.168.0.2 TCP 80':
      'denied\negress: BaselineAdminNetworkPolicy default denies: egress rule 0 denies it',
    'shop/web > 203.0.113.9 TCP 80':
      'denied\negress: BaselineAdminNetworkPolicy default denies: egress rule 0 denies it',
    '203.0.113.9 > shop/db TCP 80': `allowed\n${OUTSIDE}\n${OPEN}`,
  },
);

holds(
  'baseline: a pod that a NetworkPolicy isolates never gets as far',
  [
    baseline(`ingress: [{action: Deny, from: ${EVERYBODY}}]`),
    policyYaml('db', 'podSelector: {matchLabels: {app: db}}\ningress: [{ports: [{port: 5432}]}]'),
  ],
  {
    'shop/web > shop/db TCP 5432': `allowed\n${FREE}\ningress: shop/db allows: ingress rule 0 allows it`,
    'shop/web > shop/db TCP 80':
      'denied\ningress: shop/db isolates: ingress rule 0 allows only TCP 5432, the connection is to TCP 80',
    'shop/db > shop/web TCP 80':
      'denied\ningress: BaselineAdminNetworkPolicy default denies: ingress rule 0 denies it',
  },
);

holds(
  'baseline: an AdminNetworkPolicy comes before it, and what that passes on gets to it',
  [
    baseline(`ingress: [{action: Deny, from: ${EVERYBODY}}]`),
    admin(
      'a',
      'ingress: [{action: Allow, from: [{namespaces: {matchLabels: {team: b}}}]}, {action: Pass, from: [{namespaces: {matchLabels: {team: a}}}]}]',
    ),
  ],
  {
    'prod/web > shop/db TCP 80': `allowed\n${FREE}\ningress: AdminNetworkPolicy a allows: ingress rule 0 allows it`,
    'shop/web > shop/db TCP 80':
      'denied\ningress: AdminNetworkPolicy a passes: ingress rule 1 passes it\n' +
      'ingress: BaselineAdminNetworkPolicy default denies: ingress rule 0 denies it',
  },
);

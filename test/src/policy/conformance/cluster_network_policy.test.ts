import { podYaml, policyYaml } from '../cluster.js';
import { ABROAD, FREE, holds, OPEN } from './holds.js';

const EVERYBODY = '[{namespaces: {}}]';
const DENY_ALL_IN = `ingress: [{action: Deny, from: ${EVERYBODY}}]`;
const ALLOWED = `allowed\n${FREE}\n${OPEN}`;

/** A ClusterNetworkPolicy about every pod of namespace shop, by the YAML of its place and its rules. */
function cluster(name: string, place: string, rules: string): string {
  const spec = `{${place}, subject: {namespaces: {matchLabels: {team: a}}}, ${rules}}`;
  return `{kind: ClusterNetworkPolicy, apiVersion: policy.networking.k8s.io/v1alpha2, metadata: {name: ${name}}, spec: ${spec}}`;
}

const admin = (name: string, rules: string, priority = 10) =>
  cluster(name, `tier: Admin, priority: ${priority}`, rules);
const baseline = (name: string, rules: string, priority = 10) =>
  cluster(name, `tier: Baseline, priority: ${priority}`, rules);

holds(
  'no isolation: what no rule matches is allowed, and what nobody selects',
  [admin('a', 'ingress: [{action: Deny, from: [{namespaces: {matchLabels: {team: b}}}]}]')],
  {
    'prod/web > shop/db TCP 80': 'denied\ningress: ClusterNetworkPolicy a denies: ingress rule 0 denies it',
    'shop/web > shop/db TCP 80': ALLOWED,
    'shop/web > prod/web TCP 80': ALLOWED,
  },
);

holds(
  'tier Admin: Accept and Deny come before the NetworkPolicies',
  [
    policyYaml('web', 'podSelector: {}\ningress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]'),
    admin(
      'a',
      `ingress: [{action: Deny, from: ${EVERYBODY}, protocols: [{tcp: {destinationPort: {number: 22}}}]},
       {action: Accept, from: [{namespaces: {matchLabels: {team: b}}}]}]`,
    ),
  ],
  {
    'shop/web > shop/db TCP 22': 'denied\ningress: ClusterNetworkPolicy a denies: ingress rule 0 denies it',
    'prod/web > shop/db TCP 80': `allowed\n${FREE}\ningress: ClusterNetworkPolicy a allows: ingress rule 1 allows it`,
    'shop/web > shop/db TCP 80': `allowed\n${FREE}\ningress: shop/web allows: ingress rule 0 allows it`,
  },
);

holds(
  'tier Baseline: comes after the NetworkPolicies, for pods that none of them isolates',
  [
    policyYaml('db', 'podSelector: {matchLabels: {app: db}}\ningress: [{ports: [{port: 5432}]}]'),
    baseline('b', DENY_ALL_IN),
  ],
  {
    'shop/web > shop/db TCP 5432': `allowed\n${FREE}\ningress: shop/db allows: ingress rule 0 allows it`,
    'shop/db > shop/web TCP 80': 'denied\ningress: ClusterNetworkPolicy b denies: ingress rule 0 denies it',
  },
);

holds(
  'tiers: Admin comes before Baseline, whatever the priorities',
  [
    admin('a', 'ingress: [{action: Accept, from: [{namespaces: {matchLabels: {team: b}}}]}]', 1000),
    baseline('b', DENY_ALL_IN, 0),
  ],
  {
    'prod/web > shop/db TCP 80': `allowed\n${FREE}\ningress: ClusterNetworkPolicy a allows: ingress rule 0 allows it`,
    'shop/web > shop/db TCP 80': 'denied\ningress: ClusterNetworkPolicy b denies: ingress rule 0 denies it',
  },
);

holds(
  'priority: the lower number comes first within a tier',
  [
    baseline('a', DENY_ALL_IN, 2),
    baseline('z', 'ingress: [{action: Accept, from: [{namespaces: {matchLabels: {team: b}}}]}]', 1),
  ],
  {
    'prod/web > shop/db TCP 80': `allowed\n${FREE}\ningress: ClusterNetworkPolicy z allows: ingress rule 0 allows it`,
    'shop/web > shop/db TCP 80': 'denied\ningress: ClusterNetworkPolicy a denies: ingress rule 0 denies it',
  },
);

holds(
  'priority: which of two policies of the same tier and priority comes first is not known',
  [admin('a', DENY_ALL_IN), admin('z', `ingress: [{action: Pass, from: ${EVERYBODY}}]`)],
  {
    'shop/web > shop/db TCP 80':
      'unknown\ningress: ClusterNetworkPolicy a unknown: ingress rule 0 may deny it: ' +
      'it has the same priority as ClusterNetworkPolicy z, which says otherwise',
  },
);

holds(
  'action Pass: on to the next tier, which after the last one allows',
  [
    admin('a', `ingress: [{action: Pass, from: ${EVERYBODY}}, {action: Deny, from: ${EVERYBODY}}]`),
    baseline(
      'b',
      `ingress: [{name: own, action: Pass, from: [{namespaces: {matchLabels: {team: a}}}]}, {action: Deny, from: ${EVERYBODY}}]`,
    ),
  ],
  {
    'prod/web > shop/db TCP 80':
      'denied\ningress: ClusterNetworkPolicy a passes: ingress rule 0 passes it\n' +
      'ingress: ClusterNetworkPolicy b denies: ingress rule 1 denies it',
    'shop/web > shop/db TCP 80':
      `allowed\n${FREE}\ningress: ClusterNetworkPolicy a passes: ingress rule 0 passes it\n` +
      'ingress: ClusterNetworkPolicy b passes: ingress rule 0 "own" passes it',
  },
);

holds(
  'egress peers: pods, nodes and networks',
  [
    admin(
      'a',
      `egress: [{action: Deny, to: [{pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: db}}}}]},
       {action: Deny, to: [{nodes: {}}]}, {action: Deny, to: [{networks: [203.0.113.0/24, "2001:db8::/32"]}]}]`,
    ),
  ],
  {
    'shop/web > shop/db TCP 80': 'denied\negress: ClusterNetworkPolicy a denies: egress rule 0 denies it',
    'shop/web > 192.168.0.2 TCP 80': 'denied\negress: ClusterNetworkPolicy a denies: egress rule 1 denies it',
    'shop/web > 203.0.113.9 TCP 80': 'denied\negress: ClusterNetworkPolicy a denies: egress rule 2 denies it',
    'shop/web > 2001:db8::9 TCP 80': 'denied\negress: ClusterNetworkPolicy a denies: egress rule 2 denies it',
    'shop/web > 203.0.114.9 TCP 80': `allowed\n${FREE}\n${ABROAD}`,
  },
);

holds(
  'egress peers: domain names cannot be judged, which matters where a later rule would deny',
  [
    admin(
      'a',
      'egress: [{action: Accept, to: [{domainNames: ["*.example.com"]}]}, {action: Deny, to: [{networks: [203.0.113.0/24]}]}]',
    ),
  ],
  {
    'shop/web > 203.0.113.9 TCP 443':
      'unknown\negress: ClusterNetworkPolicy a unknown: egress rule 0 may allow it: domain names cannot be judged from addresses',
    'shop/web > 203.0.114.9 TCP 443': `allowed\n${FREE}\n${ABROAD}`,
  },
);

const DENY_PORTS = (protocols: string) =>
  admin('a', `ingress: [{action: Deny, from: ${EVERYBODY}, protocols: ${protocols}}]`);
const DENIED = 'denied\ningress: ClusterNetworkPolicy a denies: ingress rule 0 denies it';

holds('protocols missing: every port and every protocol', [admin('a', DENY_ALL_IN)], {
  'shop/web > shop/db SCTP 9': DENIED,
  'shop/web > shop/db ICMP': DENIED,
});

holds(
  'protocols: a port of TCP, UDP or SCTP',
  [
    DENY_PORTS(
      '[{tcp: {destinationPort: {number: 80}}}, {udp: {destinationPort: {number: 53}}}, {sctp: {destinationPort: {number: 9}}}]',
    ),
  ],
  {
    'shop/web > shop/db TCP 80': DENIED,
    'shop/web > shop/db UDP 53': DENIED,
    'shop/web > shop/db SCTP 9': DENIED,
    'shop/web > shop/db TCP 53': ALLOWED,
    'shop/web > shop/db UDP 9': ALLOWED,
    'shop/web > shop/db SCTP 80': ALLOWED,
    'shop/web > shop/db ICMP': ALLOWED,
  },
);

holds(
  'protocols: both ends of a range belong to it',
  [DENY_PORTS('[{udp: {destinationPort: {range: {start: 50, end: 52}}}}]')],
  {
    'shop/web > shop/db UDP 49': ALLOWED,
    'shop/web > shop/db UDP 50': DENIED,
    'shop/web > shop/db UDP 52': DENIED,
    'shop/web > shop/db UDP 53': ALLOWED,
    'shop/web > shop/db TCP 51': ALLOWED,
  },
);

holds(
  'protocols: a port by its name in the destination pod, whatever its protocol',
  [
    podYaml('shop/talk', '10.0.0.3', 'app: talk', '{name: dns, containerPort: 5353}'),
    DENY_PORTS('[{destinationNamedPort: dns}]'),
  ],
  {
    'shop/web > shop/db UDP 53': DENIED,
    'shop/web > shop/talk TCP 5353': DENIED,
    'shop/web > shop/talk TCP 53': ALLOWED,
  },
);

holds('hairpin: a pod reaches itself by its own address', [admin('a', DENY_ALL_IN)], {
  'shop/db > shop/db TCP 80':
    'allowed\negress: a pod may always reach itself\ningress: a pod may always reach itself',
});

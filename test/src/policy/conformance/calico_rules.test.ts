import { calicoPolicy, globalPolicy } from '../calico/calico_objects.js';
import { podYaml } from '../cluster.js';
import { FREE, holds, OPEN, OUTSIDE } from './holds.js';

/** Whoever is free to send gets in by the first rule. */
const BY_RULE = `allowed\n${FREE}\ningress: Calico NetworkPolicy shop/p allows: ingress rule 0 allows it`;

/** A policy on the pod db that allows what one ingress rule says, by its YAML without braces. */
const allowing = (rule: string) =>
  calicoPolicy('p', `selector: app == 'db', ingress: [{action: Allow, ${rule}}]`);

/** A policy on the pod web that allows what one egress rule says. */
const letting = (rule: string) =>
  calicoPolicy('p', `selector: app == 'web', egress: [{action: Allow, ${rule}}]`);

holds(
  'source.selector: pods of the own namespace only',
  [allowing(`source: {selector: app == 'web' && tier != 'back'}`)],
  {
    'shop/web > shop/db TCP 80': BY_RULE,
    'prod/web > shop/db TCP 80':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows endpoints app == "web" && tier != "back" of namespace shop, the source pod is in namespace prod',
    '203.0.113.9 > shop/db TCP 80':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows endpoints app == "web" && tier != "back" of namespace shop, the source 203.0.113.9 is neither a pod of this cluster nor in such a network set',
  },
);

holds(
  'source.selector: the labels that it fails on are told',
  [
    podYaml('shop/api', '10.0.0.3', 'app: api, tier: back'),
    allowing(`source: {selector: app == 'web' && !(tier == 'back') && has(owner)}`),
  ],
  {
    'shop/api > shop/db TCP 80':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows endpoints app == "web" && !(tier == "back") && has(owner) of namespace shop, the source pod has app=api and tier=back and no label owner',
  },
);

holds(
  'source.selector: missing and empty restrict nothing',
  [allowing(`source: {selector: '', notSelector: null}`)],
  {
    'prod/web > shop/db TCP 80': BY_RULE,
    '203.0.113.9 > shop/db TCP 80': `allowed\n${OUTSIDE}\ningress: Calico NetworkPolicy shop/p allows: ingress rule 0 allows it`,
  },
);

holds('source.selector: all() is every pod of the own namespace', [allowing(`source: {selector: all()}`)], {
  'shop/web > shop/db TCP 80': BY_RULE,
  '203.0.113.9 > shop/db TCP 80':
    'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows every endpoint of namespace shop, the source 203.0.113.9 is neither a pod of this cluster nor in such a network set',
});

holds(
  'source.selector of a GlobalNetworkPolicy: pods of every namespace',
  [globalPolicy('p', `selector: app == 'db', ingress: [{action: Allow, source: {selector: app == 'web'}}]`)],
  {
    'prod/web > shop/db TCP 80': `allowed\n${FREE}\ningress: GlobalNetworkPolicy p allows: ingress rule 0 allows it`,
    '203.0.113.9 > shop/db TCP 80':
      'denied\ningress: GlobalNetworkPolicy p isolates: ingress rule 0 allows endpoints app == "web", the source 203.0.113.9 is neither a pod of this cluster nor in such a network set',
  },
);

holds(
  'source.namespaceSelector: every pod of those namespaces',
  [allowing(`source: {namespaceSelector: team == 'b' || team == 'c'}`)],
  {
    'prod/web > shop/db TCP 80': BY_RULE,
    'shop/web > shop/db TCP 80':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows every endpoint of namespaces team == "b" || team == "c", the source\'s namespace shop has team=a',
  },
);

holds('source.namespaceSelector: negated', [allowing(`source: {namespaceSelector: "!(team == 'a')"}`)], {
  'prod/web > shop/db TCP 80': BY_RULE,
  'shop/web > shop/db TCP 80':
    'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows every endpoint of namespaces !(team == "a"), the source\'s namespace shop has team=a',
});

holds(
  'source.namespaceSelector: with a selector both must hold',
  [allowing(`source: {namespaceSelector: has(team), selector: app == 'api'}`)],
  {
    'prod/web > shop/db TCP 80':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows endpoints app == "api" of namespaces has(team), the source pod has app=web',
  },
);

holds(
  'source.namespaceSelector: all() is everything in a namespace',
  [allowing(`source: {namespaceSelector: all()}`)],
  {
    'prod/web > shop/db TCP 80': BY_RULE,
    '203.0.113.9 > shop/db TCP 80':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows every endpoint of every namespace, the source 203.0.113.9 is neither a pod of this cluster nor in such a network set',
  },
);

holds('source.serviceAccounts: by name', [allowing('source: {serviceAccounts: {names: [robot, default]}}')], {
  'shop/web > shop/db TCP 80': BY_RULE,
  'prod/web > shop/db TCP 80':
    'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows every endpoint of namespace shop with service account robot or default, the source pod is in namespace prod',
});

holds('source.serviceAccounts: another name', [allowing('source: {serviceAccounts: {names: [robot]}}')], {
  'shop/web > shop/db TCP 80':
    'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows every endpoint of namespace shop with service account robot, the source pod runs as service account default',
});

const FRONT =
  '{kind: ServiceAccount, apiVersion: v1, metadata: {namespace: shop, name: default, labels: {role: front}}}';

holds(
  'source.serviceAccounts: by labels',
  [FRONT, allowing(`source: {serviceAccounts: {selector: role == 'back'}}`)],
  {
    'shop/web > shop/db TCP 80':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows every endpoint of namespace shop whose service account fits role == "back", the source\'s service account default has role=front',
  },
);

holds(
  'source.serviceAccounts: by name and labels, with a selector too',
  [FRONT, allowing(`source: {selector: app == 'web', serviceAccounts: {names: [default], selector: all()}}`)],
  {
    'shop/web > shop/db TCP 80': BY_RULE,
    'prod/web > shop/db TCP 80':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows endpoints app == "web" of namespace shop with service account default, the source pod is in namespace prod',
  },
);

holds(
  'source.serviceAccounts: by name and labels, of which one fails',
  [FRONT, allowing(`source: {serviceAccounts: {names: [default], selector: role == 'back'}}`)],
  {
    'shop/web > shop/db TCP 80':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows every endpoint of namespace shop with service account default whose service account fits role == "back", the source\'s service account default has role=front',
  },
);

holds('source.serviceAccounts: empty restricts nothing', [allowing('source: {serviceAccounts: {}}')], {
  'prod/web > shop/db TCP 80': BY_RULE,
});

holds(
  'source.notSelector: other pods of the own namespace, where there is one',
  [allowing(`source: {notSelector: app == 'web'}`)],
  {
    'shop/web > shop/db TCP 80':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows every endpoint of namespace shop but not app == "web", the source pod has app=web',
    '203.0.113.9 > shop/db TCP 80':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows every endpoint of namespace shop but not app == "web", the source 203.0.113.9 is neither a pod of this cluster nor in such a network set',
  },
);

holds(
  'source.notSelector of a GlobalNetworkPolicy: also what is no pod',
  [
    globalPolicy(
      'p',
      `selector: app == 'db', ingress: [{action: Allow, source: {notSelector: app == 'web'}}]`,
    ),
  ],
  {
    'shop/web > shop/db TCP 80':
      'denied\ningress: GlobalNetworkPolicy p isolates: ingress rule 0 allows anything but endpoints app == "web", the source pod is among those',
    '203.0.113.9 > shop/db TCP 80': `allowed\n${OUTSIDE}\ningress: GlobalNetworkPolicy p allows: ingress rule 0 allows it`,
    '192.168.0.2 > shop/db TCP 80':
      'unknown\ningress: GlobalNetworkPolicy p unknown: ingress rule 0 may allow it: 192.168.0.2 is node n2, and whether it is a HostEndpoint was not recorded',
  },
);

holds(
  'source.nets: blocks and single addresses, pods by their address too',
  [allowing('source: {nets: [10.0.1.0/24, 203.0.113.9]}')],
  {
    'prod/web > shop/db TCP 80': BY_RULE,
    'shop/web > shop/db TCP 80':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows 10.0.1.0/24, the source pod has 10.0.0.1, which is outside',
    '203.0.113.9 > shop/db TCP 80': `allowed\n${OUTSIDE}\ningress: Calico NetworkPolicy shop/p allows: ingress rule 0 allows it`,
    '203.0.113.8 > shop/db TCP 80':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows 10.0.1.0/24, the source 203.0.113.8 is outside',
  },
);

holds('source.nets: a single IPv6 address', [allowing('source: {nets: ["2001:db8::9"]}')], {
  '2001:db8::9 > shop/db TCP 80': `allowed\n${OUTSIDE}\ningress: Calico NetworkPolicy shop/p allows: ingress rule 0 allows it`,
  '2001:db8::8 > shop/db TCP 80':
    'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows 2001:db8::9, the source 2001:db8::8 is outside',
});

holds(
  'source.notNets: everything else of the same family',
  [allowing('source: {notNets: [10.0.1.0/24, 203.0.113.0/24]}')],
  {
    'shop/web > shop/db TCP 80': BY_RULE,
    'prod/web > shop/db TCP 80':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows anything but 10.0.1.0/24 or 203.0.113.0/24, the source pod is among those',
    '203.0.113.9 > shop/db TCP 80':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows anything but 10.0.1.0/24 or 203.0.113.0/24, the source 203.0.113.9 is among those',
    '2001:db8::9 > shop/db TCP 80': `allowed\n${OUTSIDE}\ningress: Calico NetworkPolicy shop/p allows: ingress rule 0 allows it`,
  },
);

const DUAL = podYaml('shop/dual', '2001:db8::1', 'app: db');

holds(
  'source.notNets: of IPv6, and of both families',
  [
    DUAL,
    calicoPolicy(
      'p',
      `selector: app == 'db', ingress: [{action: Allow, source: {notNets: ["2001:db8::/112"]}, protocol: TCP},
    {action: Allow, source: {notNets: ["2001:db8::/112", 10.0.0.0/8]}, protocol: UDP}]`,
    ),
  ],
  {
    '2001:db8:1::9 > shop/dual TCP 80': `allowed\n${OUTSIDE}\ningress: Calico NetworkPolicy shop/p allows: ingress rule 0 allows it`,
    '2001:db8::9 > shop/dual TCP 80':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows anything but 2001:db8::/112, the source 2001:db8::9 is among those',
    '203.0.113.9 > shop/db TCP 80':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows only IPv6, the connection is over IPv4',
    '2001:db8:1::9 > shop/dual UDP 80': `allowed\n${OUTSIDE}\ningress: Calico NetworkPolicy shop/p allows: ingress rule 1 allows it`,
    '203.0.113.9 > shop/db UDP 80': `allowed\n${OUTSIDE}\ningress: Calico NetworkPolicy shop/p allows: ingress rule 1 allows it`,
  },
);

holds(
  'source: selectors, nets and notNets must all hold',
  [allowing(`source: {selector: app == 'web', nets: [10.0.0.0/8], notNets: [10.0.0.0/24]}`)],
  {
    'shop/web > shop/db TCP 80':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows anything but 10.0.0.0/24, the source pod is among those',
  },
);

holds(
  'destination of an ingress rule: the own end too',
  [
    calicoPolicy(
      'p',
      `ingress: [{action: Allow, destination: {selector: app == 'db'}}, {action: Allow, destination: {nets: [10.0.0.1/32]}, protocol: UDP}]`,
    ),
  ],
  {
    'prod/web > shop/db TCP 80': BY_RULE,
    'prod/web > shop/web UDP 80': `allowed\n${FREE}\ningress: Calico NetworkPolicy shop/p allows: ingress rule 1 allows it`,
    'prod/web > shop/web TCP 80':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows endpoints app == "db" of namespace shop, the destination pod has app=web',
  },
);

holds('destination of an egress rule', [letting(`destination: {selector: app == 'db'}`)], {
  'shop/web > shop/db TCP 80': `allowed\negress: Calico NetworkPolicy shop/p allows: egress rule 0 allows it\n${OPEN}`,
  'shop/web > prod/web TCP 80':
    'denied\negress: Calico NetworkPolicy shop/p isolates: egress rule 0 allows endpoints app == "db" of namespace shop, the destination pod has app=web and the destination pod is in namespace prod',
  'shop/web > 203.0.113.9 TCP 80':
    'denied\negress: Calico NetworkPolicy shop/p isolates: egress rule 0 allows endpoints app == "db" of namespace shop, the destination 203.0.113.9 is neither a pod of this cluster nor in such a network set',
});

holds(
  'destination.domains: cannot be judged, where all else holds',
  [letting('protocol: TCP, destination: {domains: [api.example.com, "*.example.org"]}')],
  {
    'shop/web > 203.0.113.9 TCP 443':
      'unknown\negress: Calico NetworkPolicy shop/p unknown: egress rule 0 may allow it: domains cannot be judged from addresses',
    'shop/web > 203.0.113.9 UDP 443':
      'denied\negress: Calico NetworkPolicy shop/p isolates: egress rule 0 allows only TCP, the connection is UDP',
  },
);

holds(
  'destination.ports: numbers, ranges and names',
  [allowing('protocol: TCP, destination: {ports: [80, "443", "8000:8010", pg]}')],
  {
    'shop/web > shop/db TCP 80': BY_RULE,
    'shop/web > shop/db TCP 443': BY_RULE,
    'shop/web > shop/db TCP 8010': BY_RULE,
    'shop/web > shop/db TCP 5432': BY_RULE,
    'shop/web > shop/db TCP 8011':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows only TCP 80 or TCP 443 or TCP 8000-8010 or TCP port pg, the connection is to TCP 8011, and pg is 5432 in the destination pod',
    'shop/web > shop/db UDP 80':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows only TCP 80 or TCP 443 or TCP 8000-8010 or TCP port pg, the connection is to UDP 80, and pg is 5432 in the destination pod',
  },
);

holds(
  'destination.ports: names without a protocol are of any that has ports',
  [allowing('destination: {ports: [dns]}')],
  {
    'shop/web > shop/db UDP 53': BY_RULE,
    'shop/web > shop/db TCP 53':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows only TCP port dns or UDP port dns or SCTP port dns, the connection is to TCP 53, and the destination pod has no TCP port named dns, and dns is 53 in the destination pod, and the destination pod has no SCTP port named dns',
  },
);

holds(
  'destination.notPorts: every other port',
  [allowing('protocol: TCP, destination: {notPorts: [80, "90:99"]}')],
  {
    'shop/web > shop/db TCP 81': BY_RULE,
    'shop/web > shop/db TCP 95':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows only ports other than TCP 80 or TCP 90-99, the connection has one of those',
    'shop/web > shop/db UDP 81':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows only TCP, the connection is UDP',
  },
);

const SENDER = podYaml('shop/sender', '10.0.0.4', 'app: sender', '{name: out, containerPort: 7000}');

holds(
  'source.ports: numbers, ranges and names of the source',
  [SENDER, allowing('protocol: TCP, source: {ports: ["1000:2000", 3000, out]}')],
  {
    'shop/web > shop/db TCP 80 from 1000': BY_RULE,
    'shop/web > shop/db TCP 80 from 2000': BY_RULE,
    'shop/web > shop/db TCP 80 from 3000': BY_RULE,
    'shop/sender > shop/db TCP 80 from 7000': BY_RULE,
    'shop/web > shop/db TCP 80 from 7000':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows source port TCP 1000-2000 or TCP 3000 or TCP port out, the connection is from TCP 7000',
    '203.0.113.9 > shop/db TCP 80 from 7000':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows source port TCP 1000-2000 or TCP 3000 or TCP port out, the connection is from TCP 7000',
    '10.0.9.9 > shop/db TCP 80 from 3000':
      'unknown\negress: 10.0.9.9 is in the pod range of node n1, but no pod had it',
    '10.0.9.9 > shop/db TCP 80 from 7000':
      'unknown\negress: 10.0.9.9 is in the pod range of node n1, but no pod had it\ningress: Calico NetworkPolicy shop/p unknown: ingress rule 0 may allow it: 10.0.9.9 is in the pod range of node n1, but no pod had it',
    'shop/web > shop/db TCP 80 from 999':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows source port TCP 1000-2000 or TCP 3000 or TCP port out, the connection is from TCP 999',
    'shop/web > shop/db TCP 80 from 2001':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows source port TCP 1000-2000 or TCP 3000 or TCP port out, the connection is from TCP 2001',
    'shop/web > shop/db UDP 80 from 1000':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows source port TCP 1000-2000 or TCP 3000 or TCP port out, the connection is from UDP 1000',
    'shop/web > shop/db ICMP':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows source port TCP 1000-2000 or TCP 3000 or TCP port out, the connection is from ICMP',
    'shop/web > shop/db TCP 80':
      'unknown\ningress: Calico NetworkPolicy shop/p unknown: ingress rule 0 may allow it: the source port is not known',
  },
);

holds(
  'source.notPorts: every other source port',
  [allowing('protocol: TCP, source: {notPorts: ["1:1023"]}')],
  {
    'shop/web > shop/db TCP 80 from 1024': BY_RULE,
    'shop/web > shop/db TCP 80 from 1023':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows ports other than source port TCP 1-1023, the connection has one of those',
  },
);

holds(
  'protocol: by name and number',
  [
    calicoPolicy(
      'p',
      `selector: app == 'db', ingress: [{action: Allow, protocol: ICMP}, {action: Allow, protocol: 17},
    {action: Allow, protocol: UDPLite}, {action: Allow, protocol: "50"}, {action: Allow, protocol: sctp},
    {action: Allow, protocol: 255}]`,
    ),
  ],
  {
    'shop/web > shop/db ICMP': BY_RULE,
    'shop/web > shop/db UDP 53': `allowed\n${FREE}\ningress: Calico NetworkPolicy shop/p allows: ingress rule 1 allows it`,
    'shop/web > shop/db UDPLite 53': `allowed\n${FREE}\ningress: Calico NetworkPolicy shop/p allows: ingress rule 2 allows it`,
    'shop/web > shop/db ESP': `allowed\n${FREE}\ningress: Calico NetworkPolicy shop/p allows: ingress rule 3 allows it`,
    'shop/web > shop/db SCTP 53': `allowed\n${FREE}\ningress: Calico NetworkPolicy shop/p allows: ingress rule 4 allows it`,
    'shop/web > shop/db 255': `allowed\n${FREE}\ningress: Calico NetworkPolicy shop/p allows: ingress rule 5 allows it`,
    'shop/web > shop/db TCP 53':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows only ICMP, the connection is TCP',
  },
);

holds('protocol: ICMPv6', [DUAL, allowing('protocol: ICMPv6')], {
  '2001:db8::9 > shop/dual IPv6-ICMP': `allowed\n${OUTSIDE}\ningress: Calico NetworkPolicy shop/p allows: ingress rule 0 allows it`,
  '2001:db8::9 > shop/dual TCP 80':
    'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows only IPv6-ICMP, the connection is TCP',
});

holds('notProtocol: every other', [allowing('notProtocol: TCP')], {
  'shop/web > shop/db UDP 53': BY_RULE,
  'shop/web > shop/db TCP 53':
    'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows only protocols other than TCP, the connection is TCP',
});

holds(
  'icmp: types cannot be judged, and only matter for ICMP',
  [allowing('protocol: ICMP, icmp: {type: 8, code: 0}')],
  {
    'shop/web > shop/db ICMP':
      'unknown\ningress: Calico NetworkPolicy shop/p unknown: ingress rule 0 may allow it: types of ICMP messages are not known',
    'shop/web > shop/db TCP 80':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows only ICMP, the connection is TCP',
  },
);

holds('icmp: without a type it asks nothing', [allowing('protocol: ICMP, icmp: {}')], {
  'shop/web > shop/db ICMP': BY_RULE,
});

holds('notICMP: types cannot be judged', [DUAL, allowing('protocol: ICMPv6, notICMP: {type: 128}')], {
  '2001:db8::9 > shop/dual IPv6-ICMP':
    'unknown\ningress: Calico NetworkPolicy shop/p unknown: ingress rule 0 may allow it: types of ICMP messages are not known',
  '2001:db8::9 > shop/dual TCP 80':
    'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows only IPv6-ICMP, the connection is TCP',
});

holds('ipVersion: 4', [DUAL, allowing('ipVersion: 4')], {
  'shop/web > shop/db TCP 80': BY_RULE,
  '2001:db8::9 > shop/dual TCP 80':
    'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows only IPv4, the connection is over IPv6',
});

holds('ipVersion: 6', [DUAL, allowing('ipVersion: 6')], {
  '2001:db8::9 > shop/dual TCP 80': `allowed\n${OUTSIDE}\ningress: Calico NetworkPolicy shop/p allows: ingress rule 0 allows it`,
  'shop/web > shop/db TCP 80':
    'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows only IPv6, the connection is over IPv4',
});

holds('http: cannot be judged, where all else holds', [allowing('protocol: TCP, http: {methods: [GET]}')], {
  'shop/web > shop/db TCP 80':
    'unknown\ningress: Calico NetworkPolicy shop/p unknown: ingress rule 0 may allow it: HTTP rules cannot be judged from ports',
  'shop/web > shop/db UDP 80':
    'denied\ningress: Calico NetworkPolicy shop/p isolates: ingress rule 0 allows only TCP, the connection is UDP',
});

holds(
  'fields of a rule that are null restrict nothing',
  [
    allowing(
      'protocol: null, notProtocol: null, ipVersion: null, icmp: null, notICMP: null, http: null, source: null, destination: null',
    ),
  ],
  {
    'shop/web > shop/db TCP 80': BY_RULE,
    '203.0.113.9 > shop/db ICMP': `allowed\n${OUTSIDE}\ningress: Calico NetworkPolicy shop/p allows: ingress rule 0 allows it`,
  },
);

holds('metadata of a rule says nothing', [allowing('metadata: {annotations: {team: a}}')], {
  'shop/web > shop/db TCP 80': BY_RULE,
});

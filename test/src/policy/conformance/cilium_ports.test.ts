import { podYaml, policyYaml } from '../cluster.js';
import { cnp, DB, fromWeb, toDb } from './cilium.js';
import { FREE, holds, OPEN, OUTSIDE } from './holds.js';

holds('toPorts: without peers, from everybody', [toDb('toPorts: [{ports: [{port: "80", protocol: TCP}]}]')], {
  'shop/web > shop/db TCP 80': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
  '1.2.3.4 > shop/db TCP 80': `allowed\n${OUTSIDE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
  '192.168.0.2 > shop/db TCP 80': `allowed\n${OUTSIDE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
  'shop/web > shop/db TCP 81':
    'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows only TCP 80, the connection is to TCP 81',
  'shop/web > shop/db UDP 80':
    'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows only TCP 80, the connection is to UDP 80',
});

holds(
  'toPorts: peers and ports must both match',
  [toDb('fromEndpoints: [{matchLabels: {app: web}}], toPorts: [{ports: [{port: "80", protocol: TCP}]}]')],
  {
    'shop/web > shop/db TCP 80': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
    'shop/web > shop/db TCP 81':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows only TCP 80, the connection is to TCP 81',
    'prod/web > shop/db TCP 80':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows pods app=web of its own namespace shop, the source pod is in namespace prod',
    'prod/web > shop/db TCP 81':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows pods app=web of its own namespace shop on TCP 80, the source pod is in namespace prod and the connection is to TCP 81',
  },
);

holds(
  'toPorts: any port of any of them',
  [
    toDb(
      'toPorts: [{ports: [{port: "80", protocol: TCP}, {port: "53", protocol: UDP}]}, {ports: [{port: "90", protocol: TCP}]}]',
    ),
  ],
  {
    'shop/web > shop/db UDP 53': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
    'shop/web > shop/db TCP 90': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
    'shop/web > shop/db TCP 53':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows only TCP 80 or UDP 53 or TCP 90, the connection is to TCP 53',
  },
);

holds('toPorts []: the same as no ports', [toDb('fromEndpoints: [{}], toPorts: []')], {
  'shop/web > shop/db TCP 80': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
});

holds('toPorts without any ports: nobody', [toDb('fromEndpoints: [{}], toPorts: [{}, {ports: []}]')], {
  'shop/web > shop/db TCP 80':
    'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows nobody, so it matches nothing',
});

holds(
  'port: no protocol and ANY mean TCP, UDP and SCTP',
  [toDb('toPorts: [{ports: [{port: "80"}, {port: "90", protocol: ANY}]}]')],
  {
    'shop/web > shop/db TCP 80': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
    'shop/web > shop/db UDP 90': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
    'shop/web > shop/db SCTP 80': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
    'shop/web > shop/db DCCP 80':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows only TCP 80 or UDP 80 or SCTP 80 or TCP 90 or UDP 90 or SCTP 90, the connection is to DCCP 80',
  },
);

holds('port: SCTP', [toDb('toPorts: [{ports: [{port: "80", protocol: SCTP}]}]')], {
  'shop/web > shop/db SCTP 80': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
  'shop/web > shop/db TCP 80':
    'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows only SCTP 80, the connection is to TCP 80',
});

holds('port "0": every port of the protocol', [toDb('toPorts: [{ports: [{port: "0", protocol: UDP}]}]')], {
  'shop/web > shop/db UDP 9': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
  'shop/web > shop/db TCP 9':
    'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows only every UDP port, the connection is to TCP 9',
});

holds(
  'port: by the name of a container port, in whatever case',
  [toDb('toPorts: [{ports: [{port: PG, protocol: TCP}]}]')],
  {
    'shop/web > shop/db TCP 5432': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
    'shop/web > shop/db TCP 80':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows only TCP port pg, the connection is to TCP 80, and pg is 5432 in the destination pod',
    'shop/web > shop/db UDP 5432':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows only TCP port pg, the connection is to UDP 5432, and pg is 5432 in the destination pod',
  },
);

holds(
  'port: a name stands for what it is in the pod, with its protocol',
  [toDb('toPorts: [{ports: [{port: dns}]}]')],
  {
    'shop/web > shop/db UDP 53': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
    'shop/web > shop/db TCP 53':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows only TCP port dns or UDP port dns or SCTP port dns, the connection is to TCP 53, and the destination pod has no TCP port named dns, and dns is 53 in the destination pod, and the destination pod has no SCTP port named dns',
  },
);

holds(
  'endPort: the last of a range',
  [toDb('toPorts: [{ports: [{port: "80", endPort: 90, protocol: TCP}]}]')],
  {
    'shop/web > shop/db TCP 80': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
    'shop/web > shop/db TCP 90': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
    'shop/web > shop/db TCP 91':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows only TCP 80-90, the connection is to TCP 91',
    'shop/web > shop/db TCP 79':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows only TCP 80-90, the connection is to TCP 79',
  },
);

holds(
  'endPort: below the port, or after a name, counts for nothing',
  [
    toDb(
      'toPorts: [{ports: [{port: "80", endPort: 0, protocol: TCP}, {port: pg, endPort: 9000, protocol: TCP}, {port: "90", endPort: 90, protocol: TCP}]}]',
    ),
  ],
  {
    'shop/web > shop/db TCP 80': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
    'shop/web > shop/db TCP 5433':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows only TCP 80 or TCP port pg or TCP 90, the connection is to TCP 5433, and pg is 5432 in the destination pod',
    'shop/web > shop/db TCP 91':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows only TCP 80 or TCP port pg or TCP 90, the connection is to TCP 91, and pg is 5432 in the destination pod',
  },
);

holds(
  'port: the destination port is not known',
  [toDb('toPorts: [{ports: [{port: "80", protocol: TCP}]}]')],
  {
    'shop/web > shop/db TCP':
      'unknown\ningress: CiliumNetworkPolicy shop/p unknown: ingress rule 0 may allow it: the destination port is not known',
  },
);

holds(
  'port: protocols without ports',
  [
    toDb(
      'toPorts: [{ports: [{protocol: GRE}, {protocol: VRRP}, {protocol: IGMP}, {protocol: IPIP}, {protocol: IPv6}, {protocol: ESP}, {protocol: AH}]}]',
    ),
  ],
  {
    'shop/web > shop/db GRE': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
    'shop/web > shop/db VRRP': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
    'shop/web > shop/db IGMP': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
    'shop/web > shop/db IPv4': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
    'shop/web > shop/db IPv6': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
    'shop/web > shop/db ESP': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
    'shop/web > shop/db AH': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
    'shop/web > shop/db IPIP':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows only every GRE port or every VRRP port or every IGMP port or every IPv4 port or every IPv6 port or every ESP port or every AH port, the connection is to IPIP',
  },
);

holds(
  'port "0" or "": the same as none, of protocols without ports',
  [toDb('toPorts: [{ports: [{protocol: GRE, port: "0"}, {protocol: ESP, port: ""}]}]')],
  {
    'shop/web > shop/db GRE': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
    'shop/web > shop/db ESP': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
    'shop/web > shop/db AH':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows only every GRE port or every ESP port, the connection is to AH',
  },
);

holds(
  'ports: as many as 40',
  [toDb(`toPorts: [{ports: [${'{port: "1", protocol: TCP}, '.repeat(39)}{port: "80", protocol: TCP}]}]`)],
  {
    'shop/web > shop/db TCP 80': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
  },
);

holds(
  'port: of ICMP it is the type of a message',
  [toDb('toPorts: [{ports: [{protocol: ICMP, port: "8"}, {protocol: ICMPv6, port: "0"}]}]')],
  {
    'shop/web > shop/db ICMP':
      'unknown\ningress: CiliumNetworkPolicy shop/p unknown: ingress rule 0 may allow it: the destination port is not known',
    'shop/web > shop/db IPv6-ICMP': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
  },
);

const BY_NAME = fromWeb('toPorts: [{ports: [{port: pg, protocol: TCP}]}]');
const VERSIONS_DIFFER =
  'unknown\negress: CiliumNetworkPolicy shop/p unknown: egress rule 0 may allow it: versions of Cilium differ on what the name of a port stands for in egress rules';

holds(
  'port in egress: a name that has one number in all pods may stand for it everywhere',
  [BY_NAME, podYaml('shop/ended', '', '', '{name: pg, containerPort: 1}').replace('Running', 'Failed')],
  {
    'shop/web > shop/db TCP 5432': `allowed\negress: CiliumNetworkPolicy shop/p allows: egress rule 0 allows it\n${OPEN}`,
    'shop/web > prod/web TCP 5432': VERSIONS_DIFFER,
    'shop/web > 1.2.3.4 TCP 5432': VERSIONS_DIFFER,
    'shop/web > prod/web TCP 80':
      'denied\negress: CiliumNetworkPolicy shop/p isolates: egress rule 0 allows only TCP port pg, the connection is to TCP 80, and the destination pod has no TCP port named pg',
    'shop/web > shop/db TCP':
      'unknown\negress: CiliumNetworkPolicy shop/p unknown: egress rule 0 may allow it: the destination port is not known',
  },
);

holds(
  'port in egress: a name that has several numbers may stand for none',
  [BY_NAME, podYaml('prod/db', '10.0.1.2', 'app: db', '{name: pg, containerPort: 5433}')],
  {
    'shop/web > shop/db TCP 5432': VERSIONS_DIFFER,
    'shop/web > prod/db TCP 5433': VERSIONS_DIFFER,
    'shop/web > shop/db TCP 5433':
      'denied\negress: CiliumNetworkPolicy shop/p isolates: egress rule 0 allows only TCP port pg, the connection is to TCP 5433, and pg is 5432 in the destination pod',
  },
);

holds(
  'port in egress: a name that no pod has stands for none, whatever ports without a name there are',
  [BY_NAME.replace('pg', '"null"'), podYaml('prod/db', '10.0.1.2', 'app: db', '{containerPort: 5433}')],
  {
    'shop/web > prod/db TCP 5433':
      'denied\negress: CiliumNetworkPolicy shop/p isolates: egress rule 0 allows only TCP port null, the connection is to TCP 5433, and the destination pod has no TCP port named null',
  },
);

holds(
  'port in egress: what pods of a node network call their ports counts for nothing',
  [BY_NAME, podYaml('prod/db', '', '', '{name: pg, containerPort: 5433}', ', hostNetwork: true')],
  {
    'shop/web > shop/db TCP 5432': `allowed\negress: CiliumNetworkPolicy shop/p allows: egress rule 0 allows it\n${OPEN}`,
    'shop/web > prod/web TCP 5432': VERSIONS_DIFFER,
  },
);

holds(
  'port in egress: pods still to come have ports too',
  [
    BY_NAME,
    '{kind: Deployment, apiVersion: apps/v1, metadata: {namespace: prod, name: db}, spec: {template: {spec: {containers: [{ports: [{name: pg, containerPort: 5433}]}]}}}}',
  ],
  { 'shop/web > shop/db TCP 5432': VERSIONS_DIFFER },
);

holds(
  'port in egress: of a NetworkPolicy too, where Cilium enforces it',
  [
    cnp(`endpointSelector: {matchLabels: {app: none}}, ingress: [{}]`, 'seen'),
    policyYaml(
      'p',
      'podSelector: {matchLabels: {app: web}}\npolicyTypes: [Egress]\negress: [{ports: [{port: pg}, {port: 443}]}]',
    ),
  ],
  {
    'shop/web > shop/db TCP 5432': `allowed\negress: shop/p allows: egress rule 0 allows it\n${OPEN}`,
    'shop/web > prod/web TCP 5432': VERSIONS_DIFFER.replace('CiliumNetworkPolicy ', ''),
    'shop/web > prod/web TCP 443': `allowed\negress: shop/p allows: egress rule 0 allows it\n${OPEN}`,
  },
);

holds(
  'toPorts in egress: ports of the destination',
  [fromWeb('toEndpoints: [{}], toPorts: [{ports: [{port: pg}]}]')],
  {
    'shop/web > shop/db TCP 5432': `allowed\negress: CiliumNetworkPolicy shop/p allows: egress rule 0 allows it\n${OPEN}`,
    'shop/web > shop/db TCP 80':
      'denied\negress: CiliumNetworkPolicy shop/p isolates: egress rule 0 allows only TCP port pg or UDP port pg or SCTP port pg, the connection is to TCP 80, and pg is 5432 in the destination pod, and the destination pod has no UDP port named pg, and the destination pod has no SCTP port named pg',
  },
);

holds(
  'toPorts in ingressDeny: only those ports',
  [cnp(`${DB}, ingress: [{fromEntities: [all]}], ingressDeny: [{toPorts: [{ports: [{port: "80"}]}]}]`)],
  {
    'shop/web > shop/db TCP 80':
      'denied\ningress: CiliumNetworkPolicy shop/p denies: ingressDeny rule 0 denies it',
    'shop/web > shop/db TCP 81': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
  },
);

holds(
  'rules http: cannot be judged, on their port',
  [
    toDb(
      'fromEndpoints: [{}], toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{path: /}]}}]',
    ),
  ],
  {
    'shop/web > shop/db TCP 80':
      'unknown\ningress: CiliumNetworkPolicy shop/p unknown: ingress rule 0 may allow it: HTTP rules cannot be judged from ports',
    'shop/web > shop/db TCP 81':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows only TCP 80, the connection is to TCP 81',
    'prod/web > shop/db TCP 80':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows every pod of its own namespace shop, the source pod is in namespace prod',
  },
);

holds(
  'rules http: a rule for the port alone outweighs them',
  [toDb('toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{}]}}, {ports: [{port: "80"}]}]')],
  {
    'shop/web > shop/db TCP 80': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
  },
);

holds(
  'rules kafka: cannot be judged',
  [toDb('toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {kafka: [{}]}}]')],
  {
    'shop/web > shop/db TCP 80':
      'unknown\ningress: CiliumNetworkPolicy shop/p unknown: ingress rule 0 may allow it: Kafka rules cannot be judged from ports',
  },
);

holds(
  'rules l7: cannot be judged',
  [toDb('toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {l7proto: x, l7: [{}]}}]')],
  {
    'shop/web > shop/db TCP 80':
      'unknown\ningress: CiliumNetworkPolicy shop/p unknown: ingress rule 0 may allow it: L7 rules cannot be judged from ports',
  },
);

holds(
  'rules l7proto: cannot be judged',
  [toDb('toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {l7proto: x}}]')],
  {
    'shop/web > shop/db TCP 80':
      'unknown\ningress: CiliumNetworkPolicy shop/p unknown: ingress rule 0 may allow it: L7 rules cannot be judged from ports',
  },
);

holds(
  'rules dns: cannot be judged, whatever the protocol',
  [fromWeb('toPorts: [{ports: [{port: "53", protocol: UDP}], rules: {dns: [{matchPattern: "*"}]}}]')],
  {
    'shop/web > shop/db UDP 53':
      'unknown\negress: CiliumNetworkPolicy shop/p unknown: egress rule 0 may allow it: DNS rules cannot be judged from ports',
  },
);

holds('rules {}: asks for nothing', [toDb('toPorts: [{ports: [{port: "80"}], rules: {}}]')], {
  'shop/web > shop/db TCP 80': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
});

holds(
  'serverNames: cannot be judged',
  [toDb('toPorts: [{ports: [{port: "80"}], serverNames: [a.example]}]')],
  {
    'shop/web > shop/db TCP 80':
      'unknown\ningress: CiliumNetworkPolicy shop/p unknown: ingress rule 0 may allow it: TLS server names cannot be judged from ports',
  },
);

holds(
  'terminatingTLS and originatingTLS: cannot be judged',
  [
    toDb(
      'toPorts: [{ports: [{port: "80", protocol: TCP}], terminatingTLS: {}, originatingTLS: {}, rules: {http: [{}]}}]',
    ),
  ],
  {
    'shop/web > shop/db TCP 80':
      'unknown\ningress: CiliumNetworkPolicy shop/p unknown: ingress rule 0 may allow it: HTTP rules and TLS interception cannot be judged from ports',
  },
);

holds('originatingTLS: cannot be judged', [toDb('toPorts: [{ports: [{port: "80"}], originatingTLS: {}}]')], {
  'shop/web > shop/db TCP 80':
    'unknown\ningress: CiliumNetworkPolicy shop/p unknown: ingress rule 0 may allow it: TLS interception cannot be judged from ports',
});

holds('listener: cannot be judged', [fromWeb('toPorts: [{ports: [{port: "80"}], listener: {name: x}}]')], {
  'shop/web > shop/db TCP 80':
    'unknown\negress: CiliumNetworkPolicy shop/p unknown: egress rule 0 may allow it: an Envoy listener cannot be judged from ports',
});

holds(
  'icmps: the type of a message is not known',
  [toDb('icmps: [{fields: [{type: 8}, {family: IPv6, type: EchoRequest}]}]')],
  {
    'shop/web > shop/db ICMP':
      'unknown\ningress: CiliumNetworkPolicy shop/p unknown: ingress rule 0 may allow it: the type of the ICMP message is not known',
    'shop/web > shop/db IPv6-ICMP':
      'unknown\ningress: CiliumNetworkPolicy shop/p unknown: ingress rule 0 may allow it: the type of the ICMP message is not known',
    'shop/web > shop/db TCP 80':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows only ICMP type 8 or IPv6-ICMP type EchoRequest, the connection is TCP',
  },
);

holds('icmps: of the other family', [toDb('icmps: [{fields: [{family: IPv4, type: "8"}]}]')], {
  'shop/web > shop/db IPv6-ICMP':
    'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows only ICMP type 8, the connection is IPv6-ICMP',
});

holds('icmps []: the same as none', [toDb('fromEndpoints: [{}], icmps: []')], {
  'shop/web > shop/db TCP 80': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
});

holds('icmps without any fields: nobody', [toDb('fromEndpoints: [{}], icmps: [{}]')], {
  'shop/web > shop/db ICMP':
    'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows nobody, so it matches nothing',
});

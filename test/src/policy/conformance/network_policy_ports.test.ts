import { podYaml, policyYaml } from '../cluster.js';
import { BY_RULE, FREE, holds, holdsUnder, OPEN } from './holds.js';

holdsUnder(
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

holdsUnder(
  'ports: endPort is the last of the range',
  'podSelector: {}\ningress: [{ports: [{port: 80, endPort: 90}]}]',
  {
    'shop/web > shop/db TCP 90': `allowed\n${FREE}\n${BY_RULE}`,
    'shop/web > shop/db TCP 91':
      'denied\ningress: shop/p isolates: ingress rule 0 allows only TCP 80-90, the connection is to TCP 91',
  },
);

holdsUnder(
  'ports: a protocol without a port is every port of it',
  'podSelector: {}\ningress: [{ports: [{protocol: UDP}]}]',
  {
    'shop/web > shop/db UDP 9': `allowed\n${FREE}\n${BY_RULE}`,
    'shop/web > shop/db SCTP 9':
      'denied\ningress: shop/p isolates: ingress rule 0 allows only every UDP port, the connection is to SCTP 9',
  },
);

holdsUnder(
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

holdsUnder(
  'ports: a name in an egress rule goes by the destination too, and only pods have names for ports',
  'podSelector: {matchLabels: {app: web}}\npolicyTypes: [Egress]\negress: [{ports: [{port: dns, protocol: UDP}]}]',
  {
    'shop/web > shop/db UDP 53': `allowed\negress: shop/p allows: egress rule 0 allows it\n${OPEN}`,
    'shop/web > 203.0.113.9 UDP 53':
      'denied\negress: shop/p isolates: egress rule 0 allows only UDP port dns, the connection is to UDP 53, and only a pod has a port named dns',
  },
);

holdsUnder(
  'ports: a name of another protocol is no name',
  'podSelector: {}\ningress: [{ports: [{port: dns}]}]',
  {
    'shop/web > shop/db TCP 53':
      'denied\ningress: shop/p isolates: ingress rule 0 allows only TCP port dns, the connection is to TCP 53, and the destination pod has no TCP port named dns',
  },
);

holdsUnder(
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

holdsUnder('protocols that the API does not speak of are unknown', 'podSelector: {}', {
  'shop/web > shop/db ICMP': 'unknown\ningress: shop/p unknown: NetworkPolicy does not define ICMP',
});

holdsUnder(
  'protocols that the API does not speak of are unknown also where a rule allows everything',
  'podSelector: {}\ningress: [{}]',
  {
    'shop/web > shop/db ICMP':
      'unknown\ningress: shop/p unknown: ingress rule 0 may allow it: NetworkPolicy does not define ICMP',
  },
);

holdsUnder(
  'ports: any of them is enough, of TCP, UDP and SCTP',
  'podSelector: {}\ningress: [{ports: [{port: 80}, {protocol: UDP, port: 53}, {protocol: SCTP, port: 9}]}]',
  {
    'shop/web > shop/db UDP 53': `allowed\n${FREE}\n${BY_RULE}`,
    'shop/web > shop/db SCTP 9': `allowed\n${FREE}\n${BY_RULE}`,
    'shop/web > shop/db SCTP 53':
      'denied\ningress: shop/p isolates: ingress rule 0 allows only TCP 80 or UDP 53 or SCTP 9, the connection is to SCTP 53',
  },
);

holdsUnder(
  'ports: endPort may be the port itself',
  'podSelector: {}\ningress: [{ports: [{port: 80, endPort: 80}]}]',
  {
    'shop/web > shop/db TCP 80': `allowed\n${FREE}\n${BY_RULE}`,
    'shop/web > shop/db TCP 81':
      'denied\ningress: shop/p isolates: ingress rule 0 allows only TCP 80, the connection is to TCP 81',
  },
);

holds(
  'ports: one name means a different port in each pod, and several in one',
  [
    podYaml('shop/a', '10.0.0.3', 'app: a', '{name: http, containerPort: 8080}'),
    podYaml(
      'shop/b',
      '10.0.0.4',
      'app: b',
      '{name: http, containerPort: 9090}, {name: http, containerPort: 9091}',
    ),
    policyYaml('p', 'podSelector: {}\ningress: [{ports: [{port: http}]}]'),
  ],
  {
    'shop/web > shop/a TCP 8080': `allowed\n${FREE}\n${BY_RULE}`,
    'shop/web > shop/a TCP 9090':
      'denied\ningress: shop/p isolates: ingress rule 0 allows only TCP port http, the connection is to TCP 9090, and http is 8080 in the destination pod',
    'shop/web > shop/b TCP 9091': `allowed\n${FREE}\n${BY_RULE}`,
    'shop/web > shop/b TCP 8080':
      'denied\ningress: shop/p isolates: ingress rule 0 allows only TCP port http, the connection is to TCP 8080, and http is 9090 and 9091 in the destination pod',
  },
);

const port = (name: string, number: number) => `ports: [{name: ${name}, containerPort: ${number}}]`;

holds(
  'ports: names of init containers count where they run on beside the others',
  [
    podYaml(
      'shop/api',
      '10.0.0.3',
      'app: api',
      '',
      `, initContainers: [{${port('setup', 1)}}, {restartPolicy: Always, ${port('proxy', 2)}}]`,
    ),
    policyYaml('p', 'podSelector: {}\ningress: [{ports: [{port: setup}, {port: proxy}]}]'),
  ],
  {
    'shop/web > shop/api TCP 2': `allowed\n${FREE}\n${BY_RULE}`,
    'shop/web > shop/api TCP 1':
      'denied\ningress: shop/p isolates: ingress rule 0 allows only TCP port setup or TCP port proxy, the connection is to TCP 1, ' +
      'and the destination pod has no TCP port named setup, and proxy is 2 in the destination pod',
  },
);

holdsUnder(
  'ports: where the port is not known, a rule about ports cannot be judged unless the protocol rules it out',
  'podSelector: {}\ningress: [{ports: [{port: 80}]}]',
  {
    'shop/web > shop/db TCP':
      'unknown\ningress: shop/p unknown: ingress rule 0 may allow it: the destination port is not known',
    'shop/web > shop/db UDP':
      'denied\ningress: shop/p isolates: ingress rule 0 allows only TCP 80, the connection is to UDP',
  },
);

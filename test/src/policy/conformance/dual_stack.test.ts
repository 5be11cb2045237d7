import { podYaml, policyYaml } from '../cluster.js';
import { BY_RULE, FREE, holds, OUTSIDE } from './holds.js';

/** A pod with an address of each family, and one more on the same network. */
const API = `{kind: Pod, apiVersion: v1, metadata: {namespace: shop, name: api, labels: {app: api}},
  spec: {nodeName: n1}, status: {phase: Running, podIP: 10.0.0.11, podIPs: [{ip: 10.0.0.11}, {ip: "fd00:10::b"}]}}`;
const CLIENT = podYaml('shop/client', 'fd00:10::c', 'app: client');

holds(
  'dual stack: a pod is the same pod at each of its addresses',
  [
    API,
    CLIENT,
    policyYaml(
      'p',
      'podSelector: {matchLabels: {app: api}}\ningress: [{from: [{podSelector: {matchLabels: {app: client}}}]}]',
    ),
  ],
  {
    'shop/client > fd00:10::b TCP 80': `allowed\n${FREE}\n${BY_RULE}`,
    'shop/client > fd00:10:0:0::000b TCP 80': `allowed\n${FREE}\n${BY_RULE}`,
    'shop/web > 10.0.0.11 TCP 80':
      'denied\ningress: shop/p isolates: ingress rule 0 allows pods app=client, the source pod has app=web',
  },
);

holds(
  'dual stack: a pod may reach itself from one of its addresses to the other',
  [API, policyYaml('p', 'podSelector: {}\npolicyTypes: [Ingress, Egress]')],
  {
    '10.0.0.11 > fd00:10::b TCP 80':
      'allowed\negress: a pod may always reach itself\ningress: a pod may always reach itself',
  },
);

holds(
  'dual stack: a block matches the address that is in use',
  [
    API,
    policyYaml(
      'p',
      'podSelector: {matchLabels: {app: db}}\ningress: [{from: [{ipBlock: {cidr: "fd00:10::/64", except: ["fd00:10::c/128"]}}]}]',
    ),
    CLIENT,
  ],
  {
    'fd00:10::b > shop/db TCP 80': `allowed\n${FREE}\n${BY_RULE}`,
    '10.0.0.11 > shop/db TCP 80':
      'denied\ningress: shop/p isolates: ingress rule 0 allows fd00:10::/64 except fd00:10::c/128, the source pod has 10.0.0.11, which is outside',
    'shop/client > shop/db TCP 80':
      'denied\ningress: shop/p isolates: ingress rule 0 allows fd00:10::/64 except fd00:10::c/128, the source pod has fd00:10::c, which is among the exceptions',
    'fd00:20::1 > shop/db TCP 80':
      'denied\ningress: shop/p isolates: ingress rule 0 allows fd00:10::/64 except fd00:10::c/128, the source fd00:20::1 is outside',
    'fd00:10::9 > shop/db TCP 80': `allowed\n${OUTSIDE}\n${BY_RULE}`,
  },
);

holds(
  'dual stack: a block of every IPv4 address says nothing of IPv6',
  [
    policyYaml(
      'p',
      'podSelector: {matchLabels: {app: db}}\ningress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]',
    ),
  ],
  {
    '203.0.113.9 > shop/db TCP 80': `allowed\n${OUTSIDE}\n${BY_RULE}`,
    '2001:db8::9 > shop/db TCP 80':
      'denied\ningress: shop/p isolates: ingress rule 0 allows 0.0.0.0/0, the source 2001:db8::9 is outside',
  },
);

holds(
  'dual stack: an address of a service leads to backends of its family',
  [
    API,
    `{kind: Service, apiVersion: v1, metadata: {namespace: shop, name: api},
    spec: {clusterIPs: [10.96.0.7, "fd00:96::7"], selector: {app: api}, ports: [{port: 80}]}}`,
    policyYaml(
      'p',
      'podSelector: {matchLabels: {app: web}}\npolicyTypes: [Egress]\negress: [{to: [{ipBlock: {cidr: 10.0.0.0/24}}]}]',
    ),
  ],
  {
    'shop/web > 10.96.0.7 TCP 80':
      'allowed\negress: shop/p allows: egress rule 0 allows it\ningress: no policy isolates the destination pod',
    'shop/web > fd00:96::7 TCP 80':
      'denied\negress: shop/p isolates: egress rule 0 allows 10.0.0.0/24, the destination pod has fd00:10::b, which is outside',
  },
);

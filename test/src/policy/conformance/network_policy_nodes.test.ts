import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClusterTimeline } from '../../../../src/policy/history/timeline.js';
import { globalPolicy } from '../calico/calico_objects.js';
import { ask, marks, podYaml, policyYaml, rowsOf, SHOP } from '../cluster.js';
import { ABROAD, BY_RULE, FREE, holds, holdsUnder, OPEN, OUTSIDE } from './holds.js';

holdsUnder(
  'node: a pod always reaches and is reached by its own node',
  'podSelector: {}\npolicyTypes: [Ingress, Egress]',
  {
    '192.168.0.1 > shop/db TCP 80': `allowed\n${OUTSIDE}\ningress: traffic between a pod and its own node is always allowed`,
  },
);

holdsUnder(
  'node: another node may stand for one of its pods, so a source that no rule allows is unknown',
  'podSelector: {}\ningress: [{from: [{podSelector: {}}]}]',
  {
    '192.168.0.2 > shop/db TCP 80':
      'unknown\ningress: shop/p unknown: ingress rule 0 may allow it: 192.168.0.2 is node n2, which may stand for one of its pods',
  },
);

holdsUnder(
  'node: as a destination it is judged by its address',
  'podSelector: {}\npolicyTypes: [Egress]\negress: [{to: [{podSelector: {}}]}]',
  {
    'shop/db > 192.168.0.2 TCP 443':
      'denied\negress: shop/p isolates: egress rule 0 allows every pod, the destination 192.168.0.2 is node n2',
  },
);

holdsUnder(
  'node: a pod reaches its own node, and another only where a rule lets it',
  'podSelector: {}\npolicyTypes: [Egress]',
  {
    'shop/db > 192.168.0.1 TCP 10250': `allowed\negress: traffic between a pod and its own node is always allowed\n${ABROAD}`,
    'shop/db > 192.168.0.2 TCP 10250':
      'denied\negress: shop/p isolates: it has no egress rules, so it allows nothing',
  },
);

holds(
  'node: with Calico a pod reaches its own node only where a rule lets it',
  [globalPolicy('g', 'selector: app == "nobody"'), policyYaml('p', 'podSelector: {}\npolicyTypes: [Egress]')],
  {
    'shop/db > 192.168.0.1 TCP 10250':
      'denied\negress: shop/p isolates: it has no egress rules, so it allows nothing',
  },
);

const BASELINE = `{kind: BaselineAdminNetworkPolicy, apiVersion: policy.networking.k8s.io/v1alpha1, metadata: {name: default},
  spec: {subject: {namespaces: {}}, egress: [{action: Deny, to: [{nodes: {}}]}]}}`;
const FREED = 'egress: traffic between a pod and its own node is always allowed';

holds(
  'node: where a NetworkPolicy isolates the pod no baseline is asked of its own node',
  [BASELINE, policyYaml('p', 'podSelector: {matchLabels: {app: db}}\npolicyTypes: [Egress]')],
  {
    'shop/db > 192.168.0.1 TCP 80': `allowed\n${FREED}\n${ABROAD}`,
    'shop/db > 192.168.0.1 ICMP': `allowed\n${FREED}\n${ABROAD}`,
    'shop/web > 192.168.0.1 TCP 80':
      'denied\negress: BaselineAdminNetworkPolicy default denies: egress rule 0 denies it',
  },
);

holds(
  'node: a rule that allows its own node does so for protocols that NetworkPolicy leaves undefined too',
  [
    policyYaml(
      'p',
      'podSelector: {}\npolicyTypes: [Egress]\negress: [{to: [{ipBlock: {cidr: 192.168.0.1/32}}]}]',
    ),
  ],
  {
    'shop/db > 192.168.0.1 ICMP': `allowed\negress: shop/p allows: egress rule 0 allows it\n${ABROAD}`,
    'shop/db > 192.168.0.2 ICMP': 'unknown\negress: shop/p unknown: NetworkPolicy does not define ICMP',
  },
);

holds(
  'node: what is allowed anyhow goes on past admin policies to its own node',
  [
    `{kind: AdminNetworkPolicy, apiVersion: policy.networking.k8s.io/v1alpha1, metadata: {name: a}, spec: {priority: 1, subject: {namespaces: {}}, egress: [{action: Deny, to: [{nodes: {}}]}]}}`,
    policyYaml('p', 'podSelector: {}\npolicyTypes: [Egress]'),
  ],
  {
    'shop/db > 192.168.0.1 TCP 80': 'denied\negress: AdminNetworkPolicy a denies: egress rule 0 denies it',
  },
);

const NOWHERE_YET = podYaml('shop/late', '10.0.0.9', 'app: late').replace('nodeName: n1, ', '');

holds(
  'node: one that may be the own of a pod whose node is not known is unknown where that matters',
  [NOWHERE_YET, policyYaml('p', 'podSelector: {}\npolicyTypes: [Egress]\negress: [{ports: [{port: 53}]}]')],
  {
    'shop/late > 192.168.0.1 TCP 80': `unknown\negress: the node of the pod is not known`,
    'shop/late > 192.168.0.1 TCP 53': `allowed\negress: shop/p allows: egress rule 0 allows it\n${ABROAD}`,
    '203.0.113.9 > shop/late TCP 80': `allowed\n${OUTSIDE}\n${OPEN}`,
  },
);

holds(
  'node: one that may be the own of a pod whose node is not known, to a data plane that lets in what comes from it',
  [
    NOWHERE_YET,
    `{kind: CiliumNetworkPolicy, apiVersion: cilium.io/v2, metadata: {namespace: shop, name: p}, spec: {endpointSelector: {}, ingress: [{fromEntities: [world]}]}}`,
  ],
  { '192.168.0.1 > shop/late TCP 80': `unknown\ningress: the node of the pod is not known` },
);

holdsUnder(
  'node: an ipBlock means its address',
  'podSelector: {}\ningress: [{from: [{ipBlock: {cidr: 192.168.0.2/32}}]}]',
  {
    '192.168.0.2 > shop/db TCP 80': `allowed\n${OUTSIDE}\n${BY_RULE}`,
  },
);

const AGENT = podYaml('shop/agent', '192.168.0.2', 'app: agent', '', ', hostNetwork: true');

holds(
  'host network: such a pod is its node, so no policy selects it and no selector means it',
  [
    AGENT,
    policyYaml('p', 'podSelector: {}\npolicyTypes: [Ingress, Egress]\negress: [{to: [{podSelector: {}}]}]'),
  ],
  {
    '203.0.113.9 > shop/agent TCP 80': `allowed\n${OUTSIDE}\n${ABROAD}`,
    'shop/web > shop/agent TCP 80':
      'denied\negress: shop/p isolates: egress rule 0 allows every pod, the destination 192.168.0.2 is node n2',
  },
);

holds(
  'host network: as a source it may stand for a pod of its node',
  [AGENT, policyYaml('p', 'podSelector: {}\ningress: [{from: [{podSelector: {}}]}]')],
  {
    'shop/agent > shop/web TCP 80':
      'unknown\ningress: shop/p unknown: ingress rule 0 may allow it: 192.168.0.2 is node n2, which may stand for one of its pods',
  },
);

holdsUnder(
  'an address in the range of pods that no pod had is unknown, not external',
  'podSelector: {}\npolicyTypes: [Ingress, Egress]\ningress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]\negress: [{to: [{podSelector: {}}], ports: [{port: 80}]}]',
  {
    '10.0.9.9 > shop/db TCP 80':
      'unknown\negress: 10.0.9.9 is in the pod range of node n1, but no pod had it\n' +
      'ingress: shop/p unknown: ingress rule 0 may allow it: 10.0.9.9 is in the pod range of node n1, but no pod had it',
    'shop/db > 10.0.9.9 TCP 81':
      'denied\negress: shop/p isolates: egress rule 0 allows only TCP 80, the connection is to TCP 81',
  },
);

holdsUnder(
  'a port by its name is unknown at such an address',
  'podSelector: {}\npolicyTypes: [Egress]\negress: [{ports: [{port: pg}]}]',
  {
    'shop/db > 10.0.9.9 TCP 5432':
      'unknown\negress: shop/p unknown: egress rule 0 may allow it: 10.0.9.9 is in the pod range of node n1, but no pod had it\n' +
      'ingress: 10.0.9.9 is in the pod range of node n1, but no pod had it',
  },
);

holds(
  'a namespace that is not there is not known by its labels',
  [
    podYaml('lost/web', '10.0.0.9', 'app: web'),
    policyYaml('p', 'podSelector: {}\ningress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}]}]'),
  ],
  {
    'lost/web > shop/db TCP 80':
      'unknown\ningress: shop/p unknown: ingress rule 0 may allow it: the labels of namespace lost are not known',
  },
);

holds(
  'a namespace that is not there has its name all the same',
  [
    podYaml('lost/web', '10.0.0.9', 'app: web'),
    policyYaml(
      'p',
      'podSelector: {}\ningress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: prod}}}]}]',
    ),
  ],
  {
    'lost/web > shop/db TCP 80':
      "denied\ningress: shop/p isolates: ingress rule 0 allows every pod of namespaces kubernetes.io/metadata.name=prod, the source's namespace lost has kubernetes.io/metadata.name=lost",
  },
);

test('namespaces that were not recorded: only rules that ask for their labels cannot be judged', () => {
  const spec = `podSelector: {matchLabels: {app: db}}
ingress:
- from: [{namespaceSelector: {matchLabels: {team: a}}}]
- from: [{namespaceSelector: {}}]
  ports: [{port: 80}]
- from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: prod}}}]`;
  const rows = [...rowsOf(SHOP), ...rowsOf(policyYaml('p', spec)), ...marks()];
  const state = new ClusterTimeline(rows.filter(({ kind }) => kind !== 'NamespaceList')).at(0n);
  const allowedBy = (rule: string) => `allowed\n${FREE}\ningress: shop/p allows: ingress ${rule} allows it`;
  assert.equal(ask(state, 'shop/web > shop/db TCP 80'), allowedBy('rule 1'));
  assert.equal(ask(state, 'prod/web > shop/db TCP 81'), allowedBy('rule 2'));
  assert.equal(
    ask(state, 'shop/web > shop/db TCP 81'),
    'unknown\ningress: shop/p unknown: ingress rule 0 may allow it: Namespace objects were not recorded',
  );
});

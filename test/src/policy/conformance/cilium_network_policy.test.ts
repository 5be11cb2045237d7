import { podYaml, policyYaml } from '../cluster.js';
import { ccnp, cnp, DB, toDb, WEB } from './cilium.js';
import { ABROAD, FREE, holds, OPEN, OUTSIDE } from './holds.js';

holds(
  'endpointSelector: the pods of its own namespace with such labels',
  [cnp('endpointSelector: {matchLabels: {app: web}}, ingress: [{}]')],
  {
    'shop/db > shop/web TCP 80':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows nobody, so it matches nothing',
    'shop/web > shop/db TCP 5432': `allowed\n${FREE}\n${OPEN}`,
    'shop/db > prod/web TCP 80': `allowed\n${FREE}\n${OPEN}`,
  },
);

holds(
  'a policy without a namespace is of namespace default',
  [
    podYaml('default/web', '10.0.5.5', 'app: web'),
    `{kind: CiliumNetworkPolicy, apiVersion: cilium.io/v2, metadata: {name: p}, spec: {${WEB}, ingress: [{}]}}`,
  ],
  {
    'shop/db > default/web TCP 80':
      'denied\ningress: CiliumNetworkPolicy default/p isolates: ingress rule 0 allows nobody, so it matches nothing',
    'shop/db > shop/web TCP 80': `allowed\n${FREE}\n${OPEN}`,
  },
);

holds('endpointSelector {}: every pod of its own namespace', [cnp('endpointSelector: {}, ingress: [{}]')], {
  'shop/db > shop/web TCP 80':
    'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows nobody, so it matches nothing',
  'shop/web > shop/db TCP 5432':
    'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows nobody, so it matches nothing',
  'shop/db > prod/web TCP 80': `allowed\n${FREE}\n${OPEN}`,
});

holds(
  'endpointSelector: a namespace that it names gives way to its own',
  [cnp('endpointSelector: {matchLabels: {k8s:io.kubernetes.pod.namespace: prod}}, ingress: [{}]')],
  {
    'shop/db > shop/web TCP 80':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows nobody, so it matches nothing',
    'shop/db > prod/web TCP 80': `allowed\n${FREE}\n${OPEN}`,
  },
);

holds(
  'endpointSelector: matchExpressions, with the source k8s, any or none',
  [
    cnp(
      'endpointSelector: {matchExpressions: [{key: k8s:app, operator: In, values: [db]}, {key: any:tier, operator: DoesNotExist}]}, ingress: [{}]',
    ),
  ],
  {
    'shop/web > shop/db TCP 5432':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows nobody, so it matches nothing',
    'shop/db > shop/web TCP 80': `allowed\n${FREE}\n${OPEN}`,
  },
);

holds(
  'endpointSelector: labels of what is no pod select no pod',
  [cnp("endpointSelector: {matchLabels: {reserved:ingress: ''}}, ingress: [{}]")],
  {
    'shop/web > shop/db TCP 5432': `allowed\n${FREE}\n${OPEN}`,
  },
);

holds('clusterwide: endpointSelector selects pods of every namespace', [ccnp(`${WEB}, ingress: [{}]`)], {
  'shop/db > shop/web TCP 80':
    'denied\ningress: CiliumClusterwideNetworkPolicy c isolates: ingress rule 0 allows nobody, so it matches nothing',
  'shop/db > prod/web TCP 80':
    'denied\ningress: CiliumClusterwideNetworkPolicy c isolates: ingress rule 0 allows nobody, so it matches nothing',
  'shop/web > shop/db TCP 5432': `allowed\n${FREE}\n${OPEN}`,
});

holds(
  'clusterwide: endpointSelector by namespace and its labels',
  [
    ccnp(
      'endpointSelector: {matchLabels: {io.kubernetes.pod.namespace: prod, io.cilium.k8s.namespace.labels.team: b}}, ingress: [{}]',
    ),
  ],
  {
    'shop/db > prod/web TCP 80':
      'denied\ningress: CiliumClusterwideNetworkPolicy c isolates: ingress rule 0 allows nobody, so it matches nothing',
    'shop/db > shop/web TCP 80': `allowed\n${FREE}\n${OPEN}`,
  },
);

holds(
  'clusterwide: a namespace that endpointSelector names is kept, with the source k8s too',
  [ccnp('endpointSelector: {matchLabels: {k8s:io.kubernetes.pod.namespace: prod}}, ingress: [{}]')],
  {
    'shop/db > prod/web TCP 80':
      'denied\ningress: CiliumClusterwideNetworkPolicy c isolates: ingress rule 0 allows nobody, so it matches nothing',
    'shop/db > shop/web TCP 80': `allowed\n${FREE}\n${OPEN}`,
  },
);

holds(
  'clusterwide: endpointSelector by labels of a namespace that was not recorded',
  [
    '{kind: Pod, apiVersion: v1, metadata: {namespace: lost, name: web}, spec: {nodeName: n1}, status: {podIPs: [{ip: 10.0.9.9}]}}',
    ccnp('endpointSelector: {matchLabels: {io.cilium.k8s.namespace.labels.team: b}}, ingress: [{}]'),
  ],
  {
    'shop/db > lost/web TCP 80':
      'unknown\ningress: CiliumClusterwideNetworkPolicy c unknown: it may isolate the pod: the labels of namespace lost are not known',
  },
);

holds('no rules: a direction without rules is not affected', [cnp(`${DB}, ingress: [{}], egress: []`)], {
  'shop/db > shop/web TCP 80': `allowed\n${FREE}\n${OPEN}`,
});

holds('a rule with nothing in it allows nothing', [cnp(`${DB}, ingress: [{}]`)], {
  'shop/web > shop/db TCP 5432':
    'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows nobody, so it matches nothing',
  '192.168.0.2 > shop/db TCP 5432':
    'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows nobody, so it matches nothing',
});

holds('a rule that denies nothing isolates all the same', [cnp(`${DB}, ingressDeny: [{}]`)], {
  'shop/web > shop/db TCP 5432':
    'denied\ningress: CiliumNetworkPolicy shop/p isolates: none of its ingress rules allows anything',
});

holds(
  'several rules: one that matches is enough',
  [
    cnp(
      `${DB}, ingress: [{fromEndpoints: [{matchLabels: {app: api}}]}, {fromEndpoints: [{matchLabels: {app: web}}]}]`,
    ),
  ],
  {
    'shop/web > shop/db TCP 5432': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 1 allows it`,
    'prod/web > shop/db TCP 5432':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 1 allows pods app=web of its own namespace shop, the source pod is in namespace prod',
  },
);

holds(
  'ingressDeny: outweighs ingress',
  [
    cnp(
      `${DB}, ingress: [{fromEntities: [all]}], ingressDeny: [{}, {fromEndpoints: [{matchLabels: {tier: front}}]}]`,
    ),
  ],
  {
    'shop/web > shop/db TCP 5432':
      'denied\ningress: CiliumNetworkPolicy shop/p denies: ingressDeny rule 1 denies it',
    'prod/web > shop/db TCP 5432': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
  },
);

holds(
  'egressDeny: outweighs egress',
  [cnp(`${WEB}, egress: [{toEntities: [all]}], egressDeny: [{toEndpoints: [{}]}]`)],
  {
    'shop/web > shop/db TCP 5432':
      'denied\negress: CiliumNetworkPolicy shop/p denies: egressDeny rule 0 denies it',
    'shop/web > prod/web TCP 80': `allowed\negress: CiliumNetworkPolicy shop/p allows: egress rule 0 allows it\n${OPEN}`,
  },
);

holds(
  'deny outweighs allow across policies, NetworkPolicy included',
  [
    cnp(`${DB}, ingressDeny: [{fromEndpoints: [{}]}], enableDefaultDeny: {ingress: false}`),
    policyYaml('k', 'podSelector: {}\ningress: [{}]'),
  ],
  {
    'shop/web > shop/db TCP 5432':
      'denied\ningress: CiliumNetworkPolicy shop/p denies: ingressDeny rule 0 denies it',
    'prod/web > shop/db TCP 5432': `allowed\n${FREE}\ningress: shop/k allows: ingress rule 0 allows it`,
  },
);

holds(
  'a NetworkPolicy and a CiliumNetworkPolicy are one set: either may allow',
  [
    cnp(`${DB}, ingress: [{fromEndpoints: [{matchLabels: {app: web}}]}]`),
    policyYaml(
      'k',
      'podSelector: {}\ningress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}], ports: [{port: 80}]}]',
    ),
  ],
  {
    'shop/web > shop/db TCP 5432': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
    'prod/web > shop/db TCP 80': `allowed\n${FREE}\ningress: shop/k allows: ingress rule 0 allows it`,
    'prod/web > shop/db TCP 5432':
      'denied\ningress: shop/k isolates: ingress rule 0 allows only TCP 80, the connection is to TCP 5432\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows pods app=web of its own namespace shop, the source pod is in namespace prod',
  },
);

holds(
  'enableDefaultDeny: rules that deny isolate by default',
  [cnp(`${DB}, ingressDeny: [{fromEndpoints: [{matchLabels: {app: api}}]}]`)],
  {
    'shop/web > shop/db TCP 5432':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: none of its ingress rules allows anything',
  },
);

holds(
  'enableDefaultDeny false: what no rule matches is allowed',
  [
    cnp(
      `${DB}, ingressDeny: [{fromEndpoints: [{matchLabels: {app: web}}]}], enableDefaultDeny: {ingress: false}`,
    ),
  ],
  {
    'shop/web > shop/db TCP 5432':
      'denied\ningress: CiliumNetworkPolicy shop/p denies: ingressDeny rule 0 denies it',
    'prod/web > shop/db TCP 5432': `allowed\n${FREE}\n${OPEN}`,
  },
);

holds(
  'enableDefaultDeny: each direction by itself',
  [cnp(`${DB}, ingress: [{}], egress: [{}], enableDefaultDeny: {egress: false}`)],
  {
    'shop/web > shop/db TCP 5432':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows nobody, so it matches nothing',
    'shop/db > prod/web TCP 80': `allowed\n${FREE}\n${OPEN}`,
  },
);

holds(
  'enableDefaultDeny true: isolates no direction without rules',
  [cnp(`${DB}, ingress: [{}], enableDefaultDeny: {ingress: true, egress: true}`)],
  {
    'shop/web > shop/db TCP 5432':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows nobody, so it matches nothing',
    'shop/db > prod/web TCP 80': `allowed\n${FREE}\n${OPEN}`,
  },
);

holds(
  'enableDefaultDeny: one policy that isolates is enough',
  [
    cnp(
      `${DB}, ingress: [{fromEndpoints: [{matchLabels: {tier: front}}]}], enableDefaultDeny: {ingress: false}`,
    ),
    cnp(`${DB}, ingress: [{}]`, 'q'),
  ],
  {
    'shop/web > shop/db TCP 5432': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
    'prod/web > shop/db TCP 5432':
      'denied\ningress: CiliumNetworkPolicy shop/q isolates: ingress rule 0 allows nobody, so it matches nothing',
  },
);

holds(
  'specs: each is a policy of its own',
  [
    `{kind: CiliumNetworkPolicy, apiVersion: cilium.io/v2, metadata: {namespace: shop, name: p}, spec: {${DB}, ingress: [{}]}, specs: [{${WEB}, egress: [{}]}, {${DB}, ingress: [{fromEndpoints: [{matchLabels: {app: api}}]}, {fromEndpoints: [{matchLabels: {app: api, tier: back}}]}]}, {${DB}, ingressDeny: [{fromEntities: [world]}]}]}`,
  ],
  {
    'shop/db > shop/web TCP 80': `allowed\n${FREE}\n${OPEN}`,
    'shop/web > shop/db TCP 5432':
      'denied\negress: CiliumNetworkPolicy shop/p isolates: specs[0] egress rule 0 allows nobody, so it matches nothing\ningress: CiliumNetworkPolicy shop/p isolates: specs[1] ingress rule 0 allows pods app=api, the source pod has app=web',
    '1.2.3.4 > shop/db TCP 5432':
      'denied\ningress: CiliumNetworkPolicy shop/p denies: specs[2] ingressDeny rule 0 denies it',
  },
);

holds(
  'specs alone',
  [
    `{kind: CiliumNetworkPolicy, apiVersion: cilium.io/v2, metadata: {namespace: shop, name: p}, specs: [{${DB}, ingress: [{}]}]}`,
  ],
  {
    'shop/web > shop/db TCP 5432':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: specs[0] ingress rule 0 allows nobody, so it matches nothing',
  },
);

holds(
  'description, labels and log count for nothing',
  [cnp(`${DB}, ingress: [{}], description: d, labels: [{key: a}], log: {value: v}`)],
  {
    'shop/web > shop/db TCP 5432':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows nobody, so it matches nothing',
  },
);

holds(
  'authentication required: cannot be judged',
  [toDb('fromEndpoints: [{}], authentication: {mode: required}')],
  {
    'shop/web > shop/db TCP 5432':
      'unknown\ningress: CiliumNetworkPolicy shop/p unknown: ingress rule 0 may allow it: whether the two ends have authenticated is not recorded',
    'prod/web > shop/db TCP 5432':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows every pod of its own namespace shop, the source pod is in namespace prod',
  },
);

holds(
  'authentication test-always-fail: cannot be judged',
  [toDb('fromEndpoints: [{}], authentication: {mode: test-always-fail}')],
  {
    'shop/web > shop/db TCP 5432':
      'unknown\ningress: CiliumNetworkPolicy shop/p unknown: ingress rule 0 may allow it: whether the two ends have authenticated is not recorded',
  },
);

holds(
  'authentication disabled: asks for nothing',
  [toDb('fromEndpoints: [{}], authentication: {mode: disabled}')],
  {
    'shop/web > shop/db TCP 5432': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
  },
);

holds('authentication null: the same as none', [toDb('fromEndpoints: [{}], authentication: null')], {
  'shop/web > shop/db TCP 5432': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
});

holds(
  'fromRequires: may deny what any rule allows',
  [toDb('fromEndpoints: [{}], fromRequires: [{matchLabels: {team: a}}]')],
  {
    'shop/web > shop/db TCP 5432':
      'unknown\ningress: CiliumNetworkPolicy shop/p unknown: ingress rule 0 may deny it: fromRequires narrows every rule for the pod, which is not judged',
    'prod/web > shop/db TCP 5432':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows every pod of its own namespace shop, the source pod is in namespace prod',
  },
);

holds(
  'toRequires: may deny what any rule allows',
  [cnp(`${WEB}, egress: [{toEndpoints: [{}]}], egressDeny: [{toRequires: [{matchLabels: {team: a}}]}]`)],
  {
    'shop/web > shop/db TCP 5432':
      'unknown\negress: CiliumNetworkPolicy shop/p unknown: egressDeny rule 0 may deny it: toRequires narrows every rule for the pod, which is not judged',
    'shop/web > prod/web TCP 80':
      'denied\negress: CiliumNetworkPolicy shop/p isolates: egress rule 0 allows every pod of its own namespace shop, the destination pod is in namespace prod',
  },
);

holds(
  'a pod reaches itself whatever the policies say',
  [cnp(`endpointSelector: {}, ingress: [{}], egress: [{}]`)],
  {
    'shop/web > shop/web TCP 80':
      'allowed\negress: a pod may always reach itself\ningress: a pod may always reach itself',
  },
);

holds('its own node is always let in', [cnp(`${DB}, ingress: [{}]`)], {
  '192.168.0.1 > shop/db TCP 80': `allowed\n${OUTSIDE}\ningress: what comes from its own node is always let in`,
});

holds(
  'other protocols than TCP, UDP and SCTP are isolated too',
  [toDb("toPorts: [{ports: [{port: '0'}]}]")],
  {
    'shop/web > shop/db ICMP':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows only every TCP port or every UDP port or every SCTP port, the connection is to ICMP',
    'shop/web > shop/db SCTP 9': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
  },
);

holds(
  'a NetworkPolicy by addresses never means pods and nodes',
  [
    cnp(`${DB}, ingress: [{}]`),
    policyYaml('k', 'podSelector: {}\negress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]\npolicyTypes: [Egress]'),
  ],
  {
    'shop/web > prod/web TCP 80':
      'denied\negress: shop/k isolates: egress rule 0 allows 0.0.0.0/0, the destination is a pod, which cilium never matches by address',
    'shop/web > 1.2.3.4 TCP 80': `allowed\negress: shop/k allows: egress rule 0 allows it\n${ABROAD}`,
    'shop/web > 192.168.0.2 TCP 80':
      'denied\negress: shop/k isolates: egress rule 0 allows 0.0.0.0/0, the destination is a node, which cilium never matches by address',
  },
);

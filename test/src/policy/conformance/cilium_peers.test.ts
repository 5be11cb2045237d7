import { podYaml } from '../cluster.js';
import { ccnp, DB, fromWeb, group, node, service, toDb } from './cilium.js';
import { ABROAD, FREE, holds, OPEN, OUTSIDE } from './holds.js';

holds('fromEndpoints: pods of its own namespace', [toDb('fromEndpoints: [{matchLabels: {app: web}}]')], {
  'shop/web > shop/db TCP 80': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
  'prod/web > shop/db TCP 80':
    'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows pods app=web of its own namespace shop, the source pod is in namespace prod',
  '1.2.3.4 > shop/db TCP 80':
    'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows pods app=web, the source 1.2.3.4 is outside the cluster',
  '192.168.0.2 > shop/db TCP 80':
    'unknown\ningress: CiliumNetworkPolicy shop/p unknown: ingress rule 0 may allow it: 192.168.0.2 is node n2, which may stand for one of its pods',
});

holds('fromEndpoints: labels and namespace both miss', [toDb('fromEndpoints: [{matchLabels: {app: api}}]')], {
  'prod/web > shop/db TCP 80':
    'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows pods app=api of its own namespace shop, the source pod has app=web and the source pod is in namespace prod',
});

holds(
  'fromEndpoints: any of them',
  [toDb('fromEndpoints: [{matchLabels: {app: api}}, {matchLabels: {app: web, tier: front}}]')],
  {
    'shop/web > shop/db TCP 80': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
    'prod/web > shop/db TCP 80':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows pods app=api of its own namespace shop, the source pod has app=web and the source pod is in namespace prod',
  },
);

holds('fromEndpoints [{}]: every pod of its own namespace', [toDb('fromEndpoints: [{}]')], {
  'shop/web > shop/db TCP 80': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
  'prod/web > shop/db TCP 80':
    'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows every pod of its own namespace shop, the source pod is in namespace prod',
  '1.2.3.4 > shop/db TCP 80':
    'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows every pod, the source 1.2.3.4 is outside the cluster',
});

holds(
  'fromEndpoints []: nobody, also with ports',
  [toDb('fromEndpoints: [], toPorts: [{ports: [{port: "80"}]}]')],
  {
    'shop/web > shop/db TCP 80':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows nobody, so it matches nothing',
    '192.168.0.2 > shop/db TCP 80':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows nobody, so it matches nothing',
  },
);

holds(
  'fromEndpoints null: the same as no list',
  [toDb('fromEndpoints: null, toPorts: [{ports: [{port: "80"}]}]')],
  {
    'shop/web > shop/db TCP 80': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
    '1.2.3.4 > shop/db TCP 80': `allowed\n${OUTSIDE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
  },
);

holds(
  'fromEndpoints: the source of a label is k8s, any or none',
  [toDb('fromEndpoints: [{matchLabels: {"k8s:app": web, "any:tier": front}}]')],
  {
    'shop/web > shop/db TCP 80': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
  },
);

holds(
  "fromEndpoints: a label of another source is no pod's",
  [toDb('fromEndpoints: [{matchLabels: {"container:app": web}}]')],
  {
    'shop/web > shop/db TCP 80':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows pods container:app=web, the source pod has no label container:app',
  },
);

holds(
  'fromEndpoints: matchExpressions',
  [
    toDb(
      'fromEndpoints: [{matchExpressions: [{key: app, operator: In, values: [web, api]}, {key: "k8s:tier", operator: Exists}, {key: x, operator: DoesNotExist}, {key: app, operator: NotIn, values: [db]}]}]',
    ),
  ],
  {
    'shop/web > shop/db TCP 80': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
    'prod/web > shop/db TCP 80':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows pods app in (web, api), with label tier, without label x, app not in (db) of its own namespace shop, the source pod has no label tier and the source pod is in namespace prod',
  },
);

holds(
  'fromEndpoints: pods of another namespace by its name',
  [toDb('fromEndpoints: [{matchLabels: {app: web, "k8s:io.kubernetes.pod.namespace": prod}}]')],
  {
    'prod/web > shop/db TCP 80': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
    'shop/web > shop/db TCP 80':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows endpoints app=web, io.kubernetes.pod.namespace=prod, the source pod has io.kubernetes.pod.namespace=shop',
    '1.2.3.4 > shop/db TCP 80':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows endpoints app=web, io.kubernetes.pod.namespace=prod, the source 1.2.3.4 is outside the cluster',
  },
);

holds(
  'fromEndpoints: pods of every namespace that has a name',
  [toDb('fromEndpoints: [{matchExpressions: [{key: io.kubernetes.pod.namespace, operator: Exists}]}]')],
  {
    'prod/web > shop/db TCP 80': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
    '1.2.3.4 > shop/db TCP 80':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows endpoints with label io.kubernetes.pod.namespace, the source 1.2.3.4 is outside the cluster',
  },
);

holds(
  'fromEndpoints: what has no namespace is in none of those that NotIn names',
  [
    toDb(
      'fromEndpoints: [{matchExpressions: [{key: io.kubernetes.pod.namespace, operator: NotIn, values: [shop]}]}]',
    ),
  ],
  {
    'shop/web > shop/db TCP 80':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows endpoints io.kubernetes.pod.namespace not in (shop), the source pod has io.kubernetes.pod.namespace=shop',
    'prod/web > shop/db TCP 80': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
    '1.2.3.4 > shop/db TCP 80': `allowed\n${OUTSIDE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
    '192.168.0.2 > shop/db TCP 80': `allowed\n${OUTSIDE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
  },
);

holds(
  'fromEndpoints: pods by labels of their namespace',
  [toDb('fromEndpoints: [{matchLabels: {"k8s:io.cilium.k8s.namespace.labels.team": b}}]')],
  {
    'prod/web > shop/db TCP 80': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
    'shop/web > shop/db TCP 80':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows endpoints io.cilium.k8s.namespace.labels.team=b, the source pod has io.cilium.k8s.namespace.labels.team=a',
    '1.2.3.4 > shop/db TCP 80':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows endpoints io.cilium.k8s.namespace.labels.team=b, the source 1.2.3.4 is outside the cluster',
  },
);

holds(
  'fromEndpoints: labels of a namespace that was not recorded',
  [
    '{kind: Pod, apiVersion: v1, metadata: {namespace: lost, name: web}, spec: {nodeName: n1}, status: {podIPs: [{ip: 10.0.9.9}]}}',
    toDb('fromEndpoints: [{matchLabels: {io.cilium.k8s.namespace.labels.team: b}}]'),
  ],
  {
    'lost/web > shop/db TCP 80':
      'unknown\ningress: CiliumNetworkPolicy shop/p unknown: ingress rule 0 may allow it: the labels of namespace lost are not known',
  },
);

holds(
  'fromEndpoints: pods by their service account',
  [
    podYaml('shop/job', '10.0.0.9', 'app: job', '', ', serviceAccountName: robot'),
    toDb('fromEndpoints: [{matchLabels: {io.cilium.k8s.policy.serviceaccount: robot}}]'),
  ],
  {
    'shop/job > shop/db TCP 80': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
    'shop/web > shop/db TCP 80':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows pods io.cilium.k8s.policy.serviceaccount=robot, the source pod has io.cilium.k8s.policy.serviceaccount=default',
  },
);

holds(
  'fromEndpoints: the name of the cluster is not recorded',
  [toDb('fromEndpoints: [{matchLabels: {io.cilium.k8s.policy.cluster: east, tier: front}}]')],
  {
    'shop/web > shop/db TCP 80':
      'unknown\ningress: CiliumNetworkPolicy shop/p unknown: ingress rule 0 may allow it: the name of the cluster is not recorded',
    'prod/web > shop/db TCP 80':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows pods io.cilium.k8s.policy.cluster=east, tier=front of its own namespace shop, the source pod has no label io.cilium.k8s.policy.cluster and no label tier and the source pod is in namespace prod',
  },
);

holds(
  'fromEndpoints: pods of the cluster with other labels',
  [toDb('fromEndpoints: [{matchLabels: {io.cilium.k8s.policy.cluster: east, app: api}}]')],
  {
    'shop/web > shop/db TCP 80':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows pods io.cilium.k8s.policy.cluster=east, app=api, the source pod has no label io.cilium.k8s.policy.cluster and app=web',
  },
);

holds(
  'fromEndpoints: reserved labels are those of what is no pod',
  [
    toDb(
      'fromEndpoints: [{matchLabels: {"reserved:remote-node": ""}}, {matchLabels: {"reserved:world": ""}}]',
    ),
  ],
  {
    '192.168.0.2 > shop/db TCP 80': `allowed\n${OUTSIDE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
    '1.2.3.4 > shop/db TCP 80': `allowed\n${OUTSIDE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
    'shop/web > shop/db TCP 80':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows endpoints reserved:remote-node=, the source pod has no label reserved:remote-node',
  },
);

holds(
  'fromEndpoints: a reserved label beside other selectors',
  [toDb('fromEndpoints: [{matchLabels: {"reserved:world": ""}}, {matchLabels: {app: web}}]')],
  {
    '1.2.3.4 > shop/db TCP 80': `allowed\n${OUTSIDE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
    'shop/web > shop/db TCP 80': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
    '192.168.0.2 > shop/db TCP 80':
      'unknown\ningress: CiliumNetworkPolicy shop/p unknown: ingress rule 0 may allow it: 192.168.0.2 is node n2, which may stand for one of its pods',
  },
);

holds(
  'fromEndpoints: the nearest of several is told',
  [toDb('fromEndpoints: [{matchLabels: {app: api}}, {matchLabels: {"reserved:world": ""}}]')],
  {
    'prod/web > shop/db TCP 80':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows endpoints reserved:world=, the source pod has no label reserved:world',
    'shop/web > shop/db TCP 80':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows pods app=api, the source pod has app=web',
  },
);

holds(
  'fromEndpoints: a reserved label that is not known',
  [toDb('fromEndpoints: [{matchExpressions: [{key: "reserved:kube-apiserver", operator: Exists}]}]')],
  {
    '1.2.3.4 > shop/db TCP 80':
      'unknown\ningress: CiliumNetworkPolicy shop/p unknown: ingress rule 0 may allow it: where service default/kubernetes leads was not recorded',
    'shop/web > shop/db TCP 80':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows endpoints with label reserved:kube-apiserver, the source pod has no label reserved:kube-apiserver',
  },
);

holds(
  'fromEndpoints: a reserved label that must not be there',
  [toDb('fromEndpoints: [{matchExpressions: [{key: "reserved:world", operator: DoesNotExist}]}]')],
  {
    '1.2.3.4 > shop/db TCP 80':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows endpoints without label reserved:world, the source 1.2.3.4 is outside the cluster',
    'prod/web > shop/db TCP 80': `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
  },
);

holds(
  'clusterwide fromEndpoints: pods of every namespace',
  [ccnp(`${DB}, ingress: [{fromEndpoints: [{matchLabels: {app: web}}]}]`)],
  {
    'shop/web > shop/db TCP 80': `allowed\n${FREE}\ningress: CiliumClusterwideNetworkPolicy c allows: ingress rule 0 allows it`,
    'prod/web > shop/db TCP 80': `allowed\n${FREE}\ningress: CiliumClusterwideNetworkPolicy c allows: ingress rule 0 allows it`,
  },
);

holds(
  'clusterwide fromEndpoints [{}]: every pod, and nobody else',
  [ccnp(`${DB}, ingress: [{fromEndpoints: [{}]}]`)],
  {
    'prod/web > shop/db TCP 80': `allowed\n${FREE}\ningress: CiliumClusterwideNetworkPolicy c allows: ingress rule 0 allows it`,
    '1.2.3.4 > shop/db TCP 80':
      'denied\ningress: CiliumClusterwideNetworkPolicy c isolates: ingress rule 0 allows every pod of every namespace, the source 1.2.3.4 is outside the cluster',
  },
);

holds(
  "clusterwide fromEndpoints: not what NotIn means of a namespace's labels",
  [
    ccnp(
      `${DB}, ingress: [{fromEndpoints: [{matchExpressions: [{key: io.cilium.k8s.namespace.labels.team, operator: NotIn, values: [a]}]}]}]`,
    ),
  ],
  {
    'shop/web > shop/db TCP 80':
      'denied\ningress: CiliumClusterwideNetworkPolicy c isolates: ingress rule 0 allows pods io.cilium.k8s.namespace.labels.team not in (a) of every namespace, the source pod has io.cilium.k8s.namespace.labels.team=a',
    'prod/web > shop/db TCP 80': `allowed\n${FREE}\ningress: CiliumClusterwideNetworkPolicy c allows: ingress rule 0 allows it`,
    '1.2.3.4 > shop/db TCP 80':
      'denied\ningress: CiliumClusterwideNetworkPolicy c isolates: ingress rule 0 allows pods io.cilium.k8s.namespace.labels.team not in (a) of every namespace, the source 1.2.3.4 is outside the cluster',
  },
);

holds('toEndpoints: pods of its own namespace', [fromWeb('toEndpoints: [{matchLabels: {app: db}}]')], {
  'shop/web > shop/db TCP 80': `allowed\negress: CiliumNetworkPolicy shop/p allows: egress rule 0 allows it\n${OPEN}`,
  'shop/web > prod/web TCP 80':
    'denied\negress: CiliumNetworkPolicy shop/p isolates: egress rule 0 allows pods app=db of its own namespace shop, the destination pod has app=web and the destination pod is in namespace prod',
  'shop/web > 1.2.3.4 TCP 80':
    'denied\negress: CiliumNetworkPolicy shop/p isolates: egress rule 0 allows pods app=db, the destination 1.2.3.4 is outside the cluster',
});

holds('toEntities: all', [fromWeb('toEntities: [all]')], {
  'shop/web > shop/db TCP 80': `allowed\negress: CiliumNetworkPolicy shop/p allows: egress rule 0 allows it\n${OPEN}`,
  'shop/web > 1.2.3.4 TCP 80': `allowed\negress: CiliumNetworkPolicy shop/p allows: egress rule 0 allows it\n${ABROAD}`,
  'shop/web > 192.168.0.2 TCP 80': `allowed\negress: CiliumNetworkPolicy shop/p allows: egress rule 0 allows it\n${ABROAD}`,
});

holds('toEntities: world', [fromWeb('toEntities: [world]')], {
  'shop/web > 1.2.3.4 TCP 80': `allowed\negress: CiliumNetworkPolicy shop/p allows: egress rule 0 allows it\n${ABROAD}`,
  'shop/web > 2001:db8::1 TCP 80': `allowed\negress: CiliumNetworkPolicy shop/p allows: egress rule 0 allows it\n${ABROAD}`,
  'shop/web > prod/web TCP 80':
    'denied\negress: CiliumNetworkPolicy shop/p isolates: egress rule 0 allows entity world, the destination is pod prod/web',
  'shop/web > 192.168.0.2 TCP 80':
    'denied\negress: CiliumNetworkPolicy shop/p isolates: egress rule 0 allows entity world, the destination 192.168.0.2 is node n2',
});

holds('toEntities: world-ipv4', [fromWeb('toEntities: [world-ipv4]')], {
  'shop/web > 1.2.3.4 TCP 80': `allowed\negress: CiliumNetworkPolicy shop/p allows: egress rule 0 allows it\n${ABROAD}`,
  'shop/web > 2001:db8::1 TCP 80':
    'denied\negress: CiliumNetworkPolicy shop/p isolates: egress rule 0 allows entity world-ipv4, the destination 2001:db8::1 is outside the cluster',
  'shop/web > 192.168.0.2 TCP 80':
    'denied\negress: CiliumNetworkPolicy shop/p isolates: egress rule 0 allows entity world-ipv4, the destination 192.168.0.2 is node n2',
});

holds('toEntities: world-ipv6', [node('n6', 'fd00::6', ''), fromWeb('toEntities: [world-ipv6]')], {
  'shop/web > 2001:db8::1 TCP 80': `allowed\negress: CiliumNetworkPolicy shop/p allows: egress rule 0 allows it\n${ABROAD}`,
  'shop/web > 1.2.3.4 TCP 80':
    'denied\negress: CiliumNetworkPolicy shop/p isolates: egress rule 0 allows entity world-ipv6, the destination 1.2.3.4 is outside the cluster',
  'shop/web > fd00::6 TCP 80':
    'denied\negress: CiliumNetworkPolicy shop/p isolates: egress rule 0 allows entity world-ipv6, the destination fd00::6 is node n6',
});

holds('toEntities: cluster', [service('default/kubernetes', '1.2.3.4'), fromWeb('toEntities: [cluster]')], {
  'shop/web > prod/web TCP 80': `allowed\negress: CiliumNetworkPolicy shop/p allows: egress rule 0 allows it\n${OPEN}`,
  'shop/web > 192.168.0.2 TCP 80': `allowed\negress: CiliumNetworkPolicy shop/p allows: egress rule 0 allows it\n${ABROAD}`,
  'shop/web > 1.2.3.4 TCP 80': `allowed\negress: CiliumNetworkPolicy shop/p allows: egress rule 0 allows it\n${ABROAD}`,
  'shop/web > 1.2.3.5 TCP 80':
    'denied\negress: CiliumNetworkPolicy shop/p isolates: egress rule 0 allows entity cluster, the destination 1.2.3.5 is outside the cluster',
});

holds('toEntities: host', [fromWeb('toEntities: [host]')], {
  'shop/web > 192.168.0.1 TCP 80': `allowed\negress: CiliumNetworkPolicy shop/p allows: egress rule 0 allows it\n${ABROAD}`,
  'shop/web > 192.168.0.2 TCP 80':
    'denied\negress: CiliumNetworkPolicy shop/p isolates: egress rule 0 allows entity host, the destination 192.168.0.2 is node n2',
  'shop/web > prod/web TCP 80':
    'denied\negress: CiliumNetworkPolicy shop/p isolates: egress rule 0 allows entity host, the destination is pod prod/web',
});

holds('toEntities: remote-node', [fromWeb('toEntities: [remote-node]')], {
  'shop/web > 192.168.0.2 TCP 80': `allowed\negress: CiliumNetworkPolicy shop/p allows: egress rule 0 allows it\n${ABROAD}`,
  'shop/web > 192.168.0.1 TCP 80':
    'denied\negress: CiliumNetworkPolicy shop/p isolates: egress rule 0 allows entity remote-node, the destination 192.168.0.1 is node n1',
  'shop/web > prod/web TCP 80':
    'denied\negress: CiliumNetworkPolicy shop/p isolates: egress rule 0 allows entity remote-node, the destination is pod prod/web',
});

holds(
  'toEntities: host, from a pod that has no node yet',
  [
    '{kind: Pod, apiVersion: v1, metadata: {namespace: shop, name: new, labels: {app: web}}, spec: {}, status: {podIPs: [{ip: 10.0.0.7}]}}',
    fromWeb('toEntities: [host]'),
  ],
  {
    'shop/new > 192.168.0.1 TCP 80':
      'unknown\negress: CiliumNetworkPolicy shop/p unknown: egress rule 0 may allow it: the node of the pod is not known',
  },
);

holds(
  'toEntities: kube-apiserver, which is where service default/kubernetes leads',
  [service('default/kubernetes', '192.168.0.2, 1.2.3.4, 10.0.1.1'), fromWeb('toEntities: [kube-apiserver]')],
  {
    'shop/web > 192.168.0.2 TCP 80': `allowed\negress: CiliumNetworkPolicy shop/p allows: egress rule 0 allows it\n${ABROAD}`,
    'shop/web > 1.2.3.4 TCP 80': `allowed\negress: CiliumNetworkPolicy shop/p allows: egress rule 0 allows it\n${ABROAD}`,
    'shop/web > 192.168.0.1 TCP 80':
      'denied\negress: CiliumNetworkPolicy shop/p isolates: egress rule 0 allows entity kube-apiserver, the destination 192.168.0.1 is node n1',
    'shop/web > prod/web TCP 80':
      'denied\negress: CiliumNetworkPolicy shop/p isolates: egress rule 0 allows entity kube-apiserver, the destination is pod prod/web',
  },
);

holds('toEntities: kube-apiserver, where it was not recorded', [fromWeb('toEntities: [kube-apiserver]')], {
  'shop/web > 1.2.3.4 TCP 80':
    'unknown\negress: CiliumNetworkPolicy shop/p unknown: egress rule 0 may allow it: where service default/kubernetes leads was not recorded',
  'shop/web > prod/web TCP 80':
    'denied\negress: CiliumNetworkPolicy shop/p isolates: egress rule 0 allows entity kube-apiserver, the destination is pod prod/web',
});

holds(
  'toEntities: none, init, ingress, health, unmanaged are never a known address',
  [fromWeb('toEntities: [none, init, ingress, health, unmanaged]')],
  {
    'shop/web > 1.2.3.4 TCP 80':
      'denied\negress: CiliumNetworkPolicy shop/p isolates: egress rule 0 allows entity none, the destination 1.2.3.4 is outside the cluster',
    'shop/web > 192.168.0.2 TCP 80':
      'denied\negress: CiliumNetworkPolicy shop/p isolates: egress rule 0 allows entity none, the destination 192.168.0.2 is node n2',
    'shop/web > prod/web TCP 80':
      'denied\negress: CiliumNetworkPolicy shop/p isolates: egress rule 0 allows entity none, the destination is pod prod/web',
  },
);

holds('toEntities []: nobody', [fromWeb('toEntities: []')], {
  'shop/web > 1.2.3.4 TCP 80':
    'denied\negress: CiliumNetworkPolicy shop/p isolates: egress rule 0 allows nobody, so it matches nothing',
});

holds('fromEntities: any of them', [toDb('fromEntities: [world, remote-node]')], {
  '1.2.3.4 > shop/db TCP 80': `allowed\n${OUTSIDE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
  '192.168.0.2 > shop/db TCP 80': `allowed\n${OUTSIDE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
  'shop/web > shop/db TCP 80':
    'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows entity world, the source is pod shop/web',
});

holds('an address that is not known matches nothing for sure', [toDb('fromEntities: [world]')], {
  '10.0.200.1 > shop/db TCP 80':
    'unknown\negress: 10.0.200.1 is in the pod range of node n1, but no pod had it\ningress: CiliumNetworkPolicy shop/p unknown: ingress rule 0 may allow it: 10.0.200.1 is in the pod range of node n1, but no pod had it',
});

holds('a service never opens a connection', [service('prod/api', ''), toDb('fromEntities: [world]')], {
  '10.96.0.9 > shop/db TCP 80':
    'unknown\negress: 10.96.0.9 is service prod/api, which opens and takes no connections itself\ningress: CiliumNetworkPolicy shop/p unknown: ingress rule 0 may allow it: 10.96.0.9 is service prod/api, which opens and takes no connections itself',
});

holds(
  'toCIDR: addresses outside, never pods or nodes',
  [fromWeb('toCIDR: [1.2.3.0/24, 192.168.0.0/16, 10.0.0.0/8]')],
  {
    'shop/web > 1.2.3.4 TCP 80': `allowed\negress: CiliumNetworkPolicy shop/p allows: egress rule 0 allows it\n${ABROAD}`,
    'shop/web > 1.2.4.4 TCP 80':
      'denied\negress: CiliumNetworkPolicy shop/p isolates: egress rule 0 allows 1.2.3.0/24, the destination 1.2.4.4 is outside',
    'shop/web > prod/web TCP 80':
      'denied\negress: CiliumNetworkPolicy shop/p isolates: egress rule 0 allows 1.2.3.0/24, the destination is a pod, which cilium never matches by address',
    'shop/web > 192.168.0.2 TCP 80':
      'denied\negress: CiliumNetworkPolicy shop/p isolates: egress rule 0 allows 1.2.3.0/24, the destination is a node, which cilium never matches by address',
    'shop/web > 10.99.0.1 TCP 80': `allowed\negress: CiliumNetworkPolicy shop/p allows: egress rule 0 allows it\n${ABROAD}`,
  },
);

holds('fromCIDR []: nobody', [toDb('fromCIDR: []')], {
  '1.2.3.4 > shop/db TCP 80':
    'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows nobody, so it matches nothing',
});

holds(
  'reserved labels: a pod cannot give them to itself',
  [
    podYaml('shop/evil', '10.0.0.9', 'reserved.host: ""'),
    toDb('fromEndpoints: [{matchLabels: {"reserved:host": ""}}]'),
  ],
  {
    'shop/evil > shop/db TCP 80':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows endpoints reserved:host=, the source pod has no label reserved:host',
  },
);

holds(
  'fromCIDRSet: an exception as wide as the block, or wider, leaves nothing of it',
  [toDb('fromCIDRSet: [{cidr: 1.2.3.0/24, except: [1.2.3.0/24]}, {cidr: 5.0.0.0/24, except: [5.0.0.0/8]}]')],
  {
    '1.2.3.4 > shop/db TCP 80':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows 1.2.3.0/24 except 1.2.3.0/24, the source 1.2.3.4 is among the exceptions',
    '5.0.0.4 > shop/db TCP 80':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows 1.2.3.0/24 except 1.2.3.0/24, the source 5.0.0.4 is outside',
  },
);

holds(
  'fromCIDRSet: a block without its exceptions',
  [toDb('fromCIDRSet: [{cidr: 1.0.0.0/8, except: [1.2.3.0/24]}]')],
  {
    '1.9.9.9 > shop/db TCP 80': `allowed\n${OUTSIDE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
    '1.2.3.4 > shop/db TCP 80':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows 1.0.0.0/8 except 1.2.3.0/24, the source 1.2.3.4 is among the exceptions',
    '192.168.0.2 > shop/db TCP 80':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows 1.0.0.0/8 except 1.2.3.0/24, the source is a node, which cilium never matches by address',
  },
);

holds(
  'fromCIDRSet: cidrGroupRef',
  [group('corp', '1.2.3.0/24, 5.0.0.0/8'), toDb('fromCIDRSet: [{cidrGroupRef: corp, except: [5.6.0.0/16]}]')],
  {
    '1.2.3.4 > shop/db TCP 80': `allowed\n${OUTSIDE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
    '5.5.5.5 > shop/db TCP 80': `allowed\n${OUTSIDE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
    '5.6.5.5 > shop/db TCP 80':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows addresses of CiliumCIDRGroup corp except 5.6.0.0/16, the source 5.6.5.5 is outside the cluster',
    '9.9.9.9 > shop/db TCP 80':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows addresses of CiliumCIDRGroup corp except 5.6.0.0/16, the source 9.9.9.9 is outside the cluster',
    'shop/web > shop/db TCP 80':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows addresses of CiliumCIDRGroup corp except 5.6.0.0/16, the source is pod shop/web',
  },
);

holds(
  'fromCIDRSet: a group of v2alpha1',
  [group('corp', '1.2.3.0/24', '', 'v2alpha1'), toDb('fromCIDRSet: [{cidrGroupRef: corp}]')],
  {
    '1.2.3.4 > shop/db TCP 80': `allowed\n${OUTSIDE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
  },
);

holds(
  'fromCIDRSet: a group that is not there, or has no addresses',
  [
    group('corp', '1.2.3.0/24'),
    group('none', ''),
    toDb('fromCIDRSet: [{cidrGroupRef: other}, {cidrGroupRef: none}]'),
  ],
  {
    '1.2.3.4 > shop/db TCP 80':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows addresses of CiliumCIDRGroup other, the source 1.2.3.4 is outside the cluster',
  },
);

holds(
  'toCIDRSet: cidrGroupSelector',
  [
    group('a', '1.2.3.0/24', 'team: a'),
    group('b', '9.9.9.0/24', 'team: b'),
    fromWeb('toCIDRSet: [{cidrGroupSelector: {matchLabels: {team: a}}}]'),
  ],
  {
    'shop/web > 1.2.3.4 TCP 80': `allowed\negress: CiliumNetworkPolicy shop/p allows: egress rule 0 allows it\n${ABROAD}`,
    'shop/web > 9.9.9.9 TCP 80':
      'denied\negress: CiliumNetworkPolicy shop/p isolates: egress rule 0 allows addresses of CiliumCIDRGroups team=a, the destination 9.9.9.9 is outside the cluster',
  },
);

holds(
  'toCIDRSet: cidrGroupSelector of every group',
  [group('b', '9.9.9.0/24'), fromWeb('toCIDRSet: [{cidrGroupSelector: {}}]')],
  {
    'shop/web > 9.9.9.9 TCP 80': `allowed\negress: CiliumNetworkPolicy shop/p allows: egress rule 0 allows it\n${ABROAD}`,
    'shop/web > 1.2.3.4 TCP 80':
      'denied\negress: CiliumNetworkPolicy shop/p isolates: egress rule 0 allows addresses of every CiliumCIDRGroup, the destination 1.2.3.4 is outside the cluster',
  },
);

holds(
  'toNodes: nodes other than its own, by their labels',
  [
    node('n3', '192.168.0.3', 'role: edge'),
    node('n4', '192.168.0.4', 'role: core'),
    node('n1', '192.168.0.1', 'role: edge'),
    fromWeb('toNodes: [{matchLabels: {role: edge}}]'),
  ],
  {
    'shop/web > 192.168.0.3 TCP 80': `allowed\negress: CiliumNetworkPolicy shop/p allows: egress rule 0 allows it\n${ABROAD}`,
    'shop/web > 192.168.0.4 TCP 80':
      'denied\negress: CiliumNetworkPolicy shop/p isolates: egress rule 0 allows nodes role=edge other than its own, the destination 192.168.0.4 is node n4',
    'shop/web > 192.168.0.1 TCP 80':
      'denied\negress: CiliumNetworkPolicy shop/p isolates: egress rule 0 allows nodes role=edge other than its own, the destination 192.168.0.1 is node n1',
    'shop/web > 1.2.3.4 TCP 80':
      'denied\negress: CiliumNetworkPolicy shop/p isolates: egress rule 0 allows nodes role=edge other than its own, the destination 1.2.3.4 is not a node',
  },
);

holds('toNodes []: nobody', [fromWeb('toNodes: []')], {
  'shop/web > 192.168.0.2 TCP 80':
    'denied\negress: CiliumNetworkPolicy shop/p isolates: egress rule 0 allows nobody, so it matches nothing',
});

holds(
  'fromNodes: the source of a label is k8s, any or none',
  [node('n3', '192.168.0.3', 'role: edge'), toDb('fromNodes: [{matchLabels: {"k8s:role": edge}}]')],
  {
    '192.168.0.3 > shop/db TCP 80': `allowed\n${OUTSIDE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`,
    '192.168.0.2 > shop/db TCP 80':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows nodes role=edge other than its own, the source 192.168.0.2 is node n2',
  },
);

holds(
  'fromGroups: cannot be judged for what is outside',
  [toDb('fromGroups: [{aws: {securityGroupsIds: [sg-1]}}]')],
  {
    '1.2.3.4 > shop/db TCP 80':
      'unknown\ningress: CiliumNetworkPolicy shop/p unknown: ingress rule 0 may allow it: the addresses of cloud groups are not recorded',
    'shop/web > shop/db TCP 80':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows a group of a cloud provider, the source is pod shop/web',
  },
);

holds('toGroups []: the same as no list', [fromWeb('toGroups: [], toPorts: [{ports: [{port: "80"}]}]')], {
  'shop/web > 1.2.3.4 TCP 80': `allowed\negress: CiliumNetworkPolicy shop/p allows: egress rule 0 allows it\n${ABROAD}`,
});

holds(
  'toFQDNs: cannot be judged for what is outside',
  [fromWeb('toFQDNs: [{matchName: example.com}, {matchPattern: "*.example.com"}]')],
  {
    'shop/web > 1.2.3.4 TCP 80':
      'unknown\negress: CiliumNetworkPolicy shop/p unknown: egress rule 0 may allow it: domain names cannot be judged from addresses',
    'shop/web > prod/web TCP 80':
      'denied\negress: CiliumNetworkPolicy shop/p isolates: egress rule 0 allows domain name example.com, the destination is pod prod/web',
    'shop/web > 192.168.0.2 TCP 80':
      'denied\negress: CiliumNetworkPolicy shop/p isolates: egress rule 0 allows domain name example.com, the destination 192.168.0.2 is node n2',
  },
);

holds(
  'toFQDNs: what the ports rule out is ruled out',
  [fromWeb('toFQDNs: [{matchName: example.com}], toPorts: [{ports: [{port: "443"}]}]')],
  {
    'shop/web > 1.2.3.4 TCP 80':
      'denied\negress: CiliumNetworkPolicy shop/p isolates: egress rule 0 allows only TCP 443 or UDP 443 or SCTP 443, the connection is to TCP 80',
  },
);

holds(
  'toServices: the backends of a service',
  [
    service('prod/api', '10.0.1.1, 5.6.7.8, 192.168.0.2'),
    fromWeb('toServices: [{k8sService: {serviceName: api, namespace: prod}}]'),
  ],
  {
    'shop/web > prod/web TCP 80': `allowed\negress: CiliumNetworkPolicy shop/p allows: egress rule 0 allows it\n${OPEN}`,
    'shop/web > 5.6.7.8 TCP 80': `allowed\negress: CiliumNetworkPolicy shop/p allows: egress rule 0 allows it\n${ABROAD}`,
    'shop/web > shop/db TCP 80':
      'denied\negress: CiliumNetworkPolicy shop/p isolates: egress rule 0 allows service prod/api, the destination is pod shop/db',
    'shop/web > 192.168.0.2 TCP 80':
      'denied\negress: CiliumNetworkPolicy shop/p isolates: egress rule 0 allows service prod/api, the destination 192.168.0.2 is node n2',
  },
);

holds(
  'toServices: a service that was not recorded',
  [fromWeb('toServices: [{k8sService: {serviceName: api, namespace: prod}}]')],
  {
    'shop/web > prod/web TCP 80':
      'unknown\negress: CiliumNetworkPolicy shop/p unknown: egress rule 0 may allow it: where service prod/api leads was not recorded',
    'shop/web > 192.168.0.2 TCP 80':
      'denied\negress: CiliumNetworkPolicy shop/p isolates: egress rule 0 allows service prod/api, the destination 192.168.0.2 is node n2',
  },
);

holds(
  'toServices: of a name in any namespace cannot be judged',
  [fromWeb('toServices: [{k8sService: {serviceName: api}}]')],
  {
    'shop/web > prod/web TCP 80':
      'unknown\negress: CiliumNetworkPolicy shop/p unknown: egress rule 0 may allow it: which services it names cannot be told',
  },
);

holds(
  'toServices: by their labels cannot be judged',
  [fromWeb('toServices: [{k8sServiceSelector: {selector: {matchLabels: {app: api}}}}]')],
  {
    'shop/web > prod/web TCP 80':
      'unknown\negress: CiliumNetworkPolicy shop/p unknown: egress rule 0 may allow it: which services it names cannot be told',
  },
);

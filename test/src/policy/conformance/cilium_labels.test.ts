import { podYaml, policyYaml } from '../cluster.js';
import { cnp, toDb } from './cilium.js';
import { FREE, holds, OPEN } from './holds.js';

/** A pod that has the label, and what becomes of its connections to db where only such pods are let in. */
const late = (key: string) => podYaml('shop/late', '10.0.0.9', `app: web, "${key}": x`);
const onlyWith = (key: string) => toDb(`fromEndpoints: [{matchLabels: {"${key}": x}}]`);
const doubt = (key: string) =>
  `unknown\ningress: CiliumNetworkPolicy shop/p unknown: ingress rule 0 may allow it: by default cilium does not look at label ${key}`;
const ALLOWED = `allowed\n${FREE}\ningress: CiliumNetworkPolicy shop/p allows: ingress rule 0 allows it`;

for (const key of [
  'io.kubernetes/x',
  'kubernetes.io/arch',
  'k8s.io/x',
  'topology.beta.kubernetes.io/x',
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
  'batch.kubernetes.io/job-completion-index',
  'batch.kubernetes.io/controller-uid',
  'pod-template-generation',
  'pod-template-hash',
  'controller-revision-hash',
  'controller-uid',
  'annotation.x',
  'etcd_node',
])
  holds(`identity-relevant labels: not ${key}`, [onlyWith(key), late(key)], {
    'shop/late > shop/db TCP 80': doubt(key),
    'shop/web > shop/db TCP 80': `denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows pods ${key}=x, the source pod has no label ${key}`,
  });

for (const key of [
  'app.kubernetes.io/name',
  'batch.kubernetes.io/job-name',
  'my-pod-template-hash',
  'x.k8s.io/y',
])
  holds(`identity-relevant labels: ${key}`, [onlyWith(key), late(key)], {
    'shop/late > shop/db TCP 80': ALLOWED,
  });

holds(
  'identity-relevant labels: a namespace is named by one that begins like others that are not',
  [toDb('fromEndpoints: [{matchLabels: {"k8s:io.kubernetes.pod.namespace": prod}}]')],
  { 'prod/web > shop/db TCP 80': ALLOWED },
);

holds(
  'identity-relevant labels: what the others decide needs no such label',
  [
    toDb(
      'fromEndpoints: [{matchLabels: {app: api}, matchExpressions: [{key: pod-template-hash, operator: Exists}]}]',
    ),
    late('pod-template-hash'),
  ],
  {
    'shop/late > shop/db TCP 80':
      'denied\ningress: CiliumNetworkPolicy shop/p isolates: ingress rule 0 allows pods app=api, with label pod-template-hash, the source pod has app=web',
  },
);

const FROM_HASH =
  'podSelector: {matchLabels: {app: db}}\ningress: [{from: [{podSelector: {matchLabels: {pod-template-hash: x}}}]}]';
const BY_NAMESPACE = FROM_HASH.replace(
  'podSelector: {matchLabels: {pod',
  'namespaceSelector: {matchLabels: {team: b}}, podSelector: {matchLabels: {pod',
);

holds(
  'identity-relevant labels: of a NetworkPolicy too, where Cilium enforces it',
  [
    cnp(`endpointSelector: {matchLabels: {app: none}}, ingress: [{}]`, 'seen'),
    policyYaml('p', FROM_HASH),
    late('pod-template-hash'),
    podYaml('prod/late', '10.0.1.9', 'app: web, pod-template-hash: x'),
  ],
  {
    'shop/late > shop/db TCP 80': doubt('pod-template-hash').replace('CiliumNetworkPolicy ', ''),
    'prod/late > shop/db TCP 80':
      'denied\ningress: shop/p isolates: ingress rule 0 allows pods pod-template-hash=x of its own namespace shop, the source pod is in namespace prod',
  },
);

holds(
  'identity-relevant labels: of a NetworkPolicy with a namespaceSelector',
  [
    cnp(`endpointSelector: {matchLabels: {app: none}}, ingress: [{}]`, 'seen'),
    policyYaml('p', BY_NAMESPACE),
    late('pod-template-hash'),
    podYaml('prod/late', '10.0.1.9', 'app: web, pod-template-hash: x'),
  ],
  {
    'prod/late > shop/db TCP 80': doubt('pod-template-hash').replace('CiliumNetworkPolicy ', ''),
    'shop/late > shop/db TCP 80':
      "denied\ningress: shop/p isolates: ingress rule 0 allows pods pod-template-hash=x of namespaces team=b, the source's namespace shop has team=a",
  },
);

holds(
  'identity-relevant labels: other data planes look at every label',
  [policyYaml('p', FROM_HASH), late('pod-template-hash')],
  { 'shop/late > shop/db TCP 80': `allowed\n${FREE}\ningress: shop/p allows: ingress rule 0 allows it` },
);

holds(
  'identity-relevant labels: whether a policy selects a pod by one is not known',
  [cnp('endpointSelector: {matchLabels: {pod-template-hash: x}}, ingress: [{}]'), late('pod-template-hash')],
  {
    'shop/web > shop/late TCP 80':
      'unknown\ningress: CiliumNetworkPolicy shop/p unknown: it may isolate the pod: by default cilium does not look at label pod-template-hash',
    'shop/web > shop/db TCP 80': `allowed\n${FREE}\n${OPEN}`,
  },
);

import { hit } from './branches.js';
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from './kubernetes_objects.js';
import type { KubernetesObject } from './objects.js';
import {
  type End,
  hasPorts,
  inBlock,
  isOwnNode,
  type NamedPortTest,
  namespaceLabels,
  peerOf,
  type Question,
  selects,
  underEachReading,
  unlessMasqueraded,
} from './question.js';
import { all, any, type Truth } from './truth.js';

export type Union = { readonly isolated: boolean; readonly allowed: Truth };

/**
 * networking.k8s.io/v1 NetworkPolicy: whether any isolates the pod, and whether one of them allows the connection.
 * Source: k8s.io/api/networking/v1/types.go.
 */
export function networkPolicies(question: Question): Union {
  const isolating = question.objects.filter((object) => isolates(object, question));
  if (isolating.length > 0 && question.dataPlane === 'kubernetes' && isOwnNode(question, peerOf(question)))
    return hit('NetworkPolicy: own node is always allowed', { isolated: true, allowed: true });
  const rules = isolating.flatMap((policy) => rulesOf(policy, question.direction));
  const allowed = any(
    rules.map(({ ports, peers }) => all([portsMatch(ports, question), peersMatch(peers, question)])),
  );
  if (isolating.length > 0 && question.dataPlane === 'kubernetes' && !hasPorts(question.connection.protocol))
    return hit('NetworkPolicy: other protocols are undefined', { isolated: true, allowed: 'unknown' });
  return { isolated: isolating.length > 0, allowed };

  function rulesOf(policy: NetworkPolicy, direction: 'ingress' | 'egress') {
    return direction === 'ingress'
      ? (policy.spec.ingress ?? []).map(({ ports, from }) => ({
          policy,
          ports,
          peers: { policy, list: from },
        }))
      : (policy.spec.egress ?? []).map(({ ports, to }) => ({ policy, ports, peers: { policy, list: to } }));
  }
}

function isolates(object: KubernetesObject, question: Question): object is NetworkPolicy {
  if (object.apiVersion !== 'networking.k8s.io/v1') return false;
  const { metadata, spec } = object;
  if (metadata.namespace !== question.pod.metadata.namespace)
    return hit('NetworkPolicy: of another namespace', false);
  if (!selects(spec.podSelector ?? {}, question.pod.metadata.labels ?? {}))
    return hit('NetworkPolicy: selects other pods', false);
  const types = spec.policyTypes ?? defaultTypes(object);
  return types.includes(question.direction === 'ingress' ? 'Ingress' : 'Egress')
    ? hit('NetworkPolicy: isolates', true)
    : hit('NetworkPolicy: of the other direction', false);
}

function defaultTypes({ spec }: NetworkPolicy): readonly string[] {
  if (spec.egress !== undefined && spec.egress.length > 0)
    return hit('NetworkPolicy: policyTypes default to both', ['Ingress', 'Egress']);
  return hit('NetworkPolicy: policyTypes default to Ingress', ['Ingress']);
}

function portsMatch(ports: readonly NetworkPolicyPort[] | undefined, question: Question): Truth {
  if (ports === undefined || ports.length === 0) return hit('NetworkPolicy: all ports', true);
  return underEachReading(question, (hasPort) =>
    any(ports.map((port) => portMatches(port, question, hasPort))),
  );
}

function portMatches(
  { protocol, port, endPort }: NetworkPolicyPort,
  { connection }: Question,
  hasPort: NamedPortTest,
): Truth {
  if ((protocol ?? 'TCP') !== connection.protocol) return hit('NetworkPolicy: another protocol', false);
  if (port === undefined) return hit('NetworkPolicy: every port of the protocol', true);
  const actual = connection.destinationPort ?? 0;
  if (typeof port === 'string') return hit('NetworkPolicy: named port', hasPort(port, actual));
  if (endPort !== undefined) return hit('NetworkPolicy: port range', port <= actual && actual <= endPort);
  return hit('NetworkPolicy: port number', port === actual);
}

interface Peers {
  readonly policy: NetworkPolicy;
  readonly list: readonly NetworkPolicyPeer[] | undefined;
}

function peersMatch({ policy, list }: Peers, question: Question): Truth {
  if (list === undefined || list.length === 0) return hit('NetworkPolicy: all peers', true);
  const peer = peerOf(question);
  return any(list.map((one) => unlessMasqueraded(question, peer, peerMatches(one, policy, peer, question))));
}

function peerMatches(one: NetworkPolicyPeer, policy: NetworkPolicy, peer: End, question: Question): boolean {
  const { podSelector, namespaceSelector, ipBlock } = one;
  if (ipBlock !== undefined) {
    if (question.dataPlane === 'cilium' && peer.kind !== 'external')
      return hit('NetworkPolicy: Cilium matches no ipBlock inside the cluster', false);
    if (!inBlock(peer.address, ipBlock.cidr)) return hit('NetworkPolicy: outside ipBlock', false);
    for (const except of ipBlock.except ?? [])
      if (inBlock(peer.address, except)) return hit('NetworkPolicy: ipBlock.except', false);
    return hit('NetworkPolicy: inside ipBlock', true);
  }
  if (peer.kind !== 'pod') return hit('NetworkPolicy: selectors are for pods', false);
  const { namespace, labels } = peer.pod.metadata;
  if (namespaceSelector === undefined) {
    if (namespace !== policy.metadata.namespace)
      return hit('NetworkPolicy: podSelector is for its namespace', false);
  } else if (!selects(namespaceSelector, namespaceLabels(question.objects, namespace)))
    return hit('NetworkPolicy: namespaceSelector misses', false);
  if (podSelector === undefined) return hit('NetworkPolicy: every pod of the namespaces', true);
  return hit('NetworkPolicy: podSelector', selects(podSelector, labels ?? {}));
}

import { BlockList } from 'node:net';
import { hit } from './branches.js';
import type { LabelSelector, Labels } from './metadata.js';
import type { EndpointSlice, KubernetesObject, Namespace, Node, Pod } from './objects.js';
import type { Truth } from './truth.js';

export interface Connection {
  readonly source: string;
  readonly destination: string;
  /** IANA keyword. */
  readonly protocol: string;
  /** Null for protocols without ports. */
  readonly sourcePort: number | null;
  /** Null for protocols without ports. */
  readonly destinationPort: number | null;
}

/** Who has an address. */
export type End =
  | { readonly kind: 'pod'; readonly address: string; readonly pod: Pod }
  | { readonly kind: 'node'; readonly address: string; readonly node: Node }
  | { readonly kind: 'external'; readonly address: string };

/** Is this pod allowed to do its half of the connection? */
export interface Question {
  readonly objects: readonly KubernetesObject[];
  readonly dataPlane: 'kubernetes' | 'calico' | 'cilium';
  readonly direction: 'ingress' | 'egress';
  /** The pod that the policies would have to select: the destination at ingress, the source at egress. */
  readonly pod: Pod;
  readonly connection: Connection;
  readonly source: End;
  readonly destination: End;
}

export function endAt(objects: readonly KubernetesObject[], address: string): End {
  for (const object of objects) {
    if (object.kind === 'Pod' && object.spec.hostNetwork !== true)
      for (const { ip } of object.status.podIPs)
        if (ip === address) return { kind: 'pod', address, pod: object };
    if (object.kind === 'Node')
      for (const own of object.status.addresses)
        if (own.address === address) return { kind: 'node', address, node: object };
  }
  return { kind: 'external', address };
}

/** The end that the pod talks to. */
export function peerOf(question: Question): End {
  return question.direction === 'ingress' ? question.source : question.destination;
}

/** Whether the peer is the node that the pod runs on. */
export function isOwnNode({ pod }: Question, end: End): boolean {
  return end.kind === 'node' && end.node.metadata.name === pod.spec.nodeName;
}

/** A source that is a node may be one of its pods behind its address: that it does not match is not certain. */
export function unlessMasqueraded(question: Question, end: End, matches: Truth): Truth {
  const isSource = question.direction === 'ingress' && end === question.source;
  if (matches === false && isSource && end.kind === 'node')
    return hit('masquerade: a node does not match', 'unknown');
  return matches;
}

export function namespaceLabels(objects: readonly KubernetesObject[], name: string): Labels {
  const found = objects.find(
    (object): object is Namespace => object.kind === 'Namespace' && object.metadata.name === name,
  );
  return found?.metadata.labels ?? {};
}

/** Where a service leads: the slices that carry its name. */
export function slicesOf(
  objects: readonly KubernetesObject[],
  namespace: string,
  service: string,
): readonly EndpointSlice[] {
  return objects.filter(
    (object): object is EndpointSlice =>
      object.kind === 'EndpointSlice' &&
      object.metadata.namespace === namespace &&
      object.metadata.labels?.['kubernetes.io/service-name'] === service,
  );
}

/** Source: k8s.io/apimachinery/pkg/apis/meta/v1/types.go, LabelSelector: everything in it must hold. */
export function selects(selector: LabelSelector, labels: Labels): boolean {
  for (const [key, value] of Object.entries(selector.matchLabels ?? {}))
    if (labels[key] !== value) return hit('LabelSelector: matchLabels misses', false);
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    const value = labels[key];
    if (operator === 'In' && (value === undefined || !values.includes(value)))
      return hit('LabelSelector: In misses', false);
    if (operator === 'NotIn' && value !== undefined && values.includes(value))
      return hit('LabelSelector: NotIn misses', false);
    if (operator === 'Exists' && value === undefined) return hit('LabelSelector: Exists misses', false);
    if (operator === 'DoesNotExist' && value !== undefined)
      return hit('LabelSelector: DoesNotExist misses', false);
  }
  return hit('LabelSelector: matches', true);
}

/** Whether the address lies in the block; never when they are of different families. */
export function inBlock(address: string, cidr: string): boolean {
  const [network = '', prefix] = cidr.split('/');
  const family = isIPv6(network) ? 'ipv6' : 'ipv4';
  if (isIPv6(address) !== (family === 'ipv6')) return hit('block: of the other family', false);
  const block = new BlockList();
  block.addSubnet(network, Number(prefix), family);
  return hit('block: of the same family', block.check(address, family));
}

/** Whether the destination is a pod whose port of that name is the one connected to. `protocol` null: of any. */
export function hasNamedPort(end: End, name: string, connection: Connection, port: number | null): boolean {
  if (end.kind !== 'pod') return hit('named port: only pods have names', false);
  for (const container of end.pod.spec.containers)
    for (const declared of container.ports ?? [])
      if (
        declared.name === name &&
        declared.containerPort === port &&
        (declared.protocol ?? 'TCP') === connection.protocol
      )
        return hit('named port: matches', true);
  return hit('named port: means another port', false);
}

/** Whether a port of that name has this number: as one reads the names of ports. */
export type NamedPortTest = (name: string, port: number) => boolean;

/**
 * What rules say when port names are read as the destination's own. Cilium's older versions read those of egress rules
 * as the one number that the name has in all pods; where that says something else, nobody can tell.
 */
export function underEachReading(question: Question, rules: (hasPort: NamedPortTest) => Truth): Truth {
  const { connection, destination } = question;
  const own = rules((name, port) => hasNamedPort(destination, name, connection, port));
  if (question.dataPlane !== 'cilium' || question.direction !== 'egress') return own;
  const everywhere = rules((name, port) => {
    const numbers = new Set<number>();
    for (const object of question.objects)
      if (object.kind === 'Pod' && object.spec.hostNetwork !== true)
        for (const container of object.spec.containers)
          for (const declared of container.ports ?? [])
            if (declared.name === name && (declared.protocol ?? 'TCP') === connection.protocol)
              numbers.add(declared.containerPort);
    return numbers.size === 1 && numbers.has(port);
  });
  return own === everywhere ? own : hit('named port: versions of Cilium differ', 'unknown');
}

export const isIPv6 = (address: string) => address.includes(':');

export const hasPorts = (protocol: string) => ['TCP', 'UDP', 'SCTP'].includes(protocol);

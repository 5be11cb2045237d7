import type { ObjectName } from '../../../kubernetes/owners.js';
import type { Endpoint, Pod, PodEndpoint } from '../../cluster/endpoint.js';
import { type StateAt, unaddressed, withoutAddress } from '../../history/state_at.js';
import type { ClusterTimeline } from '../../history/timeline.js';
import { parseIp } from '../../ip.js';

/** One of the ends that a name stands for. */
export interface NamedEnd {
  /** What it is called where the ends of one name are told apart: `shop/web-0`, `10.0.0.0/9`. */
  readonly name: string;
  readonly endpoint: Endpoint;
  /** For a template: another pod that is made of it, for connections between the two. */
  readonly replica?: PodEndpoint;
}

/** Pods and workloads by namespace/name, then by kind. */
export function namesIn(
  timeline: ClusterTimeline,
  state: StateAt,
): Map<string, Map<string, readonly NamedEnd[]>> {
  const pods = new Map<string, Map<string, Pod[]>>();
  const add = (pod: Pod, { kind, name }: ObjectName) => {
    const path = `${pod.namespace}/${name}`;
    const kinds = pods.get(path) ?? new Map<string, Pod[]>();
    pods.set(path, kinds);
    const same = kinds.get(kind);
    if (same === undefined) kinds.set(kind, [pod]);
    else same.push(pod);
  };
  for (const pod of state.pods) {
    add(pod, { kind: 'Pod', name: pod.name });
    for (const owner of timeline.ownersOf(pod)) add(pod, owner);
  }
  const names = new Map<string, Map<string, readonly NamedEnd[]>>();
  for (const [path, kinds] of pods) {
    names.set(path, new Map([...kinds].map(([kind, list]) => [kind, endsOfPods(list)])));
  }
  for (const { kind, namespace, name, pod } of state.standIns) {
    const path = `${namespace}/${name}`;
    const kinds = names.get(path) ?? new Map<string, readonly NamedEnd[]>();
    names.set(path, kinds.set(kind, [standInEnd(pod)]));
  }
  return names;
}

/** Those of the pods with an address; where none has one, as in manifests, all of them without that have not ended. */
function endsOfPods(pods: readonly Pod[]): NamedEnd[] {
  const running = pods.filter(({ addresses }) => addresses.length > 0);
  if (running.length === 0) {
    const waiting = pods.filter(({ hasEnded }) => !hasEnded);
    return waiting.length > 0 ? waiting.map(endWithoutAddress) : pods.map(endOfEnded);
  }
  return running.flatMap((pod) =>
    pod.addresses.map((address) => {
      const name = `${pod.namespace}/${pod.name}${pod.addresses.length > 1 ? ` (${address})` : ''}`;
      return { name, endpoint: endpointOf(pod, address) };
    }),
  );
}

function endWithoutAddress(pod: Pod): NamedEnd {
  return { name: nameOf(pod), endpoint: unaddressed(pod) };
}

function endOfEnded(pod: Pod): NamedEnd {
  const name = nameOf(pod);
  return { name, endpoint: { kind: 'unknown', address: name, ip: undefined, why: `${name} has ended` } };
}

function nameOf({ namespace, name }: Pod): string {
  return `${namespace}/${name}`;
}

function endpointOf(pod: Pod, address: string): Endpoint {
  const ip = parseIp(address);
  if (!pod.hostNetwork) return { kind: 'pod', address, ip, pod };
  if (pod.node !== null) return { kind: 'node', address, ip, node: pod.node };
  const why = `${nameOf(pod)} shares the network of its node, and which node that is is not known`;
  return { kind: 'unknown', address, ip, why };
}

function standInEnd(pod: Pod): NamedEnd {
  const end = { name: `${pod.namespace}/${pod.name}`, endpoint: unaddressed(pod) };
  const another = { ...pod, name: `another ${pod.name}` };
  return pod.hostNetwork ? end : { ...end, replica: withoutAddress(another) };
}

import { closest } from '../../closest.js';
import { KtapeError } from '../../errors.js';
import type { ObjectName } from '../../kubernetes/owners.js';
import { formatTime } from '../../tape/time.js';
import type { Endpoint, Pod, PodEndpoint } from '../cluster/cluster_state.js';
import { type StateAt, withoutAddress } from '../history/state_at.js';
import type { ClusterTimeline } from '../history/timeline.js';
import { type Cidr, canonicalIp, formatIp, parseCidr, parseIp } from '../ip.js';
import { blocksIn } from './address_blocks.js';
import { addressBytes, common, cutByBlocks, familyOf, rangeOf, rangeText } from './address_ranges.js';

/** One of the ends that a name stands for. */
export interface End {
  /** What it is called where the ends of one name are told apart: `shop/web-0`, `10.0.0.0/9`. */
  readonly name: string;
  readonly endpoint: Endpoint;
  /** For a template: another pod that is made of it, for connections between the two. */
  readonly replica?: PodEndpoint;
}

/** Who is meant by a name. */
export interface Who {
  /** As it was asked for. */
  readonly asked: string;
  /** At least one; a pod has one for each of its addresses, a block one for each part that policies tell apart. */
  readonly ends: readonly End[];
}

/** `shop/web`, `shop/web[Deployment]`. */
const NAME = /^([^/[\]]+)\/([^/[\]]+)(?:\[(\w+)\])?$/;

/** Names kept with what they stand for; more than any cluster has, fewer than there are addresses. */
const KEPT = 100_000;

/** Names that an error lists. */
const LISTED = 12;

/** What names, addresses and blocks stand for at one instant. */
export class Directory {
  private readonly known = new Map<string, Who | KtapeError>();
  private readonly byName: ReadonlyMap<string, ReadonlyMap<string, readonly End[]>>;
  private blocks: readonly Cidr[] | undefined;

  constructor(
    private readonly timeline: ClusterTimeline,
    readonly state: StateAt,
  ) {
    this.byName = namesIn(timeline, state);
  }

  /**
   * Who is meant by `namespace/pod`, `namespace/workload` (all its pods), `namespace/name[Kind]`, an IP address, or a
   * block, which means the addresses in it that no pod, node or service has. Throws a KtapeError that says what is there
   * instead, where it is none of these, nobody has the name or several kinds of objects have it. Where the recording does
   * not know the pods of that instant, the end is an unknown one.
   */
  who(asked: string): Who {
    const known = this.known.get(asked) ?? this.remembered(asked);
    if (known instanceof KtapeError) throw known;
    return known;
  }

  private remembered(asked: string): Who | KtapeError {
    if (this.known.size >= KEPT) this.known.clear();
    const found = this.find(asked);
    this.known.set(asked, found);
    return found;
  }

  private find(asked: string): Who | KtapeError {
    try {
      return { asked, ends: this.endsOf(asked) };
    } catch (error) {
      if (error instanceof KtapeError) return error;
      throw error;
    }
  }

  private endsOf(asked: string): readonly End[] {
    const address = canonicalIp(asked);
    if (address !== undefined) return [{ name: address, endpoint: this.state.endpointAt(address) }];
    const cidr = parseCidr(asked);
    if (cidr !== undefined) return this.partsOf(cidr);
    const [, namespace, name, kind] = NAME.exec(asked) ?? [];
    if (namespace === undefined || name === undefined) {
      throw new KtapeError(
        `"${asked}" is no end of a connection; expected namespace/name, namespace/name[Kind], an IP address or a block such as 10.0.0.0/8`,
      );
    }
    return this.named(asked, namespace, name, kind);
  }

  /** One address for each part into which the blocks of the policies cut this one. */
  private partsOf(cidr: Cidr): End[] {
    const range = rangeOf(cidr);
    if (range.first === range.last) {
      const address = formatIp(cidr.bytes);
      return [{ name: address, endpoint: this.state.endpointAt(address) }];
    }
    this.blocks ??= blocksIn(this.state);
    const family = familyOf(cidr.bytes);
    return common(cutByBlocks(family, this.blocks), [range]).map((part) => {
      const ip = addressBytes(family, part.first);
      return { name: rangeText(part), endpoint: { kind: 'external', address: formatIp(ip), ip } };
    });
  }

  private named(asked: string, namespace: string, name: string, kind: string | undefined): readonly End[] {
    if (kind === 'Service') return this.service(asked, namespace, name);
    const kinds = this.byName.get(`${namespace}/${name}`) ?? new Map<string, readonly End[]>();
    if (kind !== undefined) return kinds.get(kind) ?? this.unknown(asked, namespace, name, [...kinds.keys()]);
    const [ends, ...others] = kinds.values();
    if (ends === undefined) return this.unknown(asked, namespace, name, []);
    if (others.some((other) => !isSame(ends, other))) {
      const choice = [...kinds.keys()].map((one) => `${namespace}/${name}[${one}]`);
      throw new KtapeError(`"${asked}" is ambiguous: say which of ${choice.join(', ')} is meant`);
    }
    return ends;
  }

  private service(asked: string, namespace: string, name: string): End[] {
    const service = `${namespace}/${name}`;
    const { services } = this.timeline.history;
    if (services.portsOf(service, this.state.time) === undefined) {
      const kinds = [...(this.byName.get(service)?.keys() ?? [])];
      return [...this.unknown(asked, namespace, name, kinds)];
    }
    return [{ name: asked, endpoint: { kind: 'service', address: service, ip: undefined, service } }];
  }

  /** Nobody has the name: where that is sure, it is an error. */
  private unknown(asked: string, namespace: string, name: string, kinds: readonly string[]): readonly End[] {
    const why = this.state.whyUnknown('Pod');
    if (why !== undefined) {
      return [{ name: asked, endpoint: { kind: 'unknown', address: asked, ip: undefined, why } }];
    }
    const path = `${namespace}/${name}`;
    const isService = this.timeline.history.services.portsOf(path, this.state.time) !== undefined;
    const there = [...kinds, ...(isService ? ['Service'] : [])].map((kind) => `${path}[${kind}]`);
    throw new KtapeError(`nothing is named "${asked}"${this.insteadOf(path, namespace, there)}`);
  }

  private insteadOf(path: string, namespace: string, there: readonly string[]): string {
    if (there.length > 0) return `; there is ${there.join(' and ')}`;
    const workloads = this.workloads();
    const near = workloads.get(namespace);
    const others =
      near === undefined
        ? `; there are pods in ${listed([...workloads.keys()]) || 'no namespace'}`
        : `; namespace ${namespace} has ${listed([...near])}`;
    return closest(path, [...this.byName.keys()]) + others + this.otherTimes(path);
  }

  /** Names of the outermost workloads by namespace. */
  private workloads(): Map<string, Set<string>> {
    const owned = this.state.pods.map((pod) => ({
      ...this.timeline.workloadOf(pod),
      namespace: pod.namespace,
    }));
    const workloads = new Map<string, Set<string>>();
    for (const { namespace, name } of [...owned, ...this.state.standIns]) {
      workloads.set(namespace, (workloads.get(namespace) ?? new Set()).add(name));
    }
    return workloads;
  }

  /** When there was a pod of that name, if not now. */
  private otherTimes(path: string): string {
    const versions = this.timeline.history.pods.get(path)?.all ?? [];
    const first = versions[0];
    if (first === undefined) return '';
    const last = versions.at(-1);
    const end = last?.value === undefined ? ` to ${formatTime(last?.from ?? first.from)}` : ' on';
    return `; a pod of that name was there from ${formatTime(first.from)}${end}`;
  }
}

/** Pods and workloads by namespace/name, then by kind. */
function namesIn(timeline: ClusterTimeline, state: StateAt): Map<string, Map<string, readonly End[]>> {
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
  const names = new Map<string, Map<string, readonly End[]>>();
  for (const [path, kinds] of pods) {
    names.set(path, new Map([...kinds].map(([kind, list]) => [kind, endsOfPods(list)])));
  }
  for (const { kind, namespace, name, pod } of state.standIns) {
    const path = `${namespace}/${name}`;
    const kinds = names.get(path) ?? new Map<string, readonly End[]>();
    names.set(path, kinds.set(kind, [standInEnd(pod)]));
  }
  return names;
}

/** Those of the pods with an address; where none has one, as in manifests, all of them without. */
function endsOfPods(pods: readonly Pod[]): End[] {
  const running = pods.filter(({ addresses }) => addresses.length > 0);
  if (running.length === 0)
    return pods.map((pod) => ({ name: `${pod.namespace}/${pod.name}`, endpoint: without(pod) }));
  return running.flatMap((pod) =>
    pod.addresses.map((address) => {
      const name = `${pod.namespace}/${pod.name}${pod.addresses.length > 1 ? ` (${address})` : ''}`;
      return { name, endpoint: endpointOf(pod, address) };
    }),
  );
}

function endpointOf(pod: Pod, address: string): Endpoint {
  const ip = parseIp(address);
  if (pod.hostNetwork && pod.node !== null) return { kind: 'node', address, ip, node: pod.node };
  return { kind: 'pod', address, ip, pod };
}

function standInEnd(pod: Pod): End {
  const end = { name: `${pod.namespace}/${pod.name}`, endpoint: without(pod) };
  const another = { ...pod, name: `another ${pod.name}` };
  return pod.hostNetwork ? end : { ...end, replica: withoutAddress(another) };
}

/** What shares a node's network is judged by the node's address, which is not known before the pod runs. */
function without(pod: Pod): Endpoint {
  if (!pod.hostNetwork) return withoutAddress(pod);
  const why = `${pod.namespace}/${pod.name} shares the network of its node, whose address is not known`;
  return { kind: 'unknown', address: `${pod.namespace}/${pod.name}`, ip: undefined, why };
}

function isSame(a: readonly End[], b: readonly End[]): boolean {
  return a.length === b.length && a.every(({ name }) => b.some((other) => other.name === name));
}

function listed(names: readonly string[]): string {
  const more = names.length - LISTED;
  return names.slice(0, LISTED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

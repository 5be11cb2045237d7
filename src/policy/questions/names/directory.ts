import { closest, nearest } from '../../../closest.js';
import { KtapeError, UsageError } from '../../../errors.js';
import { shortTime } from '../../../tape/time.js';
import type { StateAt } from '../../history/state_at.js';
import type { ClusterTimeline } from '../../history/timeline.js';
import { type Cidr, canonicalIp, formatIp, parseCidr, parseIp } from '../../ip.js';
import { blocksIn } from '../address_blocks.js';
import { common, cutByBlocks, rangeOf } from '../address_ranges.js';
import { endsOfBlock } from './block_ends.js';
import { type NamedEnd, namesIn } from './named_ends.js';

/** Who is meant by a name. */
export interface Who {
  /** As it was asked for. */
  readonly asked: string;
  /** At least one; a pod has one for each of its addresses, a block one for each part that policies tell apart. */
  readonly ends: readonly NamedEnd[];
  /** Of a block, a sentence on the addresses in it that somebody in the cluster has and that were left out. */
  readonly leftOut?: string;
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
  private readonly byName: ReadonlyMap<string, ReadonlyMap<string, readonly NamedEnd[]>>;
  private blocks: readonly Cidr[] | undefined;

  constructor(
    private readonly timeline: ClusterTimeline,
    readonly state: StateAt,
  ) {
    this.byName = namesIn(timeline, state);
  }

  /**
   * Who is meant by `namespace/pod`, `namespace/workload` (all its pods), `namespace/name[Kind]`, an IP address, or a
   * block, which means the addresses in it that no pod, node or service has, if there are any. Throws a KtapeError that says what is there
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
      const cidr = parseCidr(asked);
      return cidr === undefined ? { asked, ends: this.endsOf(asked) } : this.atBlock(asked, cidr);
    } catch (error) {
      if (error instanceof KtapeError) return error;
      throw error;
    }
  }

  private endsOf(asked: string): readonly NamedEnd[] {
    const address = canonicalIp(asked);
    if (address !== undefined) return this.atAddress(address);
    const [, namespace, name, kind] = NAME.exec(asked) ?? [];
    const ip = namespace === undefined ? undefined : parseIp(namespace);
    if (ip !== undefined) {
      const family = ip.length === 4 ? 'IPv4' : 'IPv6';
      throw new UsageError(`"${asked}" is no block: the prefix of ${family} is 0 to ${ip.length * 8}`);
    }
    if (namespace === undefined || name === undefined) {
      throw new UsageError(
        `"${asked}" is no end of a connection${this.withNamespace(asked)}; expected namespace/name, namespace/name[Kind], an IP address or a block such as 10.0.0.0/8`,
      );
    }
    return this.named(asked, namespace, name, kind);
  }

  private atBlock(asked: string, cidr: Cidr): Who {
    const range = rangeOf(cidr);
    if (range.first === range.last) return { asked, ends: this.atAddress(formatIp(cidr.bytes)) };
    this.blocks ??= blocksIn(this.state);
    const parts = common(cutByBlocks(range.family, this.blocks), [range]);
    const { ends, leftOut } = endsOfBlock(range, parts, this.state);
    return leftOut === undefined ? { asked, ends } : { asked, ends, leftOut };
  }

  private atAddress(address: string): NamedEnd[] {
    return [{ name: address, endpoint: this.state.endpointAt(address) }];
  }

  private named(
    asked: string,
    namespace: string,
    name: string,
    kind: string | undefined,
  ): readonly NamedEnd[] {
    if (kind === 'Service') return this.service(asked, namespace, name);
    const kinds = this.byName.get(`${namespace}/${name}`) ?? new Map<string, readonly NamedEnd[]>();
    if (kind !== undefined) return kinds.get(kind) ?? this.unknown(asked, namespace, name, [...kinds.keys()]);
    const [ends, ...others] = kinds.values();
    if (ends === undefined) return this.service(asked, namespace, name);
    if (others.some((other) => !isSame(ends, other))) {
      const choice = [...kinds.keys()].map((one) => `${namespace}/${name}[${one}]`);
      throw new KtapeError(`"${asked}" is ambiguous: say which of ${choice.join(', ')} is meant`);
    }
    return ends;
  }

  private service(asked: string, namespace: string, name: string): NamedEnd[] {
    const service = `${namespace}/${name}`;
    const { services } = this.timeline.history;
    if (services.portsOf(service, this.state.time) === undefined) {
      const kinds = [...(this.byName.get(service)?.keys() ?? [])];
      return [...this.unknown(asked, namespace, name, kinds)];
    }
    return [{ name: asked, endpoint: { kind: 'service', address: service, ip: undefined, service } }];
  }

  /** Nobody has the name: where that is sure, it is an error. */
  private unknown(
    asked: string,
    namespace: string,
    name: string,
    kinds: readonly string[],
  ): readonly NamedEnd[] {
    const why = this.state.whyUnknown('Pod');
    if (why !== undefined) {
      return [{ name: asked, endpoint: { kind: 'unknown', address: asked, ip: undefined, why } }];
    }
    const path = `${namespace}/${name}`;
    const namespaces = [...this.namespaces()];
    if (!namespaces.includes(namespace)) {
      const instead = `; there are: ${listed(namespaces) || 'none'}`;
      const hint = closest(namespace, namespaces);
      throw new KtapeError(`there is no namespace "${namespace}"${hint}${instead}${this.otherTimes(path)}`);
    }
    const isService = this.timeline.history.services.portsOf(path, this.state.time) !== undefined;
    const there = [...kinds, ...(isService ? ['Service'] : [])].map((kind) => `${path}[${kind}]`);
    throw new KtapeError(`nothing is named "${asked}"${this.insteadOf(path, namespace, there)}`);
  }

  private insteadOf(path: string, namespace: string, there: readonly string[]): string {
    if (there.length > 0) return `; there is ${there.join(' and ')}`;
    const near = this.workloads().get(namespace) ?? [];
    const others = `; namespace ${namespace} has ${listed([...near]) || 'no pods'}`;
    return closest(path, [...this.byName.keys()]) + others + this.otherTimes(path);
  }

  /** Of a name without a namespace, a hint at those that are alike. */
  private withNamespace(name: string): string {
    const paths = [...this.byName.keys()];
    const near = nearest(
      name,
      paths.map((path) => path.slice(path.indexOf('/') + 1)),
    );
    const meant = paths.filter((path) => path.endsWith(`/${near}`));
    return meant.length === 0 ? '' : ` (did you mean ${listed(meant)}?)`;
  }

  /** Namespaces that were seen themselves or by their pods. */
  private namespaces(): Set<string> {
    const { namespaces } = this.timeline.history;
    const seen = [...namespaces].flatMap(([name, versions]) =>
      versions.at(this.state.time) === undefined ? [] : name,
    );
    return new Set([...this.workloads().keys(), ...seen]);
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
    const end = last?.value === undefined ? ` to ${shortTime(last?.from ?? first.from)}` : ' on';
    return `; a pod of that name was there from ${shortTime(first.from)}${end}`;
  }
}

function isSame(a: readonly NamedEnd[], b: readonly NamedEnd[]): boolean {
  return a.length === b.length && a.every(({ name }) => b.some((other) => other.name === name));
}

function listed(names: readonly string[]): string {
  const more = names.length - LISTED;
  return [...names].sort().slice(0, LISTED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

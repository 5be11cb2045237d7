import type { Endpoint, ExternalEndpoint, NodeEndpoint, PodEndpoint } from '../../cluster/endpoint.js';
import type { StateAt } from '../../history/state_at.js';
import type { ClusterTimeline } from '../../history/timeline.js';
import { type Cidr, formatIp, parseIp } from '../../ip.js';
import { blocksIn } from '../address_blocks.js';
import {
  type AddressRange,
  cutByBlocks,
  type Family,
  familyOf,
  firstFree,
  joined,
} from '../address_ranges.js';
import { type PodUnit, podUnits, workloadKey } from './pod_units.js';
import { Treatment } from './treatment.js';

/** Pods of one workload that the policies treat alike. */
export interface WorkloadEnd {
  readonly kind: 'workload';
  readonly namespace: string;
  readonly name: string;
  /** `Deployment`; `Pod` where nothing owns it. */
  readonly workloadKind: string;
  /** Names of its pods; empty where its template stands for them. */
  readonly pods: readonly string[];
  /** Names of these pods or their IP family, where others of the workload are treated otherwise; else ''. */
  readonly variant: string;
  /** One for each address of its pods. */
  readonly endpoints: readonly PodEndpoint[];
}

/** Nodes that the policies treat alike, and otherwise than the outside. */
interface NodesEnd {
  readonly kind: 'nodes';
  readonly nodes: readonly string[];
  readonly endpoints: readonly NodeEndpoint[];
}

/** Addresses that the policies treat alike where no pod, node or service has them. */
interface OutsideEnd {
  readonly kind: 'outside';
  /** Joined, those of IPv4 first. */
  readonly ranges: readonly AddressRange[];
  /** One for each part into which policies cut them. */
  readonly endpoints: readonly ExternalEndpoint[];
}

export type MatrixEnd = WorkloadEnd | NodesEnd | OutsideEnd;

type Treated = (endpoint: Endpoint) => string;

/**
 * The ends of connections to tell apart: pods of a workload are one end where each policy of each of the clusters,
 * which differ from the state in nothing but policies, treats them alike.
 */
export function endsOf(
  timeline: ClusterTimeline,
  state: StateAt,
  clusters: readonly StateAt[] = [state],
): MatrixEnd[] {
  const units = podUnits(timeline, state);
  const treatments = clusters.map((cluster) => new Treatment(cluster));
  const treated: Treated = (endpoint) => treatments.map((one) => one.of(endpoint)).join();
  const blocks = clusters.flatMap(blocksIn);
  return [
    ...workloadEnds(units, treated),
    ...nodeEnds(timeline, state.time, treated),
    ...outsideEnds(outsideParts(state, blocks, familiesIn(units, blocks)), treated),
  ];
}

function workloadEnds(units: readonly PodUnit[], treated: Treated): WorkloadEnd[] {
  const ends = groupsOf(units, workloadKey).flatMap((all) => {
    const groups = groupsOf(all, ({ endpoint }) => treated(endpoint));
    return groups.map((group) => workloadEnd(group, groups.length === 1 ? '' : variantOf(group, all)));
  });
  return ends.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

function workloadEnd(group: Group<PodUnit>, variant: string): WorkloadEnd {
  const [{ workload, endpoint }] = group;
  return {
    kind: 'workload',
    namespace: endpoint.pod.namespace,
    name: workload.name,
    workloadKind: workload.kind,
    pods: podNames(group),
    variant,
    endpoints: group.map((unit) => unit.endpoint),
  };
}

function sortKey({ namespace, name, workloadKind, variant }: WorkloadEnd): string {
  return [namespace, name, workloadKind, variant].join(' ');
}

function podNames(units: readonly PodUnit[]): string[] {
  return [
    ...new Set(units.flatMap(({ isTemplate, endpoint }) => (isTemplate ? [] : endpoint.pod.name))),
  ].sort();
}

/** `web-1 and web-2`, with the family where the same pods are treated otherwise at their other address. */
function variantOf(group: readonly PodUnit[], all: readonly PodUnit[]): string {
  const names = podNames(group);
  const others = all.filter((unit) => !group.includes(unit));
  const isOfFamily = others.some(({ endpoint }) => names.includes(endpoint.pod.name));
  const isOfPods = others.some(({ endpoint }) => !names.includes(endpoint.pod.name));
  const families = new Set(group.map(({ endpoint }) => (endpoint.ip?.length === 16 ? 'IPv6' : 'IPv4')));
  const shown = names.length > 3 ? [...names.slice(0, 2), `${names.length - 2} more`] : names;
  return [...(isOfPods ? [shown.join(', ')] : []), ...(isOfFamily ? [[...families].join(', ')] : [])].join(
    ' ',
  );
}

/** Only where a policy means nodes by what they are: else they are treated as the outside is. */
function nodeEnds({ history }: ClusterTimeline, time: bigint, treated: Treated): NodesEnd[] {
  const special = history.nodes.allAt(time).flatMap(({ address, owner }): NodeEndpoint[] => {
    const ip = parseIp(address);
    if (ip === undefined) return [];
    const node: NodeEndpoint = { kind: 'node', address, ip, node: owner };
    return treated(node) === treated({ kind: 'external', address, ip }) ? [] : [node];
  });
  return groupsOf(special, treated).map((endpoints) => ({
    kind: 'nodes',
    nodes: [...new Set(endpoints.map(({ node }) => node))].sort(),
    endpoints,
  }));
}

/** IPv4, unless everything is of IPv6; IPv6 where a pod or a block is. */
function familiesIn(units: readonly PodUnit[], blocks: readonly Cidr[]): Family[] {
  const addresses = [...units.map(({ endpoint }) => endpoint.ip), ...blocks.map(({ bytes }) => bytes)];
  const seen = new Set(addresses.flatMap((ip) => (ip === undefined ? [] : familyOf(ip))));
  return ([4, 16] as const).filter((family) => seen.has(family) || (family === 4 && seen.size === 0));
}

/** A part of what is outside, and an address in it. */
interface OutsidePart {
  readonly range: AddressRange;
  readonly endpoint: ExternalEndpoint;
}

/** The parts into which blocks cut all addresses, without those of which pods and services have every address. */
function outsideParts(state: StateAt, blocks: readonly Cidr[], families: readonly Family[]): OutsidePart[] {
  const inUse = state.addressesInUse;
  // Nodes are of the outside, unless they are ends of their own.
  const isTaken = (address: string) => inUse.has(address) && state.endpointAt(address).kind !== 'node';
  const ranges = families.flatMap((family) => cutByBlocks(family, blocks));
  return ranges.flatMap((range): OutsidePart[] => {
    const ip = firstFree(range, isTaken);
    return ip === undefined ? [] : [{ range, endpoint: { kind: 'external', address: formatIp(ip), ip } }];
  });
}

/** Addresses of both families are one end where they are treated alike. */
function outsideEnds(parts: readonly OutsidePart[], treated: Treated): OutsideEnd[] {
  return groupsOf(parts, ({ endpoint }) => treated(endpoint)).map((group) => ({
    kind: 'outside',
    ranges: joined(group.map(({ range }) => range)),
    endpoints: group.map(({ endpoint }) => endpoint),
  }));
}

type Group<T> = readonly [T, ...T[]];

function groupsOf<T>(items: readonly T[], keyOf: (item: T) => string): Group<T>[] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

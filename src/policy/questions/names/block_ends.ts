import type { Endpoint } from '../../cluster/endpoint.js';
import type { StateAt } from '../../history/state_at.js';
import { formatIp, type IpBytes, parseIp } from '../../ip.js';
import { type AddressRange, familyOf, firstFree, rangeText } from '../address_ranges.js';
import type { NamedEnd } from './named_ends.js';

/** Addresses that a sentence names. */
const NAMED = 4;

/** An address in a block that somebody in the cluster has. */
interface Taken {
  readonly address: string;
  readonly number: bigint;
}

/** What stands for a block, and who in it does not. */
export interface BlockEnds {
  readonly ends: readonly NamedEnd[];
  /** A sentence on the addresses of the cluster that are in the block and were left out; undefined where none is. */
  readonly leftOut: string | undefined;
}

/**
 * The addresses in these parts of a block that nobody in the cluster has, by the first such of each part. A block of nothing
 * but pods, nodes and services is these. Where the pods are not known, nobody knows whose the addresses are.
 */
export function endsOfBlock(block: AddressRange, parts: readonly AddressRange[], state: StateAt): BlockEnds {
  const taken = takenIn(block, state);
  const addresses = new Set(taken.map(({ address }) => address));
  const outside = parts.flatMap((part) => {
    const ip = firstFree(part, (address) => addresses.has(address));
    return ip === undefined ? [] : { name: rangeText(part), endpoint: outsideAt(ip, state) };
  });
  if (outside.length > 0) return { ends: outside, leftOut: leftOut(block, taken, state) };
  const ends = taken.map(({ address }) => ({
    name: saidAt(address, state),
    endpoint: state.endpointAt(address),
  }));
  return { ends, leftOut: undefined };
}

function takenIn(block: AddressRange, state: StateAt): Taken[] {
  const numbered = [...state.addressesInUse].flatMap((address) => {
    const bytes = parseIp(address);
    if (bytes === undefined || familyOf(bytes) !== block.family) return [];
    const number = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    return isIn(block, number) ? { address, number } : [];
  });
  return numbered.sort((a, b) => (a.number < b.number ? -1 : 1));
}

function isIn({ first, last }: AddressRange, number: bigint): boolean {
  return first <= number && number <= last;
}

function outsideAt(ip: IpBytes, state: StateAt): Endpoint {
  const address = formatIp(ip);
  const why = state.whyUnknown('Pod');
  return why === undefined ? { kind: 'external', address, ip } : { kind: 'unknown', address, ip, why };
}

/** All addresses are a way to say: what is outside. */
function leftOut(block: AddressRange, taken: readonly Taken[], state: StateAt): string | undefined {
  if (taken.length === 0 || block.last - block.first === (1n << BigInt(block.family * 8)) - 1n)
    return undefined;
  const names = taken.slice(0, NAMED).map(({ address }) => saidAt(address, state));
  const more = taken.length - names.length;
  if (more > 0) names.push(`${more} more`);
  const all = [names.slice(0, -1).join(', '), names.at(-1)].filter((text) => text !== '').join(' and ');
  return `${all} ${taken.length === 1 ? 'is' : 'are'} in ${rangeText(block)} and ${taken.length === 1 ? 'was' : 'were'} left out: a block means the addresses in it that no pod, node or service has.`;
}

/** `10.0.0.1 (shop/web)`. */
function saidAt(address: string, state: StateAt): string {
  const endpoint = state.endpointAt(address);
  if (endpoint.kind === 'pod') return `${address} (${endpoint.pod.namespace}/${endpoint.pod.name})`;
  if (endpoint.kind === 'node') return `${address} (node ${endpoint.node})`;
  return endpoint.kind === 'service' ? `${address} (service ${endpoint.service})` : address;
}

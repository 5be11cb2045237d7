import type { Connection, Endpoint } from '../../cluster/endpoint.js';
import type { StateAt } from '../../history/state_at.js';
import { formatIp } from '../../ip.js';
import { peerEndOf } from '../../rules/ends.js';
import { DIRECTIONS, type Direction } from '../../rules/policy.js';
import type { Evaluator } from '../../verdict/evaluator.js';
import { blocksIn } from '../address_blocks.js';
import { type AddressRange, cutByBlocks, firstFree, joined, rangesText } from '../address_ranges.js';
import type { Pair } from './pairs.js';

/**
 * A sentence for each pod that has no address yet, such as a template, and that would be let through if it had one in a
 * block: to be allowed by its address it is taken to be in none.
 */
export function addressNotes(evaluator: Evaluator, state: StateAt, pairs: readonly Pair[]): string[] {
  const notes = pairs.flatMap((pair) =>
    DIRECTIONS.flatMap((direction) => noteOn(direction, pair, evaluator, state)),
  );
  return [...new Set(notes)];
}

function noteOn(
  direction: Direction,
  { from, to, connection }: Pair,
  evaluator: Evaluator,
  state: StateAt,
): string[] {
  const peer = peerEndOf(direction, connection);
  if (peer.kind !== 'pod' || peer.ip !== undefined) return [];
  if (evaluator.evaluate(connection)[direction].verdict !== 'denied') return [];
  const inUse = state.addressesInUse;
  const allowing = ([4, 16] as const)
    .flatMap((family) => cutByBlocks(family, blocksIn(state)))
    .filter((part) => {
      const tried = atAddress(peer, part, inUse);
      const changed = tried && withPeer(direction, connection, tried);
      return changed && evaluator.evaluate(changed)[direction].verdict === 'allowed';
    });
  if (allowing.length === 0) return [];
  const who = direction === 'ingress' ? from : to;
  const where = rangesText(joined(allowing));
  return [
    `${who} has no address yet and is taken to be outside the blocks that are allowed; with one in ${where}, ${direction} would be allowed.`,
  ];
}

function atAddress(pod: Endpoint, part: AddressRange, inUse: ReadonlySet<string>): Endpoint | undefined {
  const ip = firstFree(part, (address) => inUse.has(address));
  return ip && { ...pod, address: formatIp(ip), ip };
}

function withPeer(direction: Direction, connection: Connection, peer: Endpoint): Connection | undefined {
  const changed =
    direction === 'ingress' ? { ...connection, source: peer } : { ...connection, destination: peer };
  const { source, destination } = changed;
  const isOneFamily = !source.ip || !destination.ip || source.ip.length === destination.ip.length;
  return isOneFamily ? changed : undefined;
}

import { type Cidr, parseCidr, parseIp } from '../ip.js';
import { AddressBlock } from '../rules/address_block.js';
import { listOf, said } from '../rules/fields.js';
import type { Match } from '../rules/match.js';
import { InvalidPolicy } from '../rules/problem.js';

/**
 * Reads a list of address blocks; a single address is a block of its own.
 * @param unaddressed whether they have a pod that has no address yet.
 */
export function netsOf(value: unknown, where: string, unaddressed: Match): AddressBlock[] {
  const nets = listOf(value, where) ?? [];
  return nets.map((net, i) => new AddressBlock(netOf(net, `${where}[${i}]`), [], String(net), unaddressed));
}

/** Throws InvalidPolicy for what is neither a block nor an address. */
export function netOf(value: unknown, where: string): Cidr {
  const text = typeof value === 'string' ? value : '';
  const bytes = parseIp(text);
  const block = bytes === undefined ? parseCidr(text) : { bytes, prefix: bytes.length * 8 };
  if (block !== undefined) return block;
  throw new InvalidPolicy(where, `is ${said(value)}, not an address or a block such as 10.0.0.0/8`);
}

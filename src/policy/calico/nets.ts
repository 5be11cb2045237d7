import { type Cidr, parseCidr, parseIp } from '../ip.js';
import { AddressBlock } from '../rules/address_block.js';
import { listOf, said } from '../rules/fields.js';
import { InvalidPolicy } from '../rules/problem.js';

/** Reads a list of address blocks; a single address is a block of its own. */
export function netsOf(value: unknown, where: string): AddressBlock[] {
  const nets = listOf(value, where) ?? [];
  return nets.map((net, i) => new AddressBlock(netOf(net, `${where}[${i}]`), [], String(net)));
}

/** Throws InvalidPolicy for what is neither a block nor an address. */
export function netOf(value: unknown, where: string): Cidr {
  const bytes = typeof value === 'string' ? parseIp(value) : undefined;
  if (bytes !== undefined) return { bytes, prefix: bytes.length * 8 };
  const block = typeof value === 'string' ? parseCidr(value) : undefined;
  if (block !== undefined) return block;
  throw new InvalidPolicy(where, `is ${said(value)}, not an address or a block such as 10.0.0.0/8`);
}

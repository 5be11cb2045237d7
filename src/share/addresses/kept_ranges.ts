import { type Cidr, cidrWithin, type IpBytes, parseCidr } from '../../policy/ip.js';

/** Ranges whose addresses mean the same everywhere: they stay as they are (IANA's special-purpose registries). */
export const KEPT: readonly Cidr[] = [
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/128',
  '::1/128',
  'fe80::/10',
  'ff00::/8',
].map(cidr);

/** Ranges that stay as ranges, so that "is it a private address" has the same answer; inside, addresses are permuted. */
export const KEPT_AS_RANGES: readonly Cidr[] = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '172.16.0.0/12',
  '192.168.0.0/16',
  'fc00::/7',
].map(cidr);

/** Prefixes of IPv6 addresses that carry an IPv4 address in their last 32 bits (RFC 4291, RFC 6052). */
export const CARRYING_IPV4: readonly Cidr[] = ['::ffff:0:0/96', '64:ff9b::/96'].map(cidr);

/** Whether a block lies wholly in a range that stays as it is. */
export function isKept(block: Cidr): boolean {
  return KEPT.some((range) => cidrWithin(block, range));
}

/** Whether an address lies in a range that stays as it is. */
export function isKeptIp(bytes: IpBytes): boolean {
  return isKept({ bytes, prefix: 8 * bytes.length });
}

/** Whether a hardware address is one of a group of receivers (broadcast included), or none at all: these are nobody's. */
export function isGroup(mac: Uint8Array): boolean {
  return ((mac[0] ?? 0) & 1) === 1 || !mac.some(Boolean);
}

function cidr(text: string): Cidr {
  const parsed = parseCidr(text);
  if (parsed === undefined) throw new RangeError(`${text} is not an address block`);
  return parsed;
}

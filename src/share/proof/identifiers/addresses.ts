import { BlockList, isIP, isIPv4 } from 'node:net';

/** Ranges whose addresses mean the same everywhere, and identify nobody. */
const MEANT_FOR_ALL = blocks('0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '240.0.0.0/4');
const MEANT_FOR_ALL_IPV6 = blocks('::/127', 'fe80::/10', 'ff00::/8');

/** A link-local address that holds a hardware address. */
const EUI64 = /^fe[89ab][0-9a-f]:.*[0-9a-f]{0,2}ff:fe[0-9a-f]{2}:[0-9a-f]{1,4}$/i;

/** Lengths of the private ranges: so many bits of a private network's address tell nothing. */
const PRIVATE: readonly (readonly [BlockList, number])[] = [
  [blocks('10.0.0.0/8', 'fc00::/8', 'fd00::/8'), 8],
  [blocks('100.64.0.0/10'), 10],
  [blocks('172.16.0.0/12'), 12],
  [blocks('192.168.0.0/16'), 16],
];

/** So few bits of a network come out unchanged by chance. */
const CHANCE_BITS = 8;

/** Whether a text is an address or an address block. */
export function isAddress(text: string): boolean {
  return isIP(text.split('/')[0] ?? '') !== 0 && /^[^/]+(?:\/\d{1,3})?$/.test(text);
}

/** Whether an address or block is one of somebody's own: not one that means the same everywhere. */
export function identifies(text: string): boolean {
  const address = text.split('/')[0] ?? '';
  const list = isIPv4(address) ? MEANT_FOR_ALL : MEANT_FOR_ALL_IPV6;
  if (isAddress(text) && EUI64.test(address)) return true;
  return isAddress(text) && !list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6') && !tellsLittle(text);
}

/** The ways in which an address is written: as it is, and of IPv4 with other signs and as the DNS names it in reverse. */
export function formsOf(text: string): readonly string[] {
  if (!isIPv4(text)) return [text];
  const parts = text.split('.');
  return [
    text,
    ...['-', '_', '[.]'].map((sign) => parts.join(sign)),
    `${parts.toReversed().join('.')}.in-addr.arpa`,
  ];
}

/** Whether a block is a public range, or so much of one that every eighth bit of chance would give it. */
function tellsLittle(text: string): boolean {
  const [address = '', length] = text.split('/');
  if (length === undefined) return false;
  const family = isIPv4(address) ? 'ipv4' : 'ipv6';
  const known = PRIVATE.find(([list]) => list.check(address, family))?.[1] ?? 0;
  return Number(length) <= known + CHANCE_BITS;
}

function blocks(...ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', length] = range.split('/');
    list.addSubnet(address, Number(length), isIPv4(address) ? 'ipv4' : 'ipv6');
  }
  return list;
}

/** An IP address: 4 or 16 bytes in network order. */
export type IpBytes = Uint8Array;

const ZERO = 48;

/** An address block. */
export interface Cidr {
  readonly bytes: IpBytes;
  /** Leading bits that count. */
  readonly prefix: number;
}

/** Reads `10.1.2.3` or `2001:db8::1`; undefined for anything else, zones (`%eth0`) and leading zeros included. */
export function parseIp(text: string): IpBytes | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

/** Writes an address canonically (RFC 5952); throws a RangeError unless it has 4 or 16 bytes. */
export function formatIp(bytes: IpBytes): string {
  if (bytes.length === 4) return `${bytes[0]}.${bytes[1]}.${bytes[2]}.${bytes[3]}`;
  if (bytes.length === 16) return formatIpv6(bytes);
  throw new RangeError(`an IP address has 4 or 16 bytes, not ${bytes.length}`);
}

/** The canonical text of an address, so that two spellings compare equal; undefined when it is none. */
export function canonicalIp(text: string): string | undefined {
  const bytes = parseIp(text);
  return bytes && formatIp(bytes);
}

/** The IPv4 address that an IPv6 one stands for where a socket takes both (`::ffff:10.0.0.1`, RFC 4291); others as they are. */
export function unmapped(bytes: IpBytes): IpBytes {
  return isMapped(bytes) ? bytes.subarray(12) : bytes;
}

function isMapped(bytes: IpBytes): boolean {
  return (
    bytes[10] === 255 && bytes[11] === 255 && bytes.length === 16 && !bytes.subarray(0, 10).some(Boolean)
  );
}

/** Reads `10.0.0.0/8`; bits beyond the prefix are allowed and do not count. */
export function parseCidr(text: string): Cidr | undefined {
  const [, address = '', digits = ''] = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  const bytes = parseIp(address);
  const prefix = Number(digits);
  return bytes === undefined || prefix > bytes.length * 8 ? undefined : { bytes, prefix };
}

/** Whether the block holds the address; never across IPv4 and IPv6. */
export function cidrContains(cidr: Cidr, address: IpBytes): boolean {
  if (cidr.bytes.length !== address.length) return false;
  const whole = cidr.prefix >>> 3;
  for (let i = 0; i < whole; i++) if (cidr.bytes[i] !== address[i]) return false;
  const rest = cidr.prefix & 7;
  if (rest === 0) return true;
  const difference = (cidr.bytes[whole] ?? 0) ^ (address[whole] ?? 0);
  return difference >>> (8 - rest) === 0;
}

/** Whether `inner` lies wholly within `outer`. */
export function cidrWithin(inner: Cidr, outer: Cidr): boolean {
  return inner.prefix >= outer.prefix && cidrContains(outer, inner.bytes);
}

/** The first address of a block. */
export function firstOf({ bytes, prefix }: Cidr): IpBytes {
  return bytes.map((byte, i) => byte & (0xff00 >> Math.min(8, Math.max(0, prefix - 8 * i))));
}

/** The address after the last of a block; undefined where there is none. */
export function nextAfter(block: Cidr): IpBytes | undefined {
  const next = firstOf(block);
  for (let bit = block.prefix - 1; bit >= 0; bit--) {
    const mask = 128 >> (bit & 7);
    const byte = (next[bit >>> 3] ?? 0) ^ mask;
    next[bit >>> 3] = byte;
    if (byte & mask) return next;
  }
  return undefined;
}

/** Below zero where `a` comes before `b`, an address of its family; zero where they are the same. */
export function compareIps(a: IpBytes, b: IpBytes): number {
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Digit by digit, as addresses of millions of connections come as text. */
function parseIpv4(text: string): IpBytes | undefined {
  const bytes = new Uint8Array(4);
  let part = 0;
  let value = -1;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - ZERO;
    if (digit >= 0 && digit <= 9) {
      // A leading zero would be octal to some readers.
      if (value === 0) return undefined;
      value = value < 0 ? digit : 10 * value + digit;
      if (value > 255) return undefined;
    } else {
      if (text[i] !== '.' || value < 0 || part === 3) return undefined;
      bytes[part++] = value;
      value = -1;
    }
  }
  if (part !== 3 || value < 0) return undefined;
  bytes[3] = value;
  return bytes;
}

function parseIpv6(text: string): IpBytes | undefined {
  const [head = '', tail, ...more] = text.split('::');
  const left = groupsOf(head);
  const right = groupsOf(tail ?? '');
  if (more.length > 0 || left === undefined || right === undefined) return undefined;
  if (head.includes('.') && tail !== undefined) return undefined;
  const zeros = 8 - left.length - right.length;
  if (tail === undefined ? zeros !== 0 : zeros < 1) return undefined;
  const groups = [...left, ...new Array<number>(zeros).fill(0), ...right];
  return Uint8Array.from(groups.flatMap((group) => [group >>> 8, group & 255]));
}

/** The 16-bit groups of `2001:db8` or `ffff:10.0.0.1`; undefined when one is not a group. */
function groupsOf(text: string): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [i, part] of parts.entries()) {
    const v4 = i === parts.length - 1 && part.includes('.') ? parseIpv4(part) : undefined;
    if (v4 !== undefined) {
      const [a = 0, b = 0, c = 0, d = 0] = v4;
      groups.push((a << 8) | b, (c << 8) | d);
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

function formatIpv6(bytes: IpBytes): string {
  if (isMapped(bytes)) return `::ffff:${bytes.subarray(12).join('.')}`;
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0));
  const { start, length } = longestZeros(groups);
  const hex = groups.map((group) => group.toString(16));
  if (length < 2) return hex.join(':');
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`;
}

/** The longest run of zero groups, the first of equally long ones. */
function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let length = 0;
  for (const [i, group] of groups.entries()) {
    length = group === 0 ? length + 1 : 0;
    if (length > best.length) best = { start: i - length + 1, length };
  }
  return best;
}

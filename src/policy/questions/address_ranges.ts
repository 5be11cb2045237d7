import { type Cidr, formatIp, type IpBytes } from '../ip.js';

/** Bytes of an address: 4 for IPv4, 16 for IPv6. */
export type Family = 4 | 16;

/** Addresses of one family, as numbers, both ends included. */
export interface AddressRange {
  readonly family: Family;
  readonly first: bigint;
  readonly last: bigint;
}

/** Every address of a family. */
function wholeFamily(family: Family): AddressRange {
  return { family, first: 0n, last: (1n << BigInt(family * 8)) - 1n };
}

/** The addresses of a block. */
export function rangeOf({ bytes, prefix }: Cidr): AddressRange {
  const family = familyOf(bytes);
  const free = BigInt(family * 8 - prefix);
  const first = (bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n) >> free) << free;
  return { family, first, last: first + (1n << free) - 1n };
}

export function familyOf(bytes: IpBytes): Family {
  return bytes.length === 4 ? 4 : 16;
}

/** The parts, in order, into which the borders of the blocks cut all addresses of a family. */
export function cutByBlocks(family: Family, blocks: readonly Cidr[]): AddressRange[] {
  const whole = wholeFamily(family);
  const ranges = blocks.map(rangeOf).filter((range) => range.family === family);
  const starts = [whole.first, whole.last + 1n, ...ranges.flatMap(({ first, last }) => [first, last + 1n])];
  const ordered = [...new Set(starts)].sort((a, b) => (a < b ? -1 : 1));
  return ordered.slice(1).map((next, i) => ({ family, first: ordered[i] ?? 0n, last: next - 1n }));
}

/** The same addresses in as few ranges as there can be, those of IPv4 first, in order. */
export function joined(ranges: readonly AddressRange[]): AddressRange[] {
  const ordered = [...ranges].sort((a, b) => a.family - b.family || (a.first < b.first ? -1 : 1));
  const result: AddressRange[] = [];
  for (const range of ordered) {
    const before = result.at(-1);
    if (before?.family !== range.family || before.last + 1n < range.first) result.push(range);
    else if (range.last > before.last) result[result.length - 1] = { ...before, last: range.last };
  }
  return result;
}

/** The addresses that are in both lists. */
export function common(a: readonly AddressRange[], b: readonly AddressRange[]): AddressRange[] {
  return a.flatMap((one) =>
    b.flatMap((other) => {
      const first = one.first > other.first ? one.first : other.first;
      const last = one.last < other.last ? one.last : other.last;
      return one.family === other.family && first <= last ? { family: one.family, first, last } : [];
    }),
  );
}

/** The bytes of an address that is given as a number. */
export function addressBytes(family: Family, address: bigint): IpBytes {
  return Uint8Array.from({ length: family }, (_, i) =>
    Number((address >> BigInt(8 * (family - 1 - i))) & 255n),
  );
}

/** The first address of a range that is not taken, the address given as canonical text; undefined where all are. */
export function firstFree(
  { family, first, last }: AddressRange,
  isTaken: (address: string) => boolean,
): IpBytes | undefined {
  for (let number = first; number <= last; number++) {
    const ip = addressBytes(family, number);
    if (!isTaken(formatIp(ip))) return ip;
  }
  return undefined;
}

/** `10.0.0.0/8`, or `10.0.0.1-10.0.0.9` for what is no block. */
export function rangeText({ family, first, last }: AddressRange): string {
  const bits = (last - first + 1n).toString(2).length - 1;
  const isBlock = last - first + 1n === 1n << BigInt(bits) && first % (1n << BigInt(bits)) === 0n;
  const start = formatIp(addressBytes(family, first));
  return isBlock ? `${start}/${family * 8 - bits}` : `${start}-${formatIp(addressBytes(family, last))}`;
}

/** Joined ranges in words, in the shorter of two ways: one by one, or as `0.0.0.0/0 except 10.0.0.0/8`. */
export function rangesText(ranges: readonly AddressRange[]): string {
  const families = ([4, 16] as const).map((family) => ranges.filter((range) => range.family === family));
  return families.flatMap((own) => familyText(own) ?? []).join(', ');
}

function familyText(ranges: readonly AddressRange[]): string | undefined {
  const [first] = ranges;
  if (first === undefined) return undefined;
  const { family } = first;
  const whole = wholeFamily(family);
  const listed = ranges.map(rangeText).join(', ');
  const starts = [...ranges.map((range) => range.first), whole.last + 1n];
  const ends = [whole.first - 1n, ...ranges.map((range) => range.last)];
  const gaps = starts.flatMap((start, i) => {
    const gap = { family, first: (ends[i] ?? 0n) + 1n, last: start - 1n };
    return gap.first <= gap.last ? [gap] : [];
  });
  const excepted = `${rangeText(whole)} except ${gaps.map(rangeText).join(', ')}`;
  return excepted.length < listed.length ? excepted : listed;
}

import fc from 'fast-check';
import { formatIp } from '../../../../src/policy/ip.js';

/** Places near which addresses are interesting: ranges that stay, private ones, and what lies next to them. */
const NEAR = [
  [0, 0],
  [10, 0],
  [100, 64],
  [100, 128],
  [127, 255],
  [169, 254],
  [172, 16],
  [172, 32],
  [192, 168],
  [223, 255],
  [240, 0],
  [0xfc, 0],
  [0xfe, 0x80],
  [0xff, 2],
  [0x20, 1],
];

const octet = fc.integer({ min: 0, max: 255 });

/** Random bytes of an address, often beginning as others do, so that long prefixes are shared. */
export function addressBytes(length: 4 | 16): fc.Arbitrary<Uint8Array> {
  const anywhere = fc.array(octet, { minLength: length, maxLength: length });
  const near = fc
    .tuple(
      fc.constantFrom(...NEAR),
      fc.array(fc.constantFrom(0, 1, 2, 128, 255), { minLength: length - 2, maxLength: length - 2 }),
    )
    .map(([start, rest]) => [...start, ...rest]);
  return fc.oneof(anywhere, near).map((bytes) => Uint8Array.from(bytes));
}

/** Text of a random address of either family. */
export const addressText = fc
  .constantFrom(4 as const, 16 as const)
  .chain((length) => addressBytes(length))
  .map(formatIp);

/** How many leading bits two addresses share. */
export function sharedBits(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] ?? 0) ^ (b[i] ?? 0);
    if (difference !== 0) return 8 * i + Math.clz32(difference) - 24;
  }
  return 8 * a.length;
}

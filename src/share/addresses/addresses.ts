import {
  type Cidr,
  canonicalIp,
  cidrContains,
  firstOf,
  formatIp,
  type IpBytes,
  parseCidr,
  parseIp,
} from '../../policy/ip.js';
import type { ShareKey } from '../key.js';
import { CARRYING_IPV4, isGroup, isKept, isKeptIp } from './kept_ranges.js';
import { OpaquePermutation } from './opaque_permutation.js';
import { PrefixPermutation } from './prefix_permutation.js';

/** `prefix` keeps which addresses share which network, so that CIDRs hold; `opaque` keeps only which are the same. */
export type AddressMode = 'prefix' | 'opaque';

interface Permutation {
  permute(address: Uint8Array): Uint8Array;
}

/** What is done to addresses of each kind. */
interface Permutations {
  readonly ipv4: Permutation;
  readonly ipv6: Permutation;
  readonly macs: Permutation;
}

/** The bit of a hardware address that is turned round where an interface's address is made of it. */
const UNIVERSAL = 0x02;

/** So many addresses are remembered at most. */
const MOST_KNOWN = 200_000;

/** Other addresses and address blocks for addresses and blocks, the same for the same ones everywhere. */
export class Addresses {
  readonly #ipv4: Permutation;
  readonly #ipv6: Permutation;
  readonly #macs: Permutation;
  readonly #known = new Map<string, string>();

  /** @param changed called for each text that was given another, again where it was forgotten in between */
  constructor(
    key: ShareKey,
    readonly mode: AddressMode,
    private readonly changed: (address: string, original: string) => void,
    { ipv4, ipv6, macs }: Permutations = permutationsOf(key, mode),
  ) {
    this.#ipv4 = ipv4;
    this.#ipv6 = ipv6;
    this.#macs = macs;
  }

  /**
   * The way back, as far as the key alone tells it: for addresses and blocks of a share that kept networks. Others, and
   * hardware addresses, stay as they are.
   */
  static originals(key: ShareKey, mode: AddressMode): Addresses {
    const same = { permute: (address: Uint8Array) => address };
    const back = (family: 'ipv4' | 'ipv6') => {
      const permutation = prefixPermutation(key, family);
      return { permute: (address: Uint8Array) => permutation.inverse(address) };
    };
    const permutations =
      mode === 'prefix'
        ? { ipv4: back('ipv4'), ipv6: back('ipv6'), macs: same }
        : { ipv4: same, ipv6: same, macs: same };
    return new Addresses(key, 'prefix', () => {}, permutations);
  }

  /** The text of an address (`10.0.1.12`) or block (`10.0.0.0/16`) in canonical form; undefined for any other text. */
  text(text: string): string | undefined {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const other = text.includes('/') ? this.#cidrText(text) : this.#ipText(text);
    if (other === undefined) return undefined;
    if (this.#known.size >= MOST_KNOWN) this.#known.clear();
    this.#known.set(text, other);
    if (other !== canonical(text)) this.changed(other, text);
    return other;
  }

  /** The hardware address that stands for this one of 6 bytes; it has nothing of the manufacturer's in it. */
  mac(address: Uint8Array): Uint8Array {
    return this.#macs.permute(address);
  }

  /** The address that stands for this one, of the same family. */
  ip(address: IpBytes): IpBytes {
    if (address.length === 4) return this.#ipv4.permute(address);
    if (isMadeOfMac(address)) return this.#interfaceOfMac(address);
    if (!CARRYING_IPV4.some((range) => cidrContains(range, address))) return this.#ipv6.permute(address);
    return Uint8Array.from([...address.subarray(0, 12), ...this.ip(address.subarray(12))]);
  }

  /**
   * The block that stands for this one. With `prefix` it holds what stands for the addresses of the original, and
   * nothing else; bits beyond the prefix, where there are some, belong to an interface's address and are mapped with it.
   * With `opaque` it is a block of one address, permuted once for that and once more for each bit that the block leaves
   * open, so that blocks of one first address stay apart.
   */
  cidr(block: Cidr): Cidr {
    const whole = 8 * block.bytes.length;
    if (block.prefix === 0 || (isKept(block) && !isMadeOfMac(block.bytes))) return block;
    let bytes = this.ip(block.bytes);
    if (this.mode === 'opaque') {
      for (let bit = block.prefix; bit < whole; bit++) bytes = this.ip(bytes);
      return { bytes, prefix: whole };
    }
    const first = firstOf(block).every((byte, i) => byte === block.bytes[i]);
    return first
      ? { bytes: firstOf({ bytes, prefix: block.prefix }), prefix: block.prefix }
      : { ...block, bytes };
  }

  /** The link-local address that an interface makes of its other hardware address (RFC 4291, appendix A). */
  #interfaceOfMac(address: IpBytes): IpBytes {
    const [first = 0, ...rest] = [...address.subarray(8, 11), ...address.subarray(13)];
    const [other = 0, ...others] = this.mac(Uint8Array.of(first ^ UNIVERSAL, ...rest));
    const bytes = Uint8Array.from(address);
    bytes.set([other ^ UNIVERSAL, ...others.slice(0, 2)], 8);
    bytes.set(others.slice(2), 13);
    return bytes;
  }

  #ipText(text: string): string | undefined {
    const bytes = parseIp(text);
    return bytes && formatIp(this.ip(bytes));
  }

  #cidrText(text: string): string | undefined {
    const block = parseCidr(text);
    if (block === undefined) return undefined;
    const { bytes, prefix } = this.cidr(block);
    return `${formatIp(bytes)}/${prefix}`;
  }
}

/** Whether a link-local address holds a hardware address: with `ff:fe` in the midst of it. */
function isMadeOfMac(address: IpBytes): boolean {
  const isLinkLocal = address.length === 16 && address[0] === 0xfe && ((address[1] ?? 0) & 0xc0) === 0x80;
  return isLinkLocal && address[11] === 0xff && address[12] === 0xfe;
}

function permutationsOf(key: ShareKey, mode: AddressMode): Permutations {
  const ofFamily = (family: 'ipv4' | 'ipv6') =>
    mode === 'prefix'
      ? prefixPermutation(key, family)
      : new OpaquePermutation(key.subKey(`${family} opaque`), isKeptIp);
  return {
    ipv4: ofFamily('ipv4'),
    ipv6: ofFamily('ipv6'),
    macs: new OpaquePermutation(key.subKey('mac'), isGroup),
  };
}

function prefixPermutation(key: ShareKey, family: 'ipv4' | 'ipv6'): PrefixPermutation {
  return new PrefixPermutation(key.subKey(`${family} prefix`), family === 'ipv4' ? 4 : 16);
}

/** How an address or block is written in one way only. */
export function canonical(text: string): string | undefined {
  const [address = '', prefix] = text.split('/');
  return prefix === undefined ? canonicalIp(address) : `${canonicalIp(address)}/${prefix}`;
}

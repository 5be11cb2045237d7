import type { IpBytes } from '../../policy/ip.js';
import type { Addresses } from './addresses.js';

/** An address found in a text, and what stands there instead. */
export interface Embedded {
  readonly end: number;
  readonly instead: string;
}

const HEX_DIGITS = /[0-9a-f]{0,4}/iy;
const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const ENDS = '(?![0-9A-Za-z])';
const PREFIX = `(?:/\\d{1,3}(?![0-9A-Za-z/]))?`;
const IPV4_PREFIX = `(?:/(?:3[0-2]|[12]?\\d)(?![0-9A-Za-z/]))?`;

/** Not within a longer dotted number (an OID), but for `10.0.1.12.443`, as tcpdump writes address and port. */
const DOTTED = new RegExp(
  `(?<!(?<![0-9A-Za-z])\\d+\\.)${OCTET}(?:\\.${OCTET}){3}${ENDS}(?!\\.\\d+\\.\\d)${IPV4_PREFIX}`,
  'y',
);
/** Not the first parts of an IPv6 address: `0-100-0-2-ff00--` before `.shop.pod`. */
const DASHED = new RegExp(
  `${OCTET}(?:-${OCTET}){3}${ENDS}(?!-\\d|(?:-[0-9a-f]{0,4}){1,4}\\.[a-z0-9-]{1,63}\\.pod(?![0-9A-Za-z]))`,
  'iy',
);
const REVERSED = new RegExp(`${OCTET}(?:\\.${OCTET}){0,3}(?=\\.in-addr\\.arpa)`, 'iy');
const NIBBLES = /[0-9a-f](?:\.[0-9a-f]){0,31}(?=\.ip6\.arpa)/iy;
const COLONS = new RegExp(`[0-9a-f:]{2,40}(?:(?:\\.\\d{1,3}){3})?${PREFIX}`, 'iy');
/** Only before `.namespace.pod`: elsewhere it is any name of short hexadecimal parts. */
const DASHED_IPV6 = /[0-9a-f]{0,4}(?:-[0-9a-f]{0,4}){2,7}(?=\.[a-z0-9-]+\.pod(?![0-9A-Za-z]))/iy;
const HARDWARE = /[0-9a-f]{2}(?::[0-9a-f]{2}){5}(?![0-9a-z:])/iy;
const HARDWARE_DASHED = /[0-9a-f]{2}(?:-[0-9a-f]{2}){5}(?![0-9a-z-])/iy;
/** As switches write it; of digits alone it is a version. */
const HARDWARE_DOTTED = /(?=[0-9.]{0,13}[a-f])[0-9a-f]{4}(?:\.[0-9a-f]{4}){2}(?![0-9a-z]|\.[0-9a-z])/iy;
const UNDERSCORED = new RegExp(`${OCTET}(?:_${OCTET}){3}${ENDS}`, 'y');
/** So that nobody follows it by mistake. */
const BRACKETED = new RegExp(`${OCTET}(?:\\[\\.\\]${OCTET}){3}${ENDS}`, 'y');
/** Host names that EC2 gives to Windows. */
const HEXADECIMAL = /ip-[0-9a-f]{8}(?![0-9A-Za-z])/iy;

/**
 * Finds addresses inside texts and names: `10.0.1.12`, `10.0.0.0/16`, `fd00::1`, and as names hold them:
 * `ip-10-0-1-12`, `10-0-1-12.shop.pod.cluster.local`, `12.1.0.10.in-addr.arpa`, `…ip6.arpa`, `ip-0A00010C`,
 * `203_0_113_79` and `203[.]0[.]113[.]79`, and hardware addresses: `a0:36:9f:11:22:33`, with dashes, `a036.9f11.2233`.
 */
export class EmbeddedAddresses {
  /** @param changed called with each text put in the place of another that `addresses` was not asked for as it stands */
  constructor(
    private readonly addresses: Addresses,
    private readonly changed: (instead: string, original: string) => void,
  ) {}

  /** The address that begins at an offset, where nothing before it belongs to the same word or number. */
  at(text: string, start: number): Embedded | undefined {
    HEX_DIGITS.lastIndex = start;
    const digits = HEX_DIGITS.exec(text)?.[0] ?? '';
    switch (text.charAt(start + digits.length)) {
      case '.':
        return (
          this.#replaced(text, start, REVERSED, this.#reversed) ??
          this.#replaced(text, start, NIBBLES, this.#nibbles) ??
          this.#replaced(text, start, DOTTED, this.#plain) ??
          this.#replaced(text, start, HARDWARE_DOTTED, this.#hardware)
        );
      case '-':
        return (
          this.#replaced(text, start, DASHED, this.#dashed) ??
          this.#replaced(text, start, HARDWARE_DASHED, this.#hardware) ??
          this.#replaced(text, start, DASHED_IPV6, this.#dashedIpv6)
        );
      case '_':
        return this.#replaced(text, start, UNDERSCORED, this.#underscored);
      case '[':
        return this.#replaced(text, start, BRACKETED, this.#bracketed);
      case ':':
        return this.#replaced(text, start, HARDWARE, this.#hardware) ?? this.#colons(text, start);
      case 'i':
      case 'I':
        return digits === '' ? this.#replaced(text, start, HEXADECIMAL, this.#hexadecimal) : undefined;
      default:
        return undefined;
    }
  }

  #replaced(
    text: string,
    start: number,
    form: RegExp,
    rewrite: (found: string) => string | undefined,
  ): Embedded | undefined {
    form.lastIndex = start;
    const found = form.exec(text)?.[0];
    const instead = found === undefined ? undefined : rewrite(found);
    if (found === undefined || instead === undefined) return undefined;
    if (instead !== found && rewrite !== this.#plain) this.changed(instead, found);
    return { end: start + found.length, instead };
  }

  readonly #plain = (found: string) => this.addresses.text(found);

  readonly #dashed = (found: string) => this.#plain(found.replaceAll('-', '.'))?.replaceAll('.', '-');

  readonly #underscored = (found: string) => this.#plain(found.replaceAll('_', '.'))?.replaceAll('.', '_');

  readonly #bracketed = (found: string) => this.#plain(found.replaceAll('[.]', '.'))?.replaceAll('.', '[.]');

  readonly #dashedIpv6 = (found: string) => this.#plain(found.replaceAll('-', ':'))?.replaceAll(':', '-');

  /** `0.10` is a zone of 10.0.0.0/16. */
  readonly #reversed = (found: string) => {
    const octets = found.split('.').reverse().map(Number);
    const other = this.addresses.ip(Uint8Array.from({ length: 4 }, (_, i) => octets[i] ?? 0));
    return [...other.subarray(0, octets.length)].reverse().join('.');
  };

  readonly #nibbles = (found: string) => {
    const digits = found.split('.').reverse();
    const other = this.addresses.ip(Buffer.from(digits.join('').padEnd(32, '0'), 'hex'));
    return [...hex(other).slice(0, digits.length)].reverse().join('.');
  };

  readonly #hardware = (found: string) => {
    const digits = hex(this.addresses.mac(Buffer.from(found.replace(/[:.-]/g, ''), 'hex')));
    const group = found.indexOf('.') < 0 ? 2 : 4;
    const written = digits.match(new RegExp(`.{${group}}`, 'g'))?.join(found.charAt(group)) ?? digits;
    return /[A-F]/.test(found) ? written.toUpperCase() : written;
  };

  readonly #hexadecimal = (found: string) => {
    const digits = hex(this.addresses.ip(Buffer.from(found.slice(3), 'hex')));
    return found.slice(0, 3) + (/[A-F]/.test(found.slice(3)) ? digits.toUpperCase() : digits);
  };

  /** What follows an address may look like more of it: a colon, a full stop, `.443`. */
  #colons(text: string, start: number): Embedded | undefined {
    COLONS.lastIndex = start;
    const run = COLONS.exec(text)?.[0] ?? '';
    if (!run.includes('::') && run.split(':').length < 8) return undefined;
    if (/[0-9A-Za-z]/.test(text.charAt(start + run.length))) return undefined;
    for (const found of [
      run,
      run.replace(/:$/, ''),
      run.replace(/(?:\.\d+)+$/, ''),
      run.replace(/\/\d+$/, ''),
    ]) {
      const instead = this.addresses.text(found);
      if (instead !== undefined) return { end: start + found.length, instead };
    }
    return undefined;
  }
}

function hex(bytes: IpBytes): string {
  return Buffer.from(bytes).toString('hex');
}

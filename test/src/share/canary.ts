import { createHash } from 'node:crypto';

/** Canaries and where each was planted. Each is a value that occurs nowhere else, and that looks like its column's own. */
export class Canaries {
  /** Where each was planted: a column, a field, a manifest's member. */
  readonly planted = new Map<string, string>();
  private readonly digest: (n: number) => Buffer;
  /** The name made last. */
  known = 'nobody';
  private drawn = 0;
  private where = '';

  constructor(seed: number) {
    this.digest = (n) => createHash('sha512').update(`${seed} ${n}`).digest();
  }

  /** What `make` draws is planted there. */
  at<R>(where: string, make: () => R): R {
    const before = this.where;
    this.where = where;
    const made = make();
    this.where = before;
    return made;
  }

  /** A word that no pseudonym contains: it has two consonants side by side everywhere. */
  word(): string {
    const bytes = this.draw();
    const syllable = (i: number) =>
      `${ONSETS[(bytes[2 * i] ?? 0) % ONSETS.length]}${VOWELS[(bytes[2 * i + 1] ?? 0) % VOWELS.length]}`;
    return this.plant([0, 1, 2].map(syllable).join(''));
  }

  /** A name as pods have, which texts mention. */
  name(): string {
    this.known = `${this.word()}-${this.hex(10)}`;
    return this.known;
  }

  hex(digits: number): string {
    return this.plant(this.draw().toString('hex').slice(0, digits));
  }

  uuid(): string {
    return this.plant(
      this.draw()
        .toString('hex')
        .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5'),
    );
  }

  /** User and password, or any bytes. */
  base64(): string {
    return this.plant(Buffer.from(`admin:${this.draw().toString('hex').slice(0, 15)}`).toString('base64'));
  }

  ip(): string {
    const [a = 0, b = 0, c = 0, d = 0, ...more] = this.draw();
    if (a % 4 === 0)
      return this.plant(`2a0${1 + (b % 9)}:${[c, d, ...more].slice(0, 5).map(group).join(':')}::${group(b)}`);
    return this.plant(`${20 + (a % 80)}.${100 + (b % 100)}.${100 + (c % 100)}.${d}`);
  }

  /** A secret as clouds hand them out. */
  secret(): string {
    const letters = [...this.draw().subarray(0, 16)].map(
      (byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[byte % 32],
    );
    return this.plant(`AKIA${letters.join('')}`);
  }

  /** True for half of the calls. */
  even(): boolean {
    return (this.draw()[0] ?? 0) % 2 === 0;
  }

  private draw(): Buffer {
    return this.digest(this.drawn++);
  }

  private plant(value: string): string {
    if (this.planted.has(value)) return value;
    this.planted.set(value, this.where);
    return value;
  }
}

const ONSETS = [
  'br',
  'dr',
  'gr',
  'kr',
  'pl',
  'sk',
  'sl',
  'sn',
  'sp',
  'st',
  'tr',
  'bl',
  'fl',
  'kl',
  'gn',
  'vr',
];
const VOWELS = ['a', 'e', 'i', 'o', 'u', 'an', 'el', 'ir', 'ok', 'us'];

function group(byte: number): string {
  return (byte + 4096).toString(16);
}

import { createHmac, randomBytes } from 'node:crypto';
import { InvalidFileError } from '../errors.js';

const BYTES = 32;

/**
 * The secret that decides every pseudonym of one share. Whoever has it can test guesses ("is this word `payment`?")
 * and sees through addresses and ids; two shares made with one key can be linked.
 */
export class ShareKey {
  readonly #secret: Uint8Array;

  private constructor(secret: Uint8Array) {
    this.#secret = secret;
  }

  /** A key that was never used before. */
  static fresh(): ShareKey {
    return new ShareKey(randomBytes(BYTES));
  }

  /**
   * The key of a file's text: 64 hexadecimal digits, white space around them allowed.
   * @param text a character for each byte of the file
   */
  static parse(text: string, file: string): ShareKey {
    const digits = text.trim();
    if (/^[0-9a-f]{64}$/i.test(digits)) return new ShareKey(Buffer.from(digits, 'hex'));
    throw new InvalidFileError(
      file,
      `its ${text.length} bytes are no share key; expected ${2 * BYTES} hexadecimal digits, as \`openssl rand -hex ${BYTES}\` makes them`,
    );
  }

  /** The key as its file holds it. */
  toText(): string {
    return `${Buffer.from(this.#secret).toString('hex')}\n`;
  }

  /** 32 bytes for one purpose (`name`, `id`, `ipv4`…): HMAC-SHA-256 of the purpose, so that no use tells of another. */
  subKey(purpose: string): Uint8Array {
    return createHmac('sha256', this.#secret).update(purpose).digest();
  }
}

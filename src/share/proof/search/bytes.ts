/** ASCII letters in lower case, every other byte as it is. */
export const LOWER = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 65 && byte <= 90 ? byte + 32 : byte,
);

/** What bytes of a text may be, told all together of a text; below these bits is a byte in lower case. */
export const TRAIT = {
  lower: 1 << 8,
  upper: 1 << 9,
  /** Begins something that is escaped: `%` or a backslash. */
  escape: 1 << 10,
  base64: 1 << 11,
  /** Joins words elsewhere. */
  joiner: 1 << 12,
} as const;

/** Of each byte what it is in lower case, and its traits. */
export const TRAITS_AND_LOWER = Int32Array.from({ length: 256 }, (_, byte) => {
  const text = String.fromCharCode(byte);
  const trait = (which: keyof typeof TRAIT, pattern: RegExp) => (pattern.test(text) ? TRAIT[which] : 0);
  return (
    (LOWER[byte] ?? 0) |
    trait('lower', /[a-z]/) |
    trait('upper', /[A-Z]/) |
    trait('escape', /[%\\]/) |
    trait('base64', /[A-Za-z0-9+/_-]/) |
    trait('joiner', /[+/_-]/)
  );
});

const OTHER = 0;
const DIGIT = 1;
const LOWER_CASE = 2;
const UPPER_CASE = 3;

/** Class of each byte; those of letters beyond ASCII are letters. */
const CLASS = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 48 && byte <= 57) return DIGIT;
  if ((byte >= 97 && byte <= 122) || byte >= 128) return LOWER_CASE;
  return byte >= 65 && byte <= 90 ? UPPER_CASE : OTHER;
});

/** What hexadecimal digits stand for; other bytes 16. */
export const HEX_VALUE = Uint8Array.from({ length: 256 }, (_, byte) => {
  const digit = '0123456789abcdef'.indexOf(String.fromCharCode(byte).toLowerCase());
  return digit < 0 ? 16 : digit;
});

/** No pair of hexadecimal digits stands for that much. */
export const NO_PAIR = 256;

/** What pairs of hexadecimal digits stand for, by their two bytes as a little-endian number; for other pairs NO_PAIR. */
export const HEX_PAIR = new Uint16Array(1 << 16).fill(NO_PAIR);
const DIGITS = '0123456789abcdefABCDEF';
for (const first of DIGITS) {
  for (const second of DIGITS) {
    const pair = first + second;
    HEX_PAIR[Buffer.from(pair).readUInt16LE()] = Number.parseInt(pair, 16);
  }
}

/** Whether a word ends, or one in camelCase begins, between the byte before `at` and that at `at`. */
export function isEdgeOfWord(bytes: Uint8Array, start: number, end: number, at: number): boolean {
  if (at <= start || at >= end) return true;
  const before = CLASS[bytes[at - 1] ?? 0];
  const after = CLASS[bytes[at] ?? 0];
  if (before === OTHER || after === OTHER) return true;
  if (after !== UPPER_CASE) return false;
  const next = at + 1 < end ? CLASS[bytes[at + 1] ?? 0] : OTHER;
  return before === LOWER_CASE || next === LOWER_CASE;
}

const COLON = 58;
const DASH = 45;
const DOT = 46;
const PLUS = 43;

/** Whether the bytes from `first` to `last` within a text are a whole address, not part of a longer one. */
export function isWholeAddress(
  bytes: Uint8Array,
  start: number,
  end: number,
  first: number,
  last: number,
): boolean {
  const isIpv6 = bytes.subarray(first, last).includes(COLON);
  const goesOn = (at: number, step: -1 | 1): boolean => {
    if (at < start || at >= end) return false;
    const byte = bytes[at] ?? 0;
    const next = at + step >= start && at + step < end ? (bytes[at + step] ?? 0) : 0;
    if (isIpv6) return isHex(byte) || (byte === COLON && (isHex(next) || next === COLON));
    return isDigit(byte) || ((byte === DOT || byte === DASH) && isDigit(next));
  };
  return !goesOn(first - 1, -1) && !goesOn(last, 1);
}

/** Whether a text is a decimal number, as `-12.50`: nobody's name. */
export function isNumber(bytes: Uint8Array, start: number, end: number): boolean {
  const sign = bytes[start];
  let hasDigits = false;
  let hasDot = false;
  for (let i = sign === DASH || sign === PLUS ? start + 1 : start; i < end; i++) {
    const byte = bytes[i] ?? 0;
    if (isDigit(byte)) hasDigits = true;
    else if (byte === DOT && hasDigits && !hasDot) {
      hasDot = true;
      hasDigits = false;
    } else return false;
  }
  return hasDigits;
}

function isDigit(byte: number): boolean {
  return CLASS[byte] === DIGIT;
}

function isHex(byte: number): boolean {
  return (HEX_VALUE[byte] ?? 16) < 16;
}

/** The two digits of each byte, the first in the low half. */
const DIGITS = Uint16Array.from({ length: 256 }, (_, byte) => {
  const digits = byte.toString(16).padStart(2, '0');
  return digits.charCodeAt(0) | (digits.charCodeAt(1) << 8);
});

/** The byte that two characters stand for, the first in the low half; NO_BYTE where they are other than such digits. */
const NO_BYTE = 256;
const BYTES = new Uint16Array(1 << 16).fill(NO_BYTE);
DIGITS.forEach((digits, byte) => {
  BYTES[digits] = byte;
});

/** Writes the bytes from `start` to `end` in lower-case hex. */
export function writeHex(from: Uint8Array, start: number, end: number, to: DataView, at: number): void {
  let i = start;
  let next = at;
  for (; i + 1 < end; i += 2, next += 4) {
    // One half of a byte in each byte of a word. Adding 6 carries what is above 9 into the upper half.
    const bytes = (from[i] ?? 0) | ((from[i + 1] ?? 0) << 16);
    const halves = ((bytes >>> 4) & 0x0f_000f) | ((bytes & 0x0f_000f) << 8);
    const letters = ((halves + 0x06060606) >>> 4) & 0x01010101;
    to.setInt32(next, halves + 0x30303030 + letters * (0x61 - 0x3a), true);
  }
  if (i < end) to.setUint16(next, DIGITS[from[i] ?? 0] ?? 0, true);
}

/** Reads lower-case hex into the bytes from `at` to `end`; false, and they are anything, where characters are others. */
export function readHex(from: DataView, start: number, to: Uint8Array, at: number, end: number): boolean {
  let seen = 0;
  for (let i = at, next = start; i < end; i++, next += 2) {
    const byte = BYTES[from.getUint16(next, true)] ?? NO_BYTE;
    seen |= byte;
    to[i] = byte;
  }
  return seen < NO_BYTE;
}

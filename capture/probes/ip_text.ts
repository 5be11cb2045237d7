/** Most bytes that `writeIp` writes. */
export const MAX_IP_TEXT = 39;

const HEX = new TextEncoder().encode('0123456789abcdef');
const DOT = 0x2e;
const COLON = 0x3a;
const ZERO = 0x30;

/**
 * Writes the 16 bytes of an address at `from` as canonical text into `to` at `at`; returns the end.
 * IPv6 as in RFC 5952; IPv4-mapped addresses (RFC 4291, 2.5.5.2) as the IPv4 address that they carry.
 */
export function writeIp(bytes: Uint8Array, from: number, to: Uint8Array, at: number): number {
  return isIpv4Mapped(bytes, from) ? writeIpv4(bytes, from + 12, to, at) : writeIpv6(bytes, from, to, at);
}

function isIpv4Mapped(bytes: Uint8Array, from: number): boolean {
  for (let i = 0; i < 10; i++) if (bytes[from + i] !== 0) return false;
  return bytes[from + 10] === 0xff && bytes[from + 11] === 0xff;
}

function writeIpv4(bytes: Uint8Array, from: number, to: Uint8Array, at: number): number {
  let end = at;
  for (let i = 0; i < 4; i++) {
    if (i > 0) to[end++] = DOT;
    const octet = bytes[from + i] ?? 0;
    if (octet >= 100) to[end++] = ZERO + Math.trunc(octet / 100);
    if (octet >= 10) to[end++] = ZERO + (Math.trunc(octet / 10) % 10);
    to[end++] = ZERO + (octet % 10);
  }
  return end;
}

function writeIpv6(bytes: Uint8Array, from: number, to: Uint8Array, at: number): number {
  const zeros = longestZeros(bytes, from);
  const zerosStart = zeros >> 4;
  const zerosEnd = zerosStart + (zeros & 15);
  let end = at;
  for (let group = 0; group < 8; group++) {
    if (group >= zerosStart && group < zerosEnd) {
      if (group === zerosStart) to[end++] = COLON;
      if (group === 7) to[end++] = COLON;
      continue;
    }
    if (group > 0) to[end++] = COLON;
    end = writeHex(groupOf(bytes, from, group), to, end);
  }
  return end;
}

/** First group and number of groups (start * 16 + count) that `::` stands for; 0 where for none. */
function longestZeros(bytes: Uint8Array, from: number): number {
  let best = 0;
  for (let start = 0; start < 8; start++) {
    let count = 0;
    while (start + count < 8 && groupOf(bytes, from, start + count) === 0) count++;
    if (count > 1 && count > (best & 15)) best = start * 16 + count;
  }
  return best;
}

function groupOf(bytes: Uint8Array, from: number, group: number): number {
  return ((bytes[from + group * 2] ?? 0) << 8) | (bytes[from + group * 2 + 1] ?? 0);
}

function writeHex(group: number, to: Uint8Array, at: number): number {
  let end = at;
  for (let shift = 12; shift >= 0; shift -= 4) {
    if (shift === 0 || group >> shift !== 0) to[end++] = HEX[(group >> shift) & 15] ?? 0;
  }
  return end;
}

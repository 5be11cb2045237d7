import { protocolName, TCP_FLAGS } from '../../src/schema/packet_names.js';

/*
 * Texts of packet headers, as bytes: the hot path copies them into columns and makes no string.
 */

const encoder = new TextEncoder();

/** Text of each protocol number: its IANA keyword, else the number. */
export const PROTOCOL_TEXTS = byteTexts(protocolName);

/** Text of each combination of TCP flags, such as `SYN,ACK`; empty for none. */
export const TCP_FLAGS_TEXTS = byteTexts((flags) =>
  TCP_FLAGS.filter((_, bit) => flags & (1 << bit)).join(','),
);

/** The text of each value that a byte can have. */
function byteTexts(textOf: (byte: number) => string): readonly Uint8Array[] {
  return Array.from({ length: 256 }, (_, byte) => encoder.encode(textOf(byte)));
}

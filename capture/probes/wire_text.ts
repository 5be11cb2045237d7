/*
 * Texts of packet headers, as bytes: the hot path copies them into columns and makes no string.
 */

const encoder = new TextEncoder();

/** Keywords of protocols by IANA's registry of assigned internet protocol numbers. */
const PROTOCOL_KEYWORDS: Readonly<Record<number, string>> = {
  0: 'HOPOPT',
  1: 'ICMP',
  2: 'IGMP',
  4: 'IPv4',
  6: 'TCP',
  17: 'UDP',
  33: 'DCCP',
  41: 'IPv6',
  43: 'IPv6-Route',
  44: 'IPv6-Frag',
  46: 'RSVP',
  47: 'GRE',
  50: 'ESP',
  51: 'AH',
  58: 'IPv6-ICMP',
  59: 'IPv6-NoNxt',
  60: 'IPv6-Opts',
  88: 'EIGRP',
  89: 'OSPFIGP',
  94: 'IPIP',
  103: 'PIM',
  108: 'IPComp',
  112: 'VRRP',
  115: 'L2TP',
  132: 'SCTP',
  135: 'Mobility Header',
  136: 'UDPLite',
};

/** TCP flags from the lowest bit up. */
const TCP_FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'];

/** Text of each protocol number: its IANA keyword, else the number. */
export const PROTOCOL_TEXTS = byteTexts((number) => PROTOCOL_KEYWORDS[number] ?? String(number));

/** Text of each combination of TCP flags, such as `SYN,ACK`; empty for none. */
export const TCP_FLAGS_TEXTS = byteTexts((flags) =>
  TCP_FLAGS.filter((_, bit) => flags & (1 << bit)).join(','),
);

/** The text of each value that a byte can have. */
function byteTexts(textOf: (byte: number) => string): readonly Uint8Array[] {
  return Array.from({ length: 256 }, (_, byte) => encoder.encode(textOf(byte)));
}

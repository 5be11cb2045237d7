import type { Secret } from './secret.js';

/** The line before a private key: PEM (RFC 7468), OpenSSH, OpenPGP, OpenVPN's static key, PuTTY's private lines. */
const PRIVATE_KEY_BEGINS =
  /-{4,5} ?BEGIN (?:[A-Z0-9]{1,20} ){0,4}(?:PRIVATE KEY(?: BLOCK)?|Static key V1) ?-{4,5}|Private-Lines: \d{1,3}/g;
const PRIVATE_KEY_ENDS = /-{4,5} ?END [A-Za-z0-9 ]{1,80}-{4,5}|Private-MAC: [0-9a-f]{40,64}/g;

/** Whole private keys, whatever their line ends became (`\n` in JSON); one whose end is missing goes up to the text's end. */
export function findPrivateKeys(text: string, found: Secret[]): void {
  if (!text.includes('BEGIN ') && !text.includes('Private-Lines')) return;
  PRIVATE_KEY_BEGINS.lastIndex = 0;
  for (let begin = PRIVATE_KEY_BEGINS.exec(text); begin !== null; begin = PRIVATE_KEY_BEGINS.exec(text)) {
    PRIVATE_KEY_ENDS.lastIndex = begin.index + begin[0].length;
    const end = PRIVATE_KEY_ENDS.test(text) ? PRIVATE_KEY_ENDS.lastIndex : text.length;
    found.push({ start: begin.index, end, kind: 'private-key' });
    PRIVATE_KEY_BEGINS.lastIndex = end;
  }
}

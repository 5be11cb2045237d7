import type { Secret } from './secret.js';

/** What RFC 5322 lets stand unquoted before the `@` (atext and dots), and letters of any script (RFC 6531). */
const LOCAL = /[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]/u;
const LONGEST_LOCAL = 64;
const DOMAIN =
  /(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,8}(?:\p{L}{2,24}|xn--[a-z0-9-]{2,59})(?![\p{L}\p{N}])/uy;

/** `getty@tty1.service` is a unit of systemd's, `logo@2x.png` a file. */
const NOT_MAIL =
  /\.(?:service|socket|mount|timer|slice|scope|target|device|swap|path|automount|png|jpe?g|gif|svg|webp|js|css|tgz|header)$/;

/** E-mail addresses with a domain of two labels or more, around each `@`. */
export function findEmails(text: string, ats: readonly number[], found: Secret[]): void {
  for (const at of ats) {
    DOMAIN.lastIndex = at + 1;
    const domain = DOMAIN.exec(text)?.[0];
    if (domain === undefined || NOT_MAIL.test(domain)) continue;
    let start = at;
    while (start > 0 && start > at - LONGEST_LOCAL && LOCAL.test(text[start - 1] ?? '')) start--;
    // Punctuation before a local part belongs to the sentence: `mail=`, `(`, a quote, a path.
    while (start < at && !/[\p{L}\p{N}_]/u.test(text[start] ?? '')) start++;
    const separator = text.slice(start, at).search(/[=/?&|'`{}][^=/?&|'`{}]*$/);
    if (separator >= 0) start += separator + 1;
    if (start < at) found.push({ start, end: at + 1 + domain.length, kind: 'email' });
  }
}

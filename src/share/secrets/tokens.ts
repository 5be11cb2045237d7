import type { Secret } from './secret.js';

const URL_SAFE = /[\w-]*/y;

/** JSON Web Tokens, signed (three parts, RFC 7515) or encrypted (five, RFC 7516): `{"` in base64url, then dots. */
export function findJwts(text: string, found: Secret[]): void {
  for (let start = text.indexOf('eyJ'); start >= 0; start = text.indexOf('eyJ', URL_SAFE.lastIndex + 1)) {
    let parts = 0;
    URL_SAFE.lastIndex = start;
    let end = start;
    while (URL_SAFE.test(text)) {
      parts++;
      end = URL_SAFE.lastIndex;
      if (parts === 5 || text[end] !== '.') break;
      URL_SAFE.lastIndex = end + 1;
    }
    if (parts >= 2 && end - start >= 24)
      found.push({ start, end: text[end - 1] === '.' ? end - 1 : end, kind: 'jwt' });
    URL_SAFE.lastIndex = end;
  }
}

/** Before credentials: a scheme without the header's name, as clients log them (RFC 6750, RFC 7617). */
const SCHEME = /(?<![A-Za-z0-9])(?:bearer|basic) {1,2}$/i;
const CREDENTIALS = /[\w.~+/-]{16,8192}={0,2}/y;

/** What no word of a sentence has: a digit, two capitals in its midst, or this length. */
const UNLIKE_WORDS = /\d|[a-z][A-Z].*[a-z][A-Z]|.{24}/;

/** `Bearer …` and `Basic …` before the run at `start`, if that is like no word of a sentence. */
export function findScheme(text: string, start: number, found: Secret[]): void {
  if (text[start - 1] !== ' ') return;
  const scheme = SCHEME.exec(text.slice(Math.max(0, start - 9), start));
  CREDENTIALS.lastIndex = start;
  const credentials = scheme === null ? undefined : CREDENTIALS.exec(text)?.[0];
  if (scheme !== null && credentials !== undefined && UNLIKE_WORDS.test(credentials))
    found.push({ start: start - scheme[0].length, end: start + credentials.length, kind: 'authorization' });
}

/** Six and sixteen of `a-z0-9` with a dot: what `kubeadm join` takes (Kubernetes: bootstrap tokens). */
const BOOTSTRAP_TOKEN = /(?<![\w.-])[a-z0-9]{6}\.(?=[a-z]{0,15}\d)[a-z0-9]{16}(?![\w-]|\.\w)/y;

/** A bootstrap token of Kubernetes whose long part is the run at `start`; a digit there tells it from a host. */
export function findBootstrapToken(text: string, start: number, end: number, found: Secret[]): void {
  if (end - start !== 16 || text[start - 1] !== '.') return;
  BOOTSTRAP_TOKEN.lastIndex = start - 7;
  if (BOOTSTRAP_TOKEN.test(text)) found.push({ start: start - 7, end, kind: 'api-key' });
}

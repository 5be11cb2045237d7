import type { Secret, SecretKind } from './secret.js';
import type { Signs } from './signs.js';
import { isSecretValue, type Telling, telling } from './telling_keys.js';

const QUOTES = '"\'`';

/** A stretch of the text: `[start, end)`. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/** The opening quote at `at` with the backslashes before it (JSON inside JSON), or the empty string. */
function quoteAt(text: string, at: number): string {
  let quote = at;
  while (quote < at + 16 && text[quote] === '\\') quote++;
  return QUOTES.includes(text[quote] ?? ' ') ? text.slice(at, quote + 1) : '';
}

/** Where the string that `quote` opened ends: at the same quote with as many backslashes, else with the text. */
function closing(text: string, quote: string, from: number): number {
  for (let at = text.indexOf(quote, from); at >= 0; at = text.indexOf(quote, at + 1)) {
    let backslashes = 0;
    while (text[at - 1 - backslashes] === '\\' && at - 1 - backslashes >= from) backslashes++;
    // An even run before an unescaped quote is backslashes that are themselves escaped.
    if (quote.length === 1 ? backslashes % 2 === 0 : backslashes === 0) return at;
  }
  return text.length;
}

/** What ends a value without quotes: white space, quotes, or a separator behind which another key or nothing follows. */
const UNQUOTED_END =
  /[\s"'`<]|\\{1,16}["'`nrt]|[,;&](?=$|[\s"'\\]|[\w.%[\]-]{1,64}[=:])|[)}\]>]{1,8}(?=$|[\s,;.:"'\\])|[.,;:!?](?=$|\s)/g;

function unquoted(text: string, start: number): Range {
  UNQUOTED_END.lastIndex = start;
  return { start, end: UNQUOTED_END.exec(text)?.index ?? text.length };
}

/** An `Authorization` value: a scheme, then one token or, for the schemes that have them, parameters. */
const SCHEME =
  /(?:bearer|basic|token|apikey|negotiate|ntlm|oauth|digest|hawk|signature|aws4-hmac-sha256|sharedkey(?:lite)?)\s{1,2}/iy;
/** Under other keys: these only, as words of a sentence follow the others (`token: token expired`). */
const PLAIN_SCHEME = /(?:bearer|basic)\s{1,2}/iy;
const PARAMETERS =
  /[^\s=,"'\\]+=(?:\\*"[^"\\]*\\*"|[^\s,"'\\]*)(?:,\s?[^\s=,"'\\]+=(?:\\*"[^"\\]*\\*"|[^\s,"'\\]*))*/y;

/** Cookies: pairs, and attributes of a `Set-Cookie`, with `; ` between them. */
const COOKIES =
  /[^\s=;,"'\\]+=[^\s;"'\\]*(?:; ?(?:expires=[^;"'\\\n]{0,40}|[^\s=;,"'\\]+(?:=[^\s;"'\\]*)?))*/iy;

function matchAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : -1;
}

/** The value that starts at `at`, and whether it may be a word of a sentence. */
function valueAt(text: string, at: number, key: string, afterBlank: boolean): Range & { said: boolean } {
  const quote = quoteAt(text, at);
  if (quote !== '') {
    const start = at + quote.length;
    return { start, end: closing(text, quote, start), said: false };
  }
  if (text[at] === '[' && quoteAt(text, at + 1) !== '') {
    const end = text.indexOf(']', at);
    return { start: at + 1, end: end < 0 ? text.length : end, said: false };
  }
  if (/cookie$/i.test(key)) {
    const end = matchAt(COOKIES, text, at);
    if (end >= 0) return { start: at, end, said: false };
  }
  const token = matchAt(/auth/i.test(key) ? SCHEME : PLAIN_SCHEME, text, at);
  if (token >= 0) {
    const end = matchAt(PARAMETERS, text, token);
    return { start: at, end: Math.max(end, unquoted(text, token).end), said: false };
  }
  return { ...unquoted(text, at), said: afterBlank };
}

function kindOf(key: string): SecretKind {
  if (/cookie$/i.test(key)) return 'cookie';
  return /authorization$/i.test(key) ? 'authorization' : 'password';
}

/** Where the value behind the separator at `at` starts: behind `=>`, `:=` and blanks, on the same line. */
function valueStart(text: string, at: number): number {
  const { 0: operator } = /^(?:=>|:=|[:=>])?/.exec(text.slice(at, at + 2)) ?? [''];
  let start = at + operator.length;
  // The backslashes before a quote of JSON inside JSON are part of it.
  if (operator === '') while (text[start - 1] === '\\') start--;
  // `a=` with nothing behind it is an empty value; `a = b` and `a: b` are not.
  if (operator === '=' && text[at - 1] !== ' ') return start;
  while (text[start] === ' ' || text[start] === '\t') start++;
  return start;
}

/** What stands where a secret was cut before, here or by another program (`[redacted]`). */
const CUT_BEFORE = /\[[a-z-]{3,20}\]/iy;

/** The end of the secret that stands at `at` under a key, or `at`. */
function addValue(
  text: string,
  key: string,
  tells: Telling,
  at: number,
  spoken: boolean,
  found: Secret[],
): number {
  if (matchAt(CUT_BEFORE, text, at) >= 0) return at;
  const { start, end, said } = valueAt(text, at, key, spoken);
  if (end <= start || !isSecretValue(text.slice(start, end), tells, said)) return at;
  found.push({ start, end, kind: kindOf(key) });
  return end;
}

/** What stands under a telling key: `key=value`, `key: value`, JSON, XML elements, quoted words, `--key value`. */
export function findAssignments(text: string, { keys, flags }: Signs, found: Secret[]): void {
  let covered = 0;
  for (let i = 0; i + 2 < keys.length; i += 3) {
    const [start = 0, end = 0, at = 0] = [keys[i], keys[i + 1], keys[i + 2]];
    if (at < covered) continue;
    const key = text.slice(start, end);
    const tells = telling(key);
    if (tells !== undefined && assigns(text, start, end, at))
      covered = findValue(text, key, tells, at, found);
  }
  for (const at of flags) {
    const [all = '', key = ''] = FLAG.exec(text.slice(at, at + 70)) ?? [];
    const tells = telling(key);
    if (tells !== undefined) addValue(text, key, tells, at + all.length, false, found);
  }
}

const FLAG = /^--([A-Za-z][\w.-]{0,63}) +(?=[^\s-])/;

const KEY_BEFORE = /^[\w\]]\[$/;

/** Whether `at` separates key and value: an element's name stands behind `<`; `a[key]=` assigns, `[key]:` begins a log line. */
function assigns(text: string, start: number, end: number, at: number): boolean {
  // In `log('password:', x)` the quote closes, in `Pw==` base64 ends.
  const next = text[at + 1] ?? '';
  if (
    (next === '=' && text[at] === '=') ||
    (QUOTES.includes(next || ' ') && text[start - 1] === next && end === at)
  )
    return false;
  if (text[at] === '>') return text[start - 1] === '<';
  return text[end] !== ']' || (text[at] === '=' && KEY_BEFORE.test(text.slice(start - 2, start)));
}

/** The end of the secret behind the separator at `at`, or where none begins. */
function findValue(text: string, key: string, tells: Telling, at: number, found: Secret[]): number {
  const kubernetes = /secrets?$/i.test(key);
  // Kubernetes says `secret "name" not found`: a quoted word behind a blank tells of passwords only.
  if (QUOTES.includes(text[at] ?? ' ') && (tells === 'weak' || kubernetes)) return at;
  const from = valueStart(text, at);
  const spoken = text[at] === ':' && (kubernetes || tells === 'weak' || from > at + 1);
  return addValue(text, key, spoken && kubernetes ? 'weak' : tells, from, spoken, found);
}

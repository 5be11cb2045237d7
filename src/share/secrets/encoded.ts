import { isUtf8 } from 'node:buffer';
import type { Secret } from './secret.js';

/** Looks into a decoded text. */
export type Look = (decoded: string) => readonly Secret[];

/** Whether a character of base64 can begin a group whose first byte is printable ASCII, a tab or a line end. */
const BEGINS_TEXT = new Uint8Array(128);
for (const character of 'CDIJKLMNOPQRSTUVWXYZabcdef') BEGINS_TEXT[character.charCodeAt(0)] = 1;
const beginsText = (text: string, at: number) => BEGINS_TEXT[text.charCodeAt(at)] === 1;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what no text has.
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/;

/** What `text[start, end)` says as base64 (of either alphabet), or undefined if that is no text. */
export function base64Text(text: string, start: number, end: number): string | undefined {
  if (!beginsText(text, start) || !beginsText(text, start + 4)) return undefined;
  const bytes = Buffer.from(text.slice(start, end), 'base64');
  if (!isUtf8(bytes)) return undefined;
  const decoded = bytes.toString('utf8');
  return CONTROL.test(decoded) ? undefined : decoded;
}

/** A word of a URL or a form: what stands between their separators. */
const COMPONENT = /[^\s&=?/;#"<>]{3,}/g;
const ESCAPES = /(?:%[0-9A-Fa-f]{2})+/g;

const bytesOf = (escapes: string) => Buffer.from(escapes.replaceAll('%', ''), 'hex').toString('utf8');

/** Blanks split no random string, but the base64 of a digest would be two of them. */
const isFormed = ({ kind }: Secret) => kind !== 'high-entropy';

/** URL-encoded words (RFC 3986, and `+` for a blank) that hold a secret: each is cut whole. */
export function findUrlEncoded(text: string, look: Look, found: Secret[]): void {
  for (const { 0: component, index } of text.matchAll(COMPONENT)) {
    const decoded = component.replace(ESCAPES, bytesOf);
    const form = decoded.replaceAll('+', ' ');
    if (
      (decoded !== component && look(decoded).length > 0) ||
      (form !== decoded && look(form).some(isFormed))
    )
      found.push({ start: index, end: index + component.length, kind: 'encoded' });
  }
}

/** Escapes of printable ASCII: `\u003d` (JSON writers that guard HTML) and `\x22` (nginx logs). */
const ESCAPED = /\\{1,4}(?:u00|x)([2-7][0-9A-Fa-f])/g;

/** Secrets behind escapes of single characters; each is cut where it stands. */
export function findEscaped(text: string, look: Look, found: Secret[]): void {
  const before: number[] = [];
  const after: number[] = [];
  let shrunk = 0;
  const decoded = text.replace(ESCAPED, (sequence: string, hex: string, at: number) => {
    before.push(at + sequence.length);
    shrunk += sequence.length - 1;
    after.push(at + sequence.length - shrunk);
    return String.fromCharCode(Number.parseInt(hex, 16));
  });
  if (before.length === 0) return;
  let next = 0;
  let shift = 0;
  const original = (at: number): number => {
    for (; (after[next] ?? Number.POSITIVE_INFINITY) <= at; next++)
      shift = (before[next] ?? 0) - (after[next] ?? 0);
    return at + shift;
  };
  for (const { start, end, kind } of look(decoded))
    found.push({ start: original(start), end: original(end), kind });
}

import { TRAIT, TRAITS_AND_LOWER } from './bytes.js';

/** Runs that may be base64: with fewer characters no name of eight letters is in them. */
const BASE64 = /[A-Za-z0-9+/_-]{12,}/g;
const ESCAPED = /%[0-9a-f]{2}/i;
const JSON_ESCAPED = /\\u00[0-7][0-9a-f]/i;
/** Of what base64 hides, so much must be printable; all else is chance. */
const PRINTABLE = 0.95;
/** Base64 of a text of that length has letters of both cases. */
const [LOWER, UPPER] = [/[a-z]/, /[A-Z]/];

/** What a text says in other forms: URL-decoded, without JSON's escapes, and the texts that base64 within it holds. */
export function* hiddenForms(text: string): Generator<string> {
  if (ESCAPED.test(text))
    yield text.replace(/(?:%[0-9a-f]{2})+/gi, (run) =>
      Buffer.from(run.replaceAll('%', ''), 'hex').toString(),
    );
  if (JSON_ESCAPED.test(text)) {
    yield text.replace(/\\u00([0-7][0-9a-f])/gi, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    );
  }
  for (const [run] of text.matchAll(BASE64)) {
    if (!LOWER.test(run) || !UPPER.test(run)) continue;
    const decoded = Buffer.from(run, 'base64');
    if (isPrintable(decoded)) yield decoded.toString();
  }
}

function isPrintable(bytes: Uint8Array): boolean {
  let printable = 0;
  for (const byte of bytes)
    if (byte >= 32 ? byte !== 127 : byte === 9 || byte === 10 || byte === 13) printable++;
  return printable >= bytes.length * PRINTABLE;
}

/** A run of so many letters, digits and signs of base64 may hide something. */
const MIN_RUN = 12;
const BOTH_CASES = TRAIT.lower | TRAIT.upper;

/** Whether a text may say something in another form, by the traits of all its bytes and then, without decoding it, of runs. */
export function mayHide(traits: number, bytes: Uint8Array, start: number, end: number): boolean {
  if (traits & TRAIT.escape) return true;
  if ((traits & BOTH_CASES) !== BOTH_CASES) return false;
  // A run that is long enough covers one of the places that are so far apart.
  for (let at = start + MIN_RUN - 1; at < end; at += MIN_RUN) {
    let from = at;
    let run = 0;
    while (from >= start && traitsAt(bytes, from) & TRAIT.base64) run |= traitsAt(bytes, from--);
    if (run === 0) continue;
    while (at < end && traitsAt(bytes, at) & TRAIT.base64) run |= traitsAt(bytes, at++);
    if (at - from > MIN_RUN && (run & BOTH_CASES) === BOTH_CASES) return true;
  }
  return false;
}

function traitsAt(bytes: Uint8Array, at: number): number {
  return TRAITS_AND_LOWER[bytes[at] ?? 0] ?? 0;
}

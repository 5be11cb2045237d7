import { TRAIT, TRAITS_AND_LOWER } from './bytes.js';

const ESCAPED = /%[0-9a-f]{2}/i;
const JSON_ESCAPED = /\\u00[0-7][0-9a-f]/i;

/** Runs that may be base64: with fewer characters no name of eight letters is in them. */
const MIN_RUN = 12;
/** Of what base64 hides, so much must be printable; all else is chance. */
const PRINTABLE = 0.95;
/** Base64 of a text of that length has letters of both cases. */
const BOTH_CASES = TRAIT.lower | TRAIT.upper;

const NONE: readonly string[] = [];

/**
 * What a text says in other forms: URL-decoded, without JSON's escapes, and the texts that base64 within it holds.
 *
 * @param traits of all its bytes: most texts have none that a text with such forms has
 */
export function hiddenForms(
  bytes: Uint8Array,
  start: number,
  end: number,
  traits: number,
): readonly string[] {
  const escaped = traits & TRAIT.escape ? unescaped(textOf(bytes, start, end)) : NONE;
  const encoded = (traits & BOTH_CASES) === BOTH_CASES ? fromBase64(bytes, start, end) : NONE;
  return encoded.length === 0 ? escaped : [...escaped, ...encoded];
}

function unescaped(text: string): readonly string[] {
  const forms: string[] = [];
  if (ESCAPED.test(text))
    forms.push(
      text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString()),
    );
  if (JSON_ESCAPED.test(text)) {
    forms.push(
      text.replace(/\\u00([0-7][0-9a-f])/gi, (_, code: string) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      ),
    );
  }
  return forms;
}

function fromBase64(bytes: Uint8Array, start: number, end: number): readonly string[] {
  const texts: string[] = [];
  // A run that is long enough covers one of the places that are so far apart.
  for (let at = start + MIN_RUN - 1; at < end; at += MIN_RUN) {
    let from = at;
    let run = 0;
    while (from >= start && traitsAt(bytes, from) & TRAIT.base64) run |= traitsAt(bytes, from--);
    if (run === 0) continue;
    while (at < end && traitsAt(bytes, at) & TRAIT.base64) run |= traitsAt(bytes, at++);
    addText(bytes, ++from, at, run, texts);
    if (run & TRAIT.joiner && (run & BOTH_CASES) === BOTH_CASES) addParts(bytes, from, at, texts);
  }
  return texts;
}

/** Adds the texts that the parts of a run hold, as in `/users/bWFyeQ…`. */
function addParts(bytes: Uint8Array, start: number, end: number, texts: string[]): void {
  let from = start;
  let part = 0;
  for (let at = start; at <= end; at++) {
    const traits = at < end ? traitsAt(bytes, at) : TRAIT.joiner;
    part |= traits;
    if (!(traits & TRAIT.joiner)) continue;
    addText(bytes, from, at, part, texts);
    from = at + 1;
    part = 0;
  }
}

/** Adds the text that a run of these traits is the base64 of, if it is long enough and is one. */
function addText(bytes: Uint8Array, start: number, end: number, traits: number, texts: string[]): void {
  if (end - start < MIN_RUN || (traits & BOTH_CASES) !== BOTH_CASES || !holdsText(bytes, start, end)) return;
  texts.push(Buffer.from(textOf(bytes, start, end), 'base64').toString());
}

/** Whether what a run is the base64 of is printable: found out byte by byte, since most runs are words, which are not for long. */
function holdsText(bytes: Uint8Array, start: number, end: number): boolean {
  const length = Math.floor(((end - start) * 3) / 4);
  let printable = length;
  let bits = 0;
  for (let i = 0; i < end - start; i++) {
    bits = (bits << 6) | (SEXTET[bytes[start + i] ?? 0] ?? 0);
    // A byte ends with the second, third and fourth character of each four.
    const byte = (bits >>> (6 - 2 * (i & 3))) & 255;
    if ((i & 3) !== 0 && !isPrintable(byte) && --printable < length * PRINTABLE) return false;
  }
  return true;
}

function isPrintable(byte: number): boolean {
  return byte >= 32 ? byte !== 127 : byte === 9 || byte === 10 || byte === 13;
}

/** What characters of base64 stand for, in either of its alphabets. */
const SEXTET = Uint8Array.from(
  { length: 256 },
  (_, byte) => Buffer.from(`AAA${String.fromCharCode(byte)}`, 'base64')[2] ?? 0,
);

function traitsAt(bytes: Uint8Array, at: number): number {
  return TRAITS_AND_LOWER[bytes[at] ?? 0] ?? 0;
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString();
}

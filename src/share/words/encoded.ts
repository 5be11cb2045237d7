import { isHexadecimal } from './characters.js';

/** With fewer characters of base64 no name of eight letters is in them. */
const SHORTEST = 12;
/** With fewer hexadecimal digits no name of eight letters is in them. */
const FEWEST_DIGITS = 16;
/** Escapes of URLs, and those of JSON and of logs of bytes for characters of ASCII. */
const ESCAPE = /%[0-9a-f]{2}|\\(?:u00|x)[0-7][0-9a-f]/gi;
const URL_ESCAPES = /(?:%[0-9a-f]{2})+/gi;
const ESCAPED_CHARACTER = /\\(?:u00|x)([0-7][0-9a-f])/gi;
/** What no run with escapes goes on over. */
const IS_BORDER = Uint8Array.from({ length: 0x10000 }, (_, unit) =>
  /[\s"'<>]/.test(String.fromCharCode(unit)) ? 1 : 0,
);
/** Of what base64 says at most so much is control characters; more is chance. */
const MOST_CONTROLS = 0.05;

/** Kinds of code units of base64, of both alphabets; those of the first join words elsewhere. */
const [JOINER, DIGIT, LOWER, UPPER] = [1, 2, 4, 8];
const KINDS = [/[+/_-]/, /[0-9]/, /[a-z]/, /[A-Z]/];
const KIND = Uint8Array.from({ length: 0x10000 }, (_, unit) =>
  KINDS.reduce((kind, form, i) => kind | (Number(form.test(String.fromCharCode(unit))) << i), 0),
);
const LETTERS_AND_DIGITS = DIGIT | LOWER | UPPER;
const ANY = JOINER | LETTERS_AND_DIGITS;
/** Base64 of a text has letters of both cases. */
const BOTH_CASES = LOWER | UPPER;

/** A run of a text that says something in another form. */
export interface EncodedRun {
  readonly start: number;
  readonly end: number;
  /** What it says. */
  readonly decoded: string;
}

/** The runs of a text that have escapes, or are base64 or hexadecimal digits of a text, by where they begin. */
export function encodedRuns(text: string): EncodedRun[] {
  const runs: EncodedRun[] = [];
  if (text.includes('%') || text.includes('\\')) addEscaped(text, runs);
  eachRun(text, ANY, (start, end, kinds) => addRun(text, start, end, kinds, runs));
  return runs.length > 1 ? runs.sort((a, b) => a.start - b.start) : runs;
}

/** The parts of paths and joined words that are base64 or hexadecimal digits of a text: `/users/bWFyeQ…`, `queue-6d617279…`. */
export function encodedParts(text: string): EncodedRun[] {
  const parts: EncodedRun[] = [];
  eachRun(text, LETTERS_AND_DIGITS, (start, end, kinds) => {
    const isJoined = (start > 0 && kindAt(text, start - 1)) || (end < text.length && kindAt(text, end));
    if (isJoined) addRun(text, start, end, kinds, parts);
  });
  return parts;
}

function addEscaped(text: string, runs: EncodedRun[]): void {
  let end = 0;
  for (const { index } of text.matchAll(ESCAPE)) {
    if (index < end) continue;
    let start = index;
    while (start > end && IS_BORDER[text.charCodeAt(start - 1)] === 0) start--;
    end = index;
    while (end < text.length && IS_BORDER[text.charCodeAt(end)] === 0) end++;
    runs.push({ start, end, decoded: withoutEscapes(text.slice(start, end)) });
  }
}

function withoutEscapes(run: string): string {
  return run
    .replace(URL_ESCAPES, (escapes) => Buffer.from(escapes.replaceAll('%', ''), 'hex').toString())
    .replace(ESCAPED_CHARACTER, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/** Tells of each run of code units of some kinds that is long enough, and which of these are in it. */
function eachRun(text: string, of: number, tell: (start: number, end: number, kinds: number) => void): void {
  const { length } = text;
  // It has one at every place so far on from the end of the run before.
  for (let at = SHORTEST - 1; at < length; at += SHORTEST) {
    let kinds = kindAt(text, at) & of;
    if (kinds === 0) continue;
    let start = at;
    for (; start > 0 && kindAt(text, start - 1) & of; start--) kinds |= kindAt(text, start - 1);
    for (at++; at < length && kindAt(text, at) & of; at++) kinds |= kindAt(text, at);
    if (at - start >= SHORTEST) tell(start, at, kinds);
  }
}

function kindAt(text: string, at: number): number {
  return KIND[text.charCodeAt(at)] ?? 0;
}

function addRun(text: string, start: number, end: number, kinds: number, runs: EncodedRun[]): void {
  const bytes = bytesOf(text, start, end, kinds);
  if (bytes !== undefined && isText(bytes)) runs.push({ start, end, decoded: bytes.toString() });
}

function bytesOf(text: string, start: number, end: number, kinds: number): Buffer | undefined {
  const isBase64 = (kinds & BOTH_CASES) === BOTH_CASES;
  // Hexadecimal digits of a text are not letters alone.
  if (!isBase64 && !(kinds & DIGIT)) return undefined;
  const run = text.slice(start, end);
  const digits = digitsOf(run);
  if (digits !== undefined) return Buffer.from(digits, 'hex');
  return isBase64 ? Buffer.from(run, 'base64') : undefined;
}

/**
 * The digits of bytes in hexadecimal, as dumps and literals write them. For runs of tens of millions a regular expression
 * has not the stack.
 */
function digitsOf(run: string): string | undefined {
  const first = /^0x/i.test(run) ? 2 : 0;
  const digits = run.length - first;
  const isDigits = digits >= FEWEST_DIGITS && digits % 2 === 0 && isHexadecimal(run, first, run.length);
  return isDigits ? run.slice(first) : undefined;
}

function isText(bytes: Uint8Array): boolean {
  let controls = 0;
  for (const byte of bytes) {
    if (byte === 127 || (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13)) controls++;
  }
  return controls <= bytes.length * MOST_CONTROLS;
}

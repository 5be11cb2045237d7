import { isHexadecimal } from './characters.js';

/** With fewer characters of base64 no name of eight letters is in them. */
const SHORTEST = 12;
/** Base64 of a text has letters of both cases. */
const [LOWER, UPPER] = [/[a-z]/, /[A-Z]/];
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

/** Code units of base64, of both alphabets. */
const IS_BASE64 = Uint8Array.from({ length: 0x10000 }, (_, unit) =>
  /[A-Za-z0-9+/_-]/.test(String.fromCharCode(unit)) ? 1 : 0,
);

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
  addBytes(text, runs);
  return runs.length > 1 ? runs.sort((a, b) => a.start - b.start) : runs;
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

/** A run that is long enough has its character at every place so far on from the end of the one before. */
function addBytes(text: string, runs: EncodedRun[]): void {
  const { length } = text;
  for (let at = SHORTEST - 1; at < length; at += SHORTEST) {
    if (IS_BASE64[text.charCodeAt(at)] === 0) continue;
    let start = at;
    while (start > 0 && IS_BASE64[text.charCodeAt(start - 1)] === 1) start--;
    while (++at < length && IS_BASE64[text.charCodeAt(at)] === 1);
    if (at - start < SHORTEST) continue;
    const bytes = bytesOf(text, start, at);
    if (bytes !== undefined && isText(bytes)) runs.push({ start, end: at, decoded: bytes.toString() });
  }
}

function bytesOf(text: string, start: number, end: number): Buffer | undefined {
  const run = text.slice(start, end);
  const digits = digitsOf(run);
  if (digits !== undefined) return Buffer.from(digits, 'hex');
  return LOWER.test(run) && UPPER.test(run) ? Buffer.from(run, 'base64') : undefined;
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

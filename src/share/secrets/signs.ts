/** What one pass over a text sees of it, so that a rule looks only where it can find something. */
export interface Signs {
  /** Start and end, in pairs, of every run of 16 characters or more of the base64 alphabets (`A-Za-z0-9+/_-`). */
  readonly runs: readonly number[];
  /** In threes: start and end of what can be a key, and where the `:`, `=`, `>` or quote behind it stands. */
  readonly keys: readonly number[];
  /** Where `--x` starts, x a letter. */
  readonly flags: readonly number[];
  /** Where an `@` stands. */
  readonly ats: readonly number[];
  /** Where 12 digits or more begin that follow each other with at most one blank or dash between two. */
  readonly numbers: readonly number[];
  readonly percent: boolean;
  readonly backslash: boolean;
}

const RUN = 16;
const DIGITS = 12;
const LONGEST_KEY = 64;
/** Between a key and its separator: a quote with its backslashes, `]`, a blank or two. */
const LONGEST_GAP = 12;

const BASE64 = 1;
const DIGIT = 2;
const LETTER = 4;
const SEPARATOR = 8;
const QUOTE = 16;
/** What names of keys are made of. */
const KEY = 32;
/** What can stand between a key and its separator. */
const GAP = 64;

/** The class of letters: most of a text, and skipped fast. */
const WORD = BASE64 | LETTER | KEY;

const CLASS = new Uint8Array(0x10000);
for (const [members, bits] of [
  ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', WORD],
  ['0123456789', BASE64 | DIGIT | KEY],
  ['_-', BASE64 | KEY],
  ['+/', BASE64],
  ['.$', KEY],
  [':=>', SEPARATOR],
  ['"\'`', QUOTE | GAP],
  [' \\]', GAP],
] as const)
  for (const member of members) CLASS[member.charCodeAt(0)] = bits;

const classAt = (text: string, at: number): number =>
  at < text.length ? (CLASS[text.charCodeAt(at)] ?? 0) : 0;

const BLANK = 32;
const PERCENT = 37;
const DASH = 45;
const AT = 64;
const BACKSLASH = 92;

function onlyGap(text: string, start: number, end: number): boolean {
  if (end - start > LONGEST_GAP) return false;
  for (let at = start; at < end; at++) if ((classAt(text, at) & GAP) === 0) return false;
  return true;
}

/** Whether the digit at `at` goes on with the number whose digit before is at `last`: next to it or over a blank or a dash. */
function goesOn(text: string, last: number, at: number): boolean {
  if (at - last !== 2) return at - last === 1;
  const between = text.charCodeAt(last + 1);
  return between === BLANK || between === DASH;
}

/** Reads a text once, from its beginning to its end. */
export function readSigns(text: string): Signs {
  const runs: number[] = [];
  const keys: number[] = [];
  const flags: number[] = [];
  const ats: number[] = [];
  const numbers: number[] = [];
  let percent = false;
  let backslash = false;
  let runStart = 0;
  let digits = 0;
  let firstDigit = 0;
  let lastDigit = -2;
  let lastLetter = -1;
  let keyStart = 0;
  let keyEnd = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const kind = CLASS[code] ?? 0;
    if (kind === WORD) {
      if (keyEnd !== at) keyStart = at;
      while (at + 1 < text.length && CLASS[text.charCodeAt(at + 1)] === WORD) at++;
      lastLetter = at;
      keyEnd = at + 1;
      continue;
    }
    if ((kind & BASE64) === 0) {
      if (at - runStart >= RUN) runs.push(runStart, at);
      runStart = at + 1;
    }
    if ((kind & KEY) !== 0) {
      if (keyEnd !== at) keyStart = at;
      keyEnd = at + 1;
    }
    if ((kind & DIGIT) !== 0) {
      if (goesOn(text, lastDigit, at)) digits++;
      else {
        digits = 1;
        firstDigit = at;
      }
      lastDigit = at;
      if (digits === DIGITS) numbers.push(firstDigit);
    } else if ((kind & SEPARATOR) !== 0) {
      if (lastLetter >= keyStart && keyEnd > keyStart && onlyGap(text, keyEnd, at))
        keys.push(Math.max(keyStart, keyEnd - LONGEST_KEY), keyEnd, at);
    } else if ((kind & QUOTE) !== 0) {
      if (keyEnd < at && text.charCodeAt(keyEnd) === BLANK && onlyGap(text, keyEnd, at))
        keys.push(Math.max(keyStart, keyEnd - LONGEST_KEY), keyEnd, at);
    } else if (code === DASH) {
      if (text.charCodeAt(at + 1) === DASH && (classAt(text, at + 2) & LETTER) !== 0) flags.push(at);
    } else if (code === AT) ats.push(at);
    else if (code === PERCENT) percent = true;
    else if (code === BACKSLASH) backslash = true;
  }
  if (text.length - runStart >= RUN) runs.push(runStart, text.length);
  return { runs, keys, flags, ats, numbers, percent, backslash };
}

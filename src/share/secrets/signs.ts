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

const DIGIT = 1;
const LETTER = 2;
const ALPHANUMERIC = DIGIT | LETTER;
const BASE64 = 4;
const SEPARATOR = 8;
const QUOTE = 16;
/** What names of keys are made of. */
const KEY = 32;
/** What can stand between a key and its separator. */
const GAP = 64;

const CLASS = new Uint8Array(0x10000);
for (const [members, bits] of [
  ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', BASE64 | LETTER | KEY],
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

/** Adds what can be a key before a separator with nothing but a gap between, or before a quote with a blank between. */
function addKey(text: string, at: number, kind: number, keys: number[]): void {
  const end = startOf(GAP, text, at, LONGEST_GAP);
  if ((kind & QUOTE) !== 0 && text.charCodeAt(end) !== BLANK) return;
  const start = startOf(KEY, text, end, LONGEST_KEY);
  if (hasLetter(text, start, end)) keys.push(start, end, at);
}

/** Where the characters of a class before an offset begin, of at most so many. */
function startOf(kind: number, text: string, end: number, most: number): number {
  let start = end;
  while (start > 0 && end - start < most && (classAt(text, start - 1) & kind) !== 0) start--;
  return start;
}

function hasLetter(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if ((classAt(text, at) & LETTER) !== 0) return true;
  return false;
}

/** Whether the digit at `at` goes on with the number whose digit before is at `last`: next to it or over a blank or a dash. */
function goesOn(text: string, last: number, at: number): boolean {
  if (at - last !== 2) return at - last === 1;
  const between = text.charCodeAt(last + 1);
  return between === BLANK || between === DASH;
}

/** Where so many digits begin that follow each other. */
function numbersIn(text: string): number[] {
  const numbers: number[] = [];
  let digits = 0;
  let first = 0;
  let last = -2;
  for (let at = 0; at < text.length; at++) {
    if ((classAt(text, at) & DIGIT) === 0) continue;
    if (goesOn(text, last, at)) digits++;
    else {
      digits = 1;
      first = at;
    }
    last = at;
    if (digits === DIGITS) numbers.push(first);
  }
  return numbers;
}

/** Reads a text from its beginning to its end: once, unless it has digits enough for a number. */
export function readSigns(text: string): Signs {
  const runs: number[] = [];
  const keys: number[] = [];
  const flags: number[] = [];
  const ats: number[] = [];
  let percent = false;
  let backslash = false;
  let runStart = 0;
  let digits = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const kind = CLASS[code] ?? 0;
    // No branch: which of letters and digits comes next, no processor can tell in an id.
    digits += kind & DIGIT;
    if ((kind & ALPHANUMERIC) !== 0) continue;
    if ((kind & BASE64) === 0) {
      if (at - runStart >= RUN) runs.push(runStart, at);
      runStart = at + 1;
    }
    if ((kind & (SEPARATOR | QUOTE)) !== 0) addKey(text, at, kind, keys);
    else if (code === DASH) {
      if (text.charCodeAt(at + 1) === DASH && (classAt(text, at + 2) & LETTER) !== 0) flags.push(at);
    } else if (code === AT) ats.push(at);
    else if (code === PERCENT) percent = true;
    else if (code === BACKSLASH) backslash = true;
  }
  if (text.length - runStart >= RUN) runs.push(runStart, text.length);
  const numbers = digits < DIGITS ? [] : numbersIn(text);
  return { runs, keys, flags, ats, numbers, percent, backslash };
}

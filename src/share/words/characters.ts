/** What a UTF-16 code unit is to names and words. */
export const SEPARATOR = 0;
const DIGIT = 1;
const LOWER = 2;
export const UPPER = 3;
/** Beyond ASCII (`é`, `支`, `🍕`, `“`): part of a name, and the end of a word in texts. */
const OTHER = 4;

const UNITS = 0x10000;
export const LAST_OF_ASCII = 0x7f;

/** Class of each code unit. */
export const CLASS = new Uint8Array(UNITS);
/** The lower case of each code unit, where it is one unit; else the unit itself. */
export const FOLDED = new Uint16Array(UNITS);

for (let unit = 0; unit < UNITS; unit++) {
  const character = String.fromCharCode(unit);
  const lower = character.toLowerCase();
  FOLDED[unit] = lower.length === 1 ? lower.charCodeAt(0) : unit;
  if (unit > LAST_OF_ASCII) CLASS[unit] = OTHER;
  else if (/\d/.test(character)) CLASS[unit] = DIGIT;
  else if (/[A-Z]/.test(character)) CLASS[unit] = UPPER;
  else if (/[a-z]/.test(character)) CLASS[unit] = LOWER;
}

/** The class of the code unit at an offset; SEPARATOR beyond the ends. */
export function classAt(text: string, at: number): number {
  // Not by NaN, which charCodeAt gives beyond the ends: that is a slow way to look nothing up.
  return at >= 0 && at < text.length ? (CLASS[text.charCodeAt(at)] ?? SEPARATOR) : SEPARATOR;
}

/** Whether units of that class are ASCII letters or digits. */
export function isWordClass(kind: number): boolean {
  return kind !== SEPARATOR && kind !== OTHER;
}

/** Whether a part of a text is hexadecimal digits alone. */
export function isHexadecimal(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const unit = text.charCodeAt(at);
    const isDigit = unit >= 0x30 && unit <= 0x39;
    if (!isDigit && ((unit | 0x20) < 0x61 || (unit | 0x20) > 0x66)) return false;
  }
  return true;
}

/**
 * Whether a part of a word ends before an offset: where something else than an ASCII letter or digit is on either side,
 * before a capital that begins a part of `camelCase` or follows `HTTPPart`, and between a letter and a digit after it.
 */
export function isPartEnd(text: string, at: number): boolean {
  return isPartEndBetween(classAt(text, at - 1), classAt(text, at), text, at);
}

/** The same where the classes of the units before the offset and at it are known. */
export function isPartEndBetween(before: number, after: number, text: string, at: number): boolean {
  if (!isWordClass(before) || !isWordClass(after)) return true;
  if (after === DIGIT) return before !== DIGIT;
  return after === UPPER && (before !== UPPER || classAt(text, at + 1) === LOWER);
}

/** Where a label ends that begins here: letters and digits, with hyphens and underscores between them. */
export function labelEnd(text: string, start: number): number {
  let end = start;
  for (let at = start; at < text.length; at++) {
    if (CLASS[text.charCodeAt(at)] !== SEPARATOR) end = at + 1;
    else if (at === start || (text[at] !== '-' && text[at] !== '_')) break;
  }
  return end;
}

/** A text in lower case unit by unit, so that it is as long as before. */
export function folded(text: string): string {
  if (!/[\u0080-\uffff]/.test(text)) return text.toLowerCase();
  let lower = '';
  for (let i = 0; i < text.length; i++) lower += String.fromCharCode(FOLDED[text.charCodeAt(i)] ?? 0);
  return lower;
}

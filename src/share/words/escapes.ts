const BACKSLASH = 0x5c;
const PER_CENT = 0x25;
/** In escapes of terminals. */
const BRACKET = 0x5b;
const SEMICOLON = 0x3b;
/** Letters and digits that belong to `\n`, `\u0026`, `\x22`, `%2F` or a terminal's colour, and not to the word behind. */
const ESCAPED =
  /(?<=\\)(?:u[0-9a-f]{4}|x[0-9a-f]{2}|[bfnrtv])|(?<=%)[0-9a-f]{2}|(?<=[^ -\uffff]\[[0-9;]{0,16})[0-9]{0,3}m/iy;

/** Where an escape ends whose letters or digits begin here; the same offset where none does. */
export function escapedEnd(text: string, start: number): number {
  if (start === 0) return start;
  const before = text.charCodeAt(start - 1);
  if (before !== BACKSLASH && before !== PER_CENT && before !== BRACKET && before !== SEMICOLON) return start;
  ESCAPED.lastIndex = start;
  return start + (ESCAPED.exec(text)?.[0].length ?? 0);
}

/** Quotes, backslashes, control characters, halves of surrogate pairs. */
const TO_ESCAPE = /["\\\p{Cc}\p{Cs}]/u;

/** A string of JSON. Most have nothing to escape. */
export function quoted(text: string): string {
  return TO_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`;
}

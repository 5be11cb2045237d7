/** Runs that may be base64: with fewer characters no name of eight letters is in them. */
const BASE64 = /[A-Za-z0-9+/_-]{12,}/g;
const ESCAPED = /%[0-9a-f]{2}/i;
const JSON_ESCAPED = /\\u00[0-7][0-9a-f]/i;
/** Of what base64 hides, so much must be printable; all else is chance. */
const PRINTABLE = 0.95;
/** Base64 of a text of that length has letters of both cases. */
const MIXED = /[a-z].*[A-Z]|[A-Z].*[a-z]/;

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
    if (!MIXED.test(run)) continue;
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

const PERCENT = 37;
const BACKSLASH = 92;
/** A run of so many letters, digits and signs of base64 may hide something. */
const MIN_RUN = 12;

/** Whether a text may say something in another form, found out without decoding it. */
export function mayHide(bytes: Uint8Array, start: number, end: number): boolean {
  let run = 0;
  let hasLower = false;
  let hasUpper = false;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] ?? 0;
    const isLower = byte >= 97 && byte <= 122;
    const isUpper = byte >= 65 && byte <= 90;
    if (isLower || isUpper || (byte >= 47 && byte <= 57) || byte === 43 || byte === 45 || byte === 95) {
      hasLower ||= isLower;
      hasUpper ||= isUpper;
      if (++run >= MIN_RUN && hasLower && hasUpper) return true;
    } else {
      if (byte === PERCENT || byte === BACKSLASH) return true;
      run = 0;
      hasLower = hasUpper = false;
    }
  }
  return false;
}

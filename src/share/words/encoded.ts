/** With fewer characters of base64 no name of eight letters is in them. */
const SHORTEST = 12;
/** Base64 of a text has letters of both cases. */
const MIXED = /[a-z].*[A-Z]|[A-Z].*[a-z]/;
/** Runs with URL's or JSON's escapes. */
const ESCAPED_RUN = /[^\s"'<>]*(?:%[0-9a-f]{2}|\\u00[0-7][0-9a-f])[^\s"'<>]*/gi;
const URL_ESCAPES = /(?:%[0-9a-f]{2})+/gi;
const JSON_ESCAPE = /\\u00([0-7][0-9a-f])/gi;
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

/** The runs of a text that are URL-encoded, have JSON's escapes, or are base64 of a text, by where they begin. */
export function encodedRuns(text: string): EncodedRun[] {
  const runs: EncodedRun[] = [];
  if (text.includes('%') || text.includes('\\u00')) {
    for (const { 0: run, index } of text.matchAll(ESCAPED_RUN)) {
      runs.push({ start: index, end: index + run.length, decoded: withoutEscapes(run) });
    }
  }
  addBase64(text, runs);
  return runs.length > 1 ? runs.sort((a, b) => a.start - b.start) : runs;
}

function withoutEscapes(run: string): string {
  return run
    .replace(URL_ESCAPES, (escapes) => Buffer.from(escapes.replaceAll('%', ''), 'hex').toString())
    .replace(JSON_ESCAPE, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/** A run that is long enough has its character at every place so far on from the end of the one before. */
function addBase64(text: string, runs: EncodedRun[]): void {
  const { length } = text;
  for (let at = SHORTEST - 1; at < length; at += SHORTEST) {
    if (IS_BASE64[text.charCodeAt(at)] === 0) continue;
    let start = at;
    while (start > 0 && IS_BASE64[text.charCodeAt(start - 1)] === 1) start--;
    while (++at < length && IS_BASE64[text.charCodeAt(at)] === 1);
    if (at - start < SHORTEST) continue;
    const run = text.slice(start, at);
    if (!MIXED.test(run)) continue;
    const bytes = Buffer.from(run, 'base64');
    if (isText(bytes)) runs.push({ start, end: at, decoded: bytes.toString() });
  }
}

function isText(bytes: Uint8Array): boolean {
  let controls = 0;
  for (const byte of bytes) {
    if (byte === 127 || (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13)) controls++;
  }
  return controls <= bytes.length * MOST_CONTROLS;
}

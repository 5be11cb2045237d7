/** Words, ids and addresses: runs of letters and digits, of which some may belong together. */
const TOKEN = /[0-9A-Za-z]+(?:[.:_/-]+[0-9A-Za-z]+)*(?:::)?/g;
const PART = /[0-9A-Za-z]+/g;

/** Parts of an IPv6 block, which has most: eight groups, and the prefix's length. */
const MOST_PARTS = 9;

/** Looks up what these words stand for; those that it does not know are missing from the answer. */
export type LookUp = (words: ReadonlySet<string>) => ReadonlyMap<string, string>;

/** The text with every pseudonym in it, the longest first, turned back into what it stands for. */
export function unmasked(text: string, lookUp: LookUp): string {
  const candidates = new Set<string>();
  for (const [token] of text.matchAll(TOKEN)) {
    for (const { text } of runsOf(token)) candidates.add(text);
  }
  const originals = lookUp(candidates);
  return text.replace(TOKEN, (token) => unmaskedToken(token, originals));
}

interface Run {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Runs of whole parts of a token, those that begin first first, and of these the longest. */
function* runsOf(token: string): Generator<Run> {
  const parts = [...token.matchAll(PART)].map(({ index, 0: part }) => ({
    start: index,
    end: index + part.length,
  }));
  for (const [i, { start }] of parts.entries()) {
    const last = Math.min(parts.length, i + MOST_PARTS);
    if (last === parts.length && token.endsWith('::'))
      yield { start, end: token.length, text: token.slice(start) };
    for (let j = last - 1; j >= i; j--) {
      const end = parts[j]?.end ?? start;
      yield { start, end, text: token.slice(start, end) };
    }
  }
}

function unmaskedToken(token: string, originals: ReadonlyMap<string, string>): string {
  let result = '';
  let done = 0;
  for (const { start, end, text } of runsOf(token)) {
    const original = originals.get(text);
    if (original === undefined || start < done) continue;
    result += token.slice(done, start) + original;
    done = end;
  }
  return result + token.slice(done);
}

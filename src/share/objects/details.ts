import type { Words } from '../words/words.js';

/** What is parted from its surroundings by blanks and has a dot, slash or `@` within: hosts, URLs, files. */
const PLACES = /\S*[./\\@]\w\S*/g;

/**
 * Particulars of a loss, mostly an error as a program gave it: text, but hosts and files in it are names though nobody
 * else speaks of them.
 */
export function redactDetail(detail: string, words: Words): string {
  let redacted = '';
  let done = 0;
  for (const { 0: place, index } of detail.matchAll(PLACES)) {
    redacted += words.text(detail.slice(done, index)) + words.operation(place);
    done = index + place.length;
  }
  return redacted + words.text(detail.slice(done));
}

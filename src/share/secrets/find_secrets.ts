import { findAssignments } from './assignments.js';
import { findInCommands } from './command_lines.js';
import { findEmails } from './emails.js';
import { base64Text, findEscaped, findUrlEncoded, type Look } from './encoded.js';
import { findRandom } from './entropy.js';
import { findCards, findIbans } from './payment_numbers.js';
import { findPrivateKeys } from './private_keys.js';
import { SECRET_KINDS, type Secret } from './secret.js';
import { readSigns } from './signs.js';
import { findSpoken } from './spoken.js';
import { findBootstrapToken, findJwts, findScheme } from './tokens.js';
import { findUserInfo } from './user_info.js';
import { findVendorTokens } from './vendor_tokens.js';

/** How many encodings deep a secret is looked for: base64 inside of URL-encoding, say. */
const DEPTH = 2;

/** Line ends and tabs as strings of programs have them. */
const LINE_END = /\\[nrt]/g;

/** How often the rest of a text is looked at again once secrets are cut. */
const ROUNDS = 3;

/**
 * Finds what must not leave in any text: keys, tokens, passwords, cookies, user info of URLs, e-mail addresses,
 * card and account numbers, random strings, also inside of JSON strings, base64 and URL-encoding. Takes time
 * linear in the text's length. The stretches are disjoint and in order.
 */
export function findSecrets(text: string): readonly Secret[] {
  let secrets = find(text, DEPTH);
  // What stood next to a secret without a border between them has one now.
  for (let round = 0; round < ROUNDS && secrets.length > 0; round++) {
    const more = find(blanked(text, secrets), DEPTH);
    if (more.length === 0) break;
    secrets = disjoint([...secrets, ...more]);
  }
  return secrets;
}

/** The text with line ends in place of the secrets. */
function blanked(text: string, secrets: readonly Secret[]): string {
  let at = 0;
  let kept = '';
  for (const { start, end } of secrets) {
    kept += text.slice(at, start) + '\n'.repeat(end - start);
    at = end;
  }
  return kept + text.slice(at);
}

function find(text: string, depth: number): readonly Secret[] {
  const signs = readSigns(text);
  const found: Secret[] = [];
  const look: Look = (decoded) => (depth > 0 ? find(decoded, depth - 1) : []);
  findAssignments(text, signs, found);
  findPrivateKeys(text, found);
  findInCommands(text, found);
  findSpoken(text, found);
  if (signs.ats.length > 0) {
    findUserInfo(text, found);
    findEmails(text, signs.ats, found);
  }
  if (signs.numbers.length > 0) {
    findCards(text, signs.numbers, found);
    findIbans(text, found);
  }
  if (signs.runs.length > 0) {
    findVendorTokens(text, signs.runs, found);
    findJwts(text, found);
    for (let i = 0; i + 1 < signs.runs.length; i += 2)
      findInRun(text, signs.runs[i] ?? 0, signs.runs[i + 1] ?? 0, look, found);
  }
  if (signs.percent || text.includes('+')) findUrlEncoded(text, look, found);
  if (signs.backslash) {
    findEscaped(text, look, found);
    // The `n` of a line end that was written so is no part of the word behind it.
    const spaced = text.replace(LINE_END, '  ');
    if (spaced !== text) found.push(...find(spaced, depth));
  }
  return found.length < 2 ? found : disjoint(found);
}

/** A run of base64's alphabets is base64 of some text, whole or between its separators, or chance, or words. */
function findInRun(text: string, start: number, end: number, look: Look, found: Secret[]): void {
  findScheme(text, start, found);
  findBootstrapToken(text, start, end, found);
  if (addDecoded(text, start, end, look, found)) return;
  let decoded = false;
  for (let at = start, pieceEnd = start; at < end; at = pieceEnd + 1) {
    pieceEnd = at;
    while (pieceEnd < end && !isSeparator(text.charCodeAt(pieceEnd))) pieceEnd++;
    if (pieceEnd - at >= 16 && pieceEnd - at < end - start)
      decoded = addDecoded(text, at, pieceEnd, look, found) || decoded;
  }
  if (!decoded) findRandom(text, start, end, found);
}

/** `/`, `_` and `-` are of base64's alphabets, and stand between words more often. */
const isSeparator = (code: number) => code === 47 || code === 95 || code === 45;

/** Whether `text[start, end)` is base64 of some text; if that holds a secret, all of it is one. */
function addDecoded(text: string, start: number, end: number, look: Look, found: Secret[]): boolean {
  const decoded = base64Text(text, start, end);
  if (decoded === undefined) return false;
  if (look(decoded).length > 0) {
    let padded = end;
    while (text[padded] === '=') padded++;
    found.push({ start, end: padded, kind: 'encoded' });
  }
  return true;
}

/** Overlapping stretches become one, of the most telling kind among them. */
function disjoint(found: Secret[]): readonly Secret[] {
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  const merged: Secret[] = [];
  for (const next of found) {
    const last = merged.at(-1);
    if (last === undefined || next.start >= last.end) {
      merged.push(next);
      continue;
    }
    const kind = SECRET_KINDS.indexOf(next.kind) < SECRET_KINDS.indexOf(last.kind) ? next.kind : last.kind;
    merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, next.end), kind };
  }
  return merged;
}

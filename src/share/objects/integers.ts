import { findSecrets } from '../secrets/find_secrets.js';
import type { Words } from '../words/words.js';
import { isPersonal } from './attribute_keys.js';

/** Digits of a card's number, at least. */
const SHORTEST_CARD = 12;

/** Numbers of cards, and those by which persons and accounts are found, become others; all else was measured. */
export function redactInteger(text: string, key: string, words: Words): string {
  if (!isPersonal(key) && !isCard(text)) return text;
  const instead = words.name(text);
  return instead === text ? text : String(integerOf(instead));
}

function isCard(text: string): boolean {
  return text.length >= SHORTEST_CARD && findSecrets(text).some(({ kind }) => kind === 'card');
}

/** A positive integer of less than 63 bits for a pseudonym: its first eleven letters and digits in base 36. */
function integerOf(pseudonym: string): bigint {
  let integer = 0n;
  for (const letter of pseudonym.slice(0, 11))
    integer = integer * 36n + BigInt(Number.parseInt(letter, 36) || 0);
  return integer;
}

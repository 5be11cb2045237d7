import { findSecrets } from '../secrets/find_secrets.js';
import type { Words } from '../words/words.js';
import { isPersonal } from './attribute_keys.js';

/** Numbers of cards, and those by which persons and accounts are found, become others; all else was measured. */
export function redactInteger(text: string, key: string, words: Words): string {
  if (!isPersonal(key) && !findSecrets(text).some(({ kind }) => kind === 'card')) return text;
  const instead = words.name(text);
  return instead === text ? text : String(integerOf(instead));
}

/** A positive integer of less than 63 bits for a pseudonym: its first eleven letters and digits in base 36. */
function integerOf(pseudonym: string): bigint {
  let integer = 0n;
  for (const letter of pseudonym.slice(0, 11))
    integer = integer * 36n + BigInt(Number.parseInt(letter, 36) || 0);
  return integer;
}

import { isIP } from 'node:net';
import { findSecrets } from '../secrets/find_secrets.js';
import { telling } from '../secrets/telling_keys.js';
import type { Words } from '../words/words.js';
import { isPersonal } from './attribute_keys.js';

/** Digits of a card's number, at least: of a number that is written with fewer characters only its key may tell more. */
export const SHORTEST_CARD = 12;
/** As long as a code that somebody types: a shorter number under `pass` or `pin` counts something. */
const CODE = /^-?\d{4,}(?:\.0)?$/;
/** A double within JSON, which must not become an integer. */
const DOUBLE = /[.eE]/;
/** What dates, numbers of accounts and telephones, and places on a map are written with. */
const OF_DIGITS = /^[-+(]?\d[\d ().:/+TZ-]*$/;
/** Of a pseudonym in base 36 so many characters give an integer of less than 63 bits, and one that a double holds. */
const OF_INTEGER = 11;
const OF_DOUBLE = 10;

/**
 * A number, integer or double: a code under the key of a secret becomes 0; numbers of cards, and those by which persons
 * and accounts are found, become others; all else was measured.
 */
export function redactNumber(text: string, key: string, words: Words): string {
  if (telling(key) === 'strong' && CODE.test(text)) return DOUBLE.test(text) ? '0.0' : '0';
  if (isPersonal(key)) return otherNumber(text, words);
  const digits = digitsOf(text);
  return digits.length >= SHORTEST_CARD && isCard(digits) ? otherNumber(digits, words, text) : text;
}

/** Whether every whole number under a key that is shorter than a card's stays. */
export function keepsShortNumbers(key: string): boolean {
  return telling(key) !== 'strong' && !isPersonal(key);
}

/** Whether a text is a number, a date, a telephone's number and the like, but no address. */
export function isOfDigits(text: string): boolean {
  return OF_DIGITS.test(text) && isIP(text) === 0;
}

/** The pseudonym of all digits together: of what is a person's no part stays that alone is only a small number. */
export function nameOfDigits(text: string, words: Words): string {
  return words.name(text.replace(/\D/g, ''));
}

function otherNumber(text: string, words: Words, as = text): string {
  const name = nameOfDigits(text, words);
  if (name === text.replace(/\D/g, '')) return as;
  const sign = text.startsWith('-') ? '-' : '';
  const made = DOUBLE.test(as) ? `${integerOf(name, OF_DOUBLE)}.0` : `${integerOf(name, OF_INTEGER)}`;
  return sign + words.madeOf(as.slice(sign.length), () => made);
}

/** The digits of a whole number, also of a double (`4.2e15`); none of what has a fraction. */
function digitsOf(text: string): string {
  if (text.length < SHORTEST_CARD && !/[eE]/.test(text)) return '';
  if (/^\d+$/.test(text)) return text;
  const number = Number(text);
  return Number.isSafeInteger(number) ? String(number) : '';
}

function isCard(digits: string): boolean {
  return findSecrets(digits).some(({ kind }) => kind === 'card');
}

/** A positive integer for a pseudonym: its first letters and digits in base 36. */
function integerOf(pseudonym: string, characters: number): bigint {
  let integer = 0n;
  for (const letter of pseudonym.slice(0, characters))
    integer = integer * 36n + BigInt(Number.parseInt(letter, 36) || 0);
  return integer;
}

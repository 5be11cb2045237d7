import { isSecretValue, type Telling, telling } from '../secrets/telling_keys.js';
import type { Words } from '../words/words.js';
import { isNameKey, isPersonal, isTextKey } from './attribute_keys.js';
import { type JsonChanges, jsonText, jsonWithin, mapJson } from './json_tree.js';
import { isOfDigits, nameOfDigits, redactNumber } from './numbers.js';

/**
 * Redacts a string of which nothing is known but the key under which it stands, by what it looks like: what stands under
 * the key of a password or cookie is cut and under that of a token or session a name, whatever it looks like; times and
 * small numbers stay; JSON is redacted level by level; text with blanks is text, or names where the key does not say
 * that it is text and it has few words; all else is a name.
 *
 * @param keyOf what becomes of keys in JSON
 */
export function redactValue(text: string, key: string, words: Words, keyOf: (key: string) => string): string {
  const tells = telling(key);
  if (tells !== undefined && isSecretValue(text, tells, false))
    return isCut(key, tells) ? withoutSecret(text, key, words) : words.name(text);
  if (isPersonal(key)) {
    if (isOfDigits(text)) return nameOfDigits(text, words);
  } else if (TIME.test(text) || NUMBER.test(text)) return text;
  const json = jsonWithin(text);
  if (json !== undefined) return jsonText(mapJson(json, key, changesOf(words, keyOf)));
  if (!/\s/.test(text)) return words.name(text);
  return areNames(text, key, words) ? words.phrase(text) : words.text(text);
}

/** Whether each word of a text with blanks is a name: `Globex Industries` under `acme.tenant`. */
function areNames(text: string, key: string, words: Words): boolean {
  if (isNameKey(key)) return true;
  return !isTextKey(key) && !words.published(key) && text.split(/\s+/, MOST_WORDS + 1).length <= MOST_WORDS;
}

/** More of them are a sentence. */
const MOST_WORDS = 4;

function changesOf(words: Words, key: (key: string) => string): JsonChanges {
  return {
    key,
    string: (text, at) => redactValue(text, at, words, key),
    number: (text, at) => redactNumber(text, at, words),
  };
}

/** Whether every string under a key that has the shape of an id is a name, and none is cut or the number of a person. */
export function takesIds(key: string): boolean {
  const tells = telling(key);
  return !isPersonal(key) && (tells === undefined || !isCut(key, tells));
}

/** Whether what stands under a key goes, and is not a name like a session, by which requests are told from each other. */
function isCut(key: string, tells: Telling): boolean {
  return tells === 'strong' || HEADER.test(key);
}

const HEADER = /(?:cookie|authorization)$/i;

/** The kind of secret that a text finds behind the key, so that it counts as such and none is found afterwards. */
function withoutSecret(text: string, key: string, words: Words): string {
  const header = HEADER.exec(key)?.[0].toLowerCase() ?? 'password';
  const cut = words.text(JSON.stringify({ [header]: text }));
  return /^\{"\w+":"(\[[a-z-]+\])"\}$/.exec(cut)?.[1] ?? `[${header}]`;
}

/** As Kubernetes and most programs write times. */
const TIME = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)?$/;
/** Longer ones are ids and numbers of people and cards. */
const NUMBER = /^[+-]?\d{1,8}(?:\.\d{1,9})?$/;

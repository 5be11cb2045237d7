import { isSecretValue, telling } from '../secrets/telling_keys.js';
import type { Words } from '../words/words.js';
import { isPersonal } from './attribute_keys.js';
import { redactInteger } from './integers.js';
import { type JsonChanges, jsonText, jsonWithin, mapJson } from './json_tree.js';

/**
 * Redacts a string of which nothing is known but the key under which it stands, by what it looks like: times and small
 * numbers stay, what stands under the key of a password is cut and under that of a token or session a name, whatever it
 * looks like; JSON is redacted level by level, text with blanks is text, all else a name.
 *
 * @param keyOf what becomes of keys in JSON
 */
export function redactValue(text: string, key: string, words: Words, keyOf: (key: string) => string): string {
  if (TIME.test(text) || (NUMBER.test(text) && !isPersonal(key))) return text;
  const tells = telling(key);
  if (tells !== undefined && isSecretValue(text, tells, false))
    return tells === 'strong' ? withoutSecret(text, words) : words.name(text);
  const json = jsonWithin(text);
  if (json !== undefined) return jsonText(mapJson(json, key, changesOf(words, keyOf)));
  return /\s/.test(text) ? words.text(text) : words.name(text);
}

function changesOf(words: Words, key: (key: string) => string): JsonChanges {
  return {
    key,
    string: (text, at) => redactValue(text, at, words, key),
    number: (text, at) => redactInteger(text, at, words),
  };
}

/** Cut as a password in a text is, so that it counts as a secret and none is found afterwards. */
function withoutSecret(text: string, words: Words): string {
  const cut = words.text(JSON.stringify({ password: text }));
  return cut.includes('[password]') ? '[password]' : words.name(text);
}

/** As Kubernetes and most programs write times. */
const TIME = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)?$/;
/** Longer ones are ids and numbers of people and cards. */
const NUMBER = /^[+-]?\d{1,8}(?:\.\d{1,9})?$/;

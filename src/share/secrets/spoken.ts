import type { Secret } from './secret.js';
import { isSecretValue } from './telling_keys.js';

/** In every text that says one of the words below. */
const SAID = /pass|pwd|pin|otp|code|token/i;

/** One-time codes of six to eight digits, or of six hexadecimal digits of which one is a digit. */
const CODE = '(?:\\d{6,8}|(?=[a-f]{0,5}\\d)[\\da-f]{6})(?![\\w-]|[.:,]\\d)';
/** Between a word and its value: `is`, `:`, quotes of JSON. */
const BETWEEN = '["\'\\\\]{0,3}(?:\\s{0,2}[:=#]\\s{0,2}|\\s{1,2}(?:(?:is|was|are):?\\s{1,2})?)["\'\\\\]{0,3}';
/** What comes before `code` where that says what went wrong, or where somebody lives. */
const NO_SECRET =
  'error|err|status|exit|return|response|result|reason|http|grpc|zip|postal|post|country|currency|area|source|byte|op|event|product|language|color|colour|bar|qr';
const CODES = new RegExp(
  `(?<![A-Za-z0-9])(?:t?otp|pin|tokens?|pass[-_ ]?codes?|(?<!\\b(?:${NO_SECRET})[-_. ]{0,2})codes?)${BETWEEN}(?<code>${CODE})`,
  'gi',
);

/** `the password is …`, `passphrase was …`, and `password hunter2`, where letters and digits are no word. */
const PASSWORDS =
  /(?<![A-Za-z])(?:passwords?|passwd|pwd|passphrase|passcode)["']? {1,2}(?:(?<copula>(?:is|was|will be|(?:re)?set to|changed to):?) {1,2})?["']?(?<value>[^\s"'<>]{3,256})/gi;
/** A full stop or bracket behind a value belongs to the sentence. */
const SENTENCE_END = /[.,;:!?)\]}]+$/;
/** Words that say something of a password, beside those of all telling keys. */
const OF_PASSWORDS =
  /(?:(?:ed|ing|ly|able|ible|ory|ent)$|^(?:and|as|at|be|because|but|by|different|hidden|longer|needed|never|always|no|null|now|on|same|shorter|so|still|weak|strong|safe|secure|secret|shown|stale|there|used|via|what|written|your|my|their|known|unknown|in-use|plain|blank|good|correct|right|gone|lost|too|sent|base64|bcrypt|argon2\w*|scrypt|pbkdf2)$)/i;

/** What people and programs say of passwords and one-time codes without a sign between word and value. */
export function findSpoken(text: string, found: Secret[]): void {
  if (!SAID.test(text)) return;
  for (const { 0: match, index, groups } of text.matchAll(CODES)) {
    const end = index + match.length;
    found.push({ start: end - (groups?.code ?? '').length, end, kind: 'password' });
  }
  for (const { 0: match, index, groups } of text.matchAll(PASSWORDS)) {
    const { copula, value = '' } = groups ?? {};
    const said = value.replace(SENTENCE_END, '');
    const end = index + match.length - (value.length - said.length);
    if (copula === undefined ? isMixed(said) : isSaid(said, text, end))
      found.push({ start: end - said.length, end, kind: 'password' });
  }
}

/** Whether a value behind `is` is one: letters alone only where the sentence ends, as other words go on. */
function isSaid(value: string, text: string, end: number): boolean {
  if (value.length < 3 || !isSecretValue(value, 'strong', true) || OF_PASSWORDS.test(value)) return false;
  return !/^[A-Za-z]?[a-z-]+$/.test(value) || text[end] !== ' ';
}

/** Whether a value has letters and digits, as no word of a sentence has. */
function isMixed(value: string): boolean {
  return /^(?=.*[A-Za-z])(?=.*\d)[^/=:(]{6,}$/.test(value) && !OF_PASSWORDS.test(value);
}

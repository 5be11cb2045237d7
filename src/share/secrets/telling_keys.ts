/** How much a key tells: under `strong` every value is secret, under `weak` one that looks like a token. */
export type Telling = 'strong' | 'weak';

/** What the names of secrets end with, without separators and in lower case. */
const STRONG =
  /(?:passw(?:or)?ds?|passwort|passphrases?|passcodes?|secrets?|(?:api|secret|access|private|account|encrypt(?:ion)?|sign(?:ing)?|master|shared|subscription|licen[cs]e|auth|session|service|storage|ssh|deploy|function|client|consumer|app|application|hmac|jwt|webhook|admin|root|write|ingest|aes|rsa|wrapping|unseal)keys?|credentials?|connectionstring|securitycode|securityanswer|clientassertion|mnemonic|seedphrase)$/;
const WEAK = /(?:tokens?|session(?:id)?|sess(?:id)?|signature|cookies?|authorization|bearer)$/;

/** Short words, which must be the last word of the name: a `bypass` or a `compass` tells nothing. */
const SHORT_STRONG = new Set('pw pwd pass psk cvv cvc pin otp totp mfa'.split(' '));
const SHORT_WEAK = new Set('auth sid sig jwt csrf xsrf sas sess'.split(' '));

/** Counts and limits of tokens are said often, and are none. */
const COUNTED =
  /(?:(?:max|min|num|total|prompt|completion|input|output|used|cached|reasoning)[_.-]?tokens|[a-z]Tokens)$/i;

/**
 * How telling a key is (of JSON, a header, an attribute, a variable, a query parameter, an option): what stands
 * under `DB_PASSWORD`, `x-api-key`, `clientSecret` or `session.id` is a secret whatever it looks like.
 */
export function telling(key: string): Telling | undefined {
  const known = KNOWN.get(key);
  if (known !== undefined || KNOWN.has(key)) return known;
  if (KNOWN.size >= MOST_KNOWN) KNOWN.clear();
  const tells = judge(key);
  KNOWN.set(key, tells);
  return tells;
}

/** Keys repeat from line to line. */
const KNOWN = new Map<string, Telling | undefined>();
const MOST_KNOWN = 10_000;

function judge(key: string): Telling | undefined {
  const name = key.replace(/[\d_.-]+$/, '');
  const letters = name.replace(/[^A-Za-z]/g, '').toLowerCase();
  const last = /(?:[A-Z]+|[A-Z]?[a-z]+)$/.exec(name)?.[0].toLowerCase() ?? '';
  if (STRONG.test(letters) || SHORT_STRONG.has(last)) return 'strong';
  if (COUNTED.test(key)) return undefined;
  return WEAK.test(letters) || SHORT_WEAK.has(last) ? 'weak' : undefined;
}

/**
 * What stands where a secret would and is none: nothing, a switch, a template, what was cut before, an architecture
 * behind a Debian package (`passwd:amd64`).
 */
const PLACEHOLDER =
  /^(?:[\s.,;()[\]{}-]*|null|nil|none|undefined|true|false|yes|no|on|off|redacted|hidden|masked|removed|filtered|omitted|empty|unset|unknown|amd64|arm64|armhf|i386|[*x•.]+|<[^<>]*>|\[[a-z -]*\]|\(\w*\)|\{\{.*\}\}|\$\{[^}]*\}|\$\([^)]*\)|%[a-z])$/i;
/** Variables of shells (`$TOKEN`, `%TOKEN%`) that were not filled in. */
const VARIABLE = /^(?:\$[A-Z_][A-Z0-9_]*|%[A-Z_][A-Z0-9_]*%)$/;

/** What sentences say of passwords and tokens (`password: incorrect`, `token: expired`). */
const STATE =
  /^(?:a|an|and|accepted|already|are|authentication|authori[sz]ed|bad|cannot|cancell?ed|changed|checked|closed|compact|created|denied|deleted|disabled|does|enabled|error|expired|expires|failed|failure|for|found|from|has|in|incorrect|invalid|is|issued|key|length|malformed|mismatch|missing|must|new|none|not|of|ok|old|only|opened|or|present|provided|rejected|renewed|refreshed|required|reset|revoked|rotated|set|should|started|success|succeeded|that|the|this|to|too|unable|unauthori[sz]ed|unexpected|updated|valid|validated|verified|was|wrong|with)$/i;

/** Small numbers, and objects as their classes print them (`token=Token{9f4ef63}`): under a weak key no secret. */
const HARMLESS = /^(?:-?\d{1,4}|[A-Za-z_.]+[{(@].*)$/;

/** Numbers of sessions in the logs of servers that only count them (`sessionid: 0x14ede63a5a70002`). */
const NUMBERED = /^(?:0x[\da-f]{1,16}|\d+_\d+)$/i;

/** No word of a sentence and no template is longer. */
const LONGEST_HARMLESS = 64;

/** Whether `value` under a key so telling is a secret; `said` when it may be a word of a sentence. */
export function isSecretValue(value: string, tells: Telling, said: boolean): boolean {
  if (value.length > LONGEST_HARMLESS) return true;
  if (PLACEHOLDER.test(value) || VARIABLE.test(value)) return false;
  if (tells === 'strong') return !(said && STATE.test(value));
  if (STATE.test(value) || HARMLESS.test(value)) return false;
  if (said && NUMBERED.test(value)) return false;
  return !said || value.length >= 16 || /\d/.test(value);
}

import * as conventions from '@opentelemetry/semantic-conventions/incubating';
import { HashFilter, hashOf } from '../hash_filter.js';
import { KUBERNETES } from './kubernetes.js';
import { PROTOCOLS } from './protocols.js';
import { RECORDING } from './recording.js';
import { STATEMENT_WORDS } from './sql.js';
import { TECHNICAL } from './technical.js';
import { USER_AGENTS } from './user_agents.js';

const listed = (words: string) => words.split(/\s+/).filter((word) => word !== '');

const EXACT = new Set([
  ...listed(KUBERNETES),
  ...listed(PROTOCOLS),
  ...listed(USER_AGENTS),
  ...RECORDING,
  ...openTelemetry(),
]);
const IN_ANY_CASE = new Set(listed(TECHNICAL));
const IN_STATEMENTS = new Set(listed(STATEMENT_WORDS));

/** Says of most words that none of the above is written so. */
const LISTED = new HashFilter(EXACT.size + IN_ANY_CASE.size + IN_STATEMENTS.size);
for (const words of [EXACT, IN_ANY_CASE, IN_STATEMENTS]) for (const word of words) LISTED.add(hashOf(word));

/** Written in lower case, in capitals, or with one capital letter first. */
const ONE_CASE = /^.(?:[^A-Z]*|[^a-z]*)$/;
/** Published without being listed: numbers that are no account's, … */
const SMALL_NUMBER = '\\d{1,3}';
/** … versions of APIs, … */
const VERSION = 'v\\d{1,3}(?:(?:alpha|beta|rc)\\d{1,2})?';
/** … interfaces as Linux and network plug-ins number them. */
const INTERFACE = 'lo|(?:eth|en[osp]|wlan|br|bond|tun|tap|tunl|cni|docker|flannel\\.|vxlan|wg)\\d{1,3}';
const UNLISTED = new RegExp(`^(?:${SMALL_NUMBER}|${VERSION}|${INTERFACE})$`);
const NUMBER = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?$/;

/**
 * Whether a word means the same to everybody and stays as it is: names of Kubernetes, Cilium and Calico, keys, metric
 * names and enumerated values of OpenTelemetry's semantic conventions, words of protocols and of recordings, products
 * of user agents, technical words, commands in capitals (`SELECT`), versions of APIs, and numbers of up to three digits.
 */
export function isPublishedWord(text: string): boolean {
  if (UNLISTED.test(text)) return true;
  if (!LISTED.has(hashOf(text))) return false;
  if (EXACT.has(text)) return true;
  if (!ONE_CASE.test(text)) return false;
  const lower = text.toLowerCase();
  return (
    IN_ANY_CASE.has(lower) || (text !== lower && text === text.toUpperCase() && IN_STATEMENTS.has(lower))
  );
}

/** Whether a word of a statement belongs to its language. */
export function isStatementWord(text: string): boolean {
  return IN_STATEMENTS.has(text.toLowerCase());
}

/** Whether a text is a number as JSON or a command would write it. */
export function isNumber(text: string): boolean {
  return NUMBER.test(text);
}

/** Every key, name and enumerated value; a key that a name follows (`http.request.header.…`) without it. */
function openTelemetry(): string[] {
  return Object.values(conventions).flatMap((convention) => {
    if (typeof convention === 'string') return [convention];
    if (typeof convention === 'function') return [convention('').replace(/\.$/, '')];
    return [];
  });
}

import { isPortName } from '../../policy/rules/fields.js';
import type { Words } from '../words/words.js';
import { sameValidity } from './labels.js';
import { shortened } from './shortened.js';

/** The most characters of the name of a port. Source: RFC 6335, section 5.1. */
const LONGEST = 15;

/**
 * The name of a port, by which policies find its number in each pod; numbers and ranges of them stay. Pseudonyms are too
 * long for it and are cut. Cilium's policies may have capitals, which it reads as small letters and Kubernetes refuses:
 * such a name is that of the small letters with a capital in it.
 */
export function redactPortName(name: string, words: Words): string {
  if (/^\d+(?::\d+)?$/.test(name)) return name;
  const small = name.toLowerCase();
  if (!isPortName(small)) return words.madeOf(name, (other) => sameValidity(name, other, isPortName));
  const redacted = words.madeOf(small, (other) => shortened(other, LONGEST));
  if (name === small) return redacted;
  return words.madeOf(name, () => redacted.replace(/[a-z]/, (letter) => letter.toUpperCase()));
}

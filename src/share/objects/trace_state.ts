import type { Words } from '../words/words.js';

/**
 * A `tracestate`: entries of key and value, which both are names. Source: w3.org/TR/trace-context, section 3.3.
 */
export function redactTraceState(text: string, words: Words): string {
  return text.replace(/[^,=]+|(?<==)[^,]+/g, (part) => words.name(part));
}

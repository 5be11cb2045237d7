import { ShareKey } from '../../../../src/share/key.js';
import { Vocabulary, Words } from '../../../../src/share/words/words.js';

/** The key of all examples. */
export const KEY = ShareKey.parse('5a'.repeat(32), 'test');

/** What was replaced: the original of each pseudonym. */
export type Notes = Map<string, string>;

/** Words over a vocabulary of these names, and what they replaced so far. */
export function wordsOf(names: Iterable<string>, key = KEY): { words: Words; notes: Notes } {
  const vocabulary = new Vocabulary();
  vocabulary.addAll(names);
  const notes: Notes = new Map();
  const note = (pseudonym: string, original: string) => notes.set(pseudonym, original);
  return { words: new Words({ key, vocabulary, addresses: 'prefix', note }), notes };
}

/** A text with every word of 16 letters turned back into the name it stands for. */
export function unmasked(text: string, notes: Notes): string {
  return text.replace(/(?:[bcdfghjklmnpqrstvwxz][aeiou]){8}/g, (word) => notes.get(word) ?? word);
}

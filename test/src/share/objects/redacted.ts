import { readManifests } from '../../../../src/kubernetes/manifests.js';
import { ClusterFacts } from '../../../../src/share/objects/cluster_facts.js';
import { gatherObject } from '../../../../src/share/objects/gather_object.js';
import { ObjectRedactor } from '../../../../src/share/objects/redact_object.js';
import { Vocabulary, Words } from '../../../../src/share/words/words.js';
import { KEY, type Notes } from '../words/tiny_words.js';

/** Redacts objects that are all of a tape. */
export function redactorOf(objects: readonly string[], key = KEY) {
  const vocabulary = new Vocabulary();
  const facts = new ClusterFacts();
  for (const object of objects) gatherObject(object, vocabulary, facts);
  const notes: Notes = new Map();
  const note = (pseudonym: string, original: string) => notes.set(pseudonym, original);
  const words = new Words({ key, vocabulary, addresses: 'prefix', note });
  return { words, notes, redactor: new ObjectRedactor(words, facts) };
}

/** The documents of a text of YAML as JSON. */
export function jsonOf(yaml: string): string[] {
  return [...readManifests(yaml)].map((entry) => JSON.stringify('object' in entry ? entry.object : entry));
}

import { ClusterFacts, type FactsData } from '../objects/cluster_facts.js';
import { Vocabulary } from '../words/vocabulary.js';

/** What was gathered, in a form that can be sent to another thread. */
export interface GatheredData {
  readonly words: readonly string[];
  readonly facts: FactsData;
  readonly kept: ReadonlySet<string>;
}

/** What must be known of a whole tape before any of it is redacted. */
export class Gathered {
  readonly vocabulary = new Vocabulary();
  readonly facts = new ClusterFacts();
  /** Values of attributes that the rules let stay. */
  readonly kept = new Set<string>();

  get data(): GatheredData {
    return { words: [...this.vocabulary.words()], facts: this.facts.data, kept: this.kept };
  }

  /** Adds what was gathered elsewhere. What comes of several parts does not depend on their order. */
  add({ words, facts, kept }: GatheredData): void {
    this.vocabulary.addAll(words);
    this.facts.add(facts);
    for (const text of kept) this.kept.add(text);
  }
}

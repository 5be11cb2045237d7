import type { Words } from '../words/words.js';
import type { ClusterFacts } from './cluster_facts.js';
import { FieldRedactor } from './field_redactor.js';
import { Fields, jsonText, jsonWithin, Literal } from './json_tree.js';
import { RedactedLabels } from './labels.js';
import { isOfCalico, orderedKind } from './ordered_kind.js';
import { RedactedOrders } from './policy_orders.js';

/**
 * Redacts Kubernetes objects field by field, such that policies decide the same over the redacted cluster. Numbers and
 * booleans stay; keys that are no fields of an API, and strings of which no rule tells more, are names, or text where
 * they hold blanks.
 */
export class ObjectRedactor {
  private readonly orders: RedactedOrders;
  private readonly ofCalico: FieldRedactor;
  private readonly ofOthers: FieldRedactor;

  /** @param facts of all objects of the tape. */
  constructor(
    private readonly words: Words,
    facts: ClusterFacts,
  ) {
    const labels = new RedactedLabels(words);
    this.orders = new RedactedOrders(facts.data.orders, (name) => words.name(name));
    this.ofCalico = new FieldRedactor(words, labels, facts, true);
    this.ofOthers = new FieldRedactor(words, labels, facts, false);
  }

  /** The redacted object as JSON. What is no JSON object becomes one name, and is as little an object as before. */
  redact(text: string): string {
    const object = jsonWithin(text);
    if (!(object instanceof Fields)) return this.words.name(text);
    const redactor = isOfCalico(object) ? this.ofCalico : this.ofOthers;
    return jsonText(this.withOrder(object, redactor.fields(object, '')));
  }

  /** Calico goes by names where its tiers, or policies of a tier, have the same order: see RedactedOrders. */
  private withOrder(object: Fields, redacted: Fields): Fields {
    const ordered = orderedKind(object);
    if (ordered === undefined) return redacted;
    const { kind, name, tier, order } = ordered;
    const other = kind === 'tier' ? this.orders.ofTier(order, name) : this.orders.ofPolicy(tier, order, name);
    if (other === order) return redacted;
    const spec = redacted.get('spec') ?? new Fields([]);
    return spec instanceof Fields
      ? redacted.with('spec', spec.with('order', new Literal(String(other))))
      : redacted;
  }
}

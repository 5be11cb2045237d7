import type { Words } from '../words/words.js';
import { redactSelector } from './calico_selectors.js';
import type { ClusterFacts, Selected } from './cluster_facts.js';
import { FIELD_NAMES } from './field_names.js';
import { Fields, isList, type Json, Literal } from './json_tree.js';
import type { RedactedLabels } from './labels.js';
import { redactNumber } from './numbers.js';
import { areLabels, ENUMERATED, type FieldRule, ruleOf } from './object_fields.js';
import { redactPortName } from './port_names.js';
import { redactValue } from './values.js';

/** Redacts what stands in the fields of objects. */
export class FieldRedactor {
  /** @param isOfCalico whether selectors are Calico's expressions. */
  constructor(
    private readonly words: Words,
    private readonly labels: RedactedLabels,
    private readonly facts: ClusterFacts,
    private readonly isOfCalico: boolean,
  ) {}

  /** The fields of an object or of a part of one, which stands under `parent`. */
  fields(map: Fields, parent: string): Fields {
    return new Fields(
      map.entries.map(([key, value]) => [
        this.key(key),
        key === 'value' && typeof value === 'string'
          ? this.named(value, map, parent)
          : this.value(value, parent, key),
      ]),
    );
  }

  /** The value of something that has a name beside it, as variables of the environment and HTTP headers have. */
  private named(value: string, map: Fields, parent: string): string {
    const name = map.text('name');
    return name === undefined
      ? this.string(value, ruleOf(parent, 'value'), parent, 'value')
      : this.free(value, name);
  }

  private value(value: Json, parent: string, field: string): Json {
    if (value instanceof Literal) return this.literal(value, field);
    if (isList(value)) return value.map((one) => this.value(one, parent, field));
    const rule = ruleOf(parent, field);
    return value instanceof Fields ? this.map(value, rule, field) : this.string(value, rule, parent, field);
  }

  /** The numbers of an API's own fields say how many; somebody else's may be a code, a card or a person's. */
  private literal(value: Literal, field: string): Literal {
    const isOwn = FIELD_NAMES.has(field) || !/\d/.test(value.text);
    return isOwn ? value : new Literal(redactNumber(value.text, field, this.words));
  }

  private map(map: Fields, rule: FieldRule | undefined, field: string): Fields {
    if (areLabels(map, rule)) return this.entries(map, field, (value) => this.labels.value(value));
    if (rule === 'annotations') return this.entries(map, field, (value, key) => this.free(value, key));
    if (rule === 'resources') return this.entries(map, field, (value, key) => this.quantity(value, key));
    return this.fields(map, field);
  }

  /** A map whose keys are like those of labels. Values that are no strings do not belong there. */
  private entries(map: Fields, field: string, redacted: (value: string, key: string) => string): Fields {
    return new Fields(
      map.entries.map(([key, value]) => [
        this.labels.key(key),
        typeof value === 'string' ? redacted(value, key) : this.value(value, field, key),
      ]),
    );
  }

  private key(key: string): string {
    return FIELD_NAMES.has(key) ? key : this.labels.key(key);
  }

  private string(value: string, rule: FieldRule | undefined, parent: string, field: string): string {
    const { words, labels } = this;
    switch (rule) {
      case 'labelKey':
        return labels.key(value);
      case 'labelValue':
        return labels.value(value);
      case 'labels':
        return labels.written(value);
      case 'selector':
        return this.isOfCalico
          ? redactSelector(value, selectedBy(parent, field), labels, this.facts)
          : this.free(value, field);
      case 'portName':
        return redactPortName(value, words);
      case 'resources':
        return this.quantity(value, field);
      case 'fieldPath':
        return redactFieldPath(value, words);
      case 'enumerated':
        return ENUMERATED.has(value) ? value : this.free(value, field);
      case 'text':
        return words.text(value);
      case 'kept':
        return field === 'resourceVersion' && DIGITS.test(value) ? value : words.keep(value);
      default:
        return this.free(value, field);
    }
  }

  private quantity(value: string, key: string): string {
    return QUANTITY.test(value) ? value : this.free(value, key);
  }

  private free(value: string, key: string): string {
    return redactValue(value, key, this.words, (inner) => this.key(inner));
  }
}

const DIGITS = /^\d+$/;

/** `500m`, `1Gi`, `25%`, `1e3`. */
const QUANTITY = /^[+-]?\d+(?:\.\d+)?(?:[numkMGTPE]|[KMGTPE]i|%|e\d+)?$/;

/** `spec.containers{web}`, `spec.initContainers[0]`: fields stay, in braces is a name. */
function redactFieldPath(path: string, words: Words): string {
  return path.replace(/(\{?)([^.{}[\]]+)/g, (_, brace: string, part: string) =>
    brace === '' && FIELD_NAMES.has(part) ? part : `${brace}${words.name(part)}`,
  );
}

/** Whose labels an expression is about. Source: projectcalico/calico api/pkg/apis/projectcalico/v3/policy_common.go. */
function selectedBy(parent: string, field: string): Selected {
  if (field === 'namespaceSelector') return 'namespace';
  return field === 'serviceAccountSelector' || parent === 'serviceAccounts' ? 'serviceAccount' : 'endpoint';
}

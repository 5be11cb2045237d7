import { allOf, anyOf, type Match, not, type Unknown } from '../rules/match.js';

/** The value of a label: undefined where there is none, or why it is not known. */
export type LabelsOf = (key: string) => string | undefined | Unknown;

/** What can be asked of one label. */
export type Test = '==' | '!=' | 'in' | 'not in' | 'contains' | 'starts with' | 'ends with' | 'has';

/** A question about one label. `has` has no values, `in` and `not in` any number, the others one. */
export interface LabelTest {
  readonly kind: 'label';
  readonly key: string;
  readonly test: Test;
  readonly values: readonly string[];
}

/** A selector in Calico's language, parsed. Source: projectcalico/calico libcalico-go/lib/selector/parser/ast.go. */
export type Selector =
  | { readonly kind: 'all' }
  | LabelTest
  | { readonly kind: 'not'; readonly of: Selector }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Selector[] };

export const EVERYTHING: Selector = { kind: 'all' };

/** Whether labels fulfil a test; a label that is not there fulfils only the two that negate. */
const FULFILS: Readonly<
  Record<Test, (value: string | undefined, values: readonly string[]) => boolean | undefined>
> = {
  '==': (value, [wanted]) => value === wanted,
  '!=': (value, [unwanted]) => value !== unwanted,
  in: (value, values) => values.some((one) => one === value),
  'not in': (value, values) => values.every((one) => one !== value),
  contains: (value, [part = '']) => value?.includes(part),
  'starts with': (value, [start = '']) => value?.startsWith(start),
  'ends with': (value, [end = '']) => value?.endsWith(end),
  has: (value) => value !== undefined,
};

/** Whether the selector takes something with these labels. */
export function selects(selector: Selector, labels: LabelsOf): Match {
  switch (selector.kind) {
    case 'all':
      return true;
    case 'label': {
      const value = labels(selector.key);
      return isUnknownValue(value) ? value : FULFILS[selector.test](value, selector.values) === true;
    }
    case 'not':
      return not(selects(selector.of, labels));
    case 'and':
      return allOf(selector.of, (one) => selects(one, labels));
    case 'or':
      return anyOf(selector.of, (one) => selects(one, labels));
  }
}

/** The labels to which it is due that the selector takes, or does not take, something. */
export function decidingKeys(selector: Selector, labels: LabelsOf, outcome: boolean): string[] {
  if (selects(selector, labels) !== outcome) return [];
  switch (selector.kind) {
    case 'all':
      return [];
    case 'label':
      return [selector.key];
    case 'not':
      return decidingKeys(selector.of, labels, !outcome);
    default:
      return selector.of.flatMap((one) => decidingKeys(one, labels, outcome));
  }
}

/** The selector as Calico's language has it, in one way of writing. */
export function selectorText(selector: Selector): string {
  switch (selector.kind) {
    case 'all':
      return 'all()';
    case 'label':
      return testText(selector);
    case 'not':
      return `!(${selectorText(selector.of)})`;
    default: {
      const parts = selector.of.map((one) =>
        one.kind === 'and' || one.kind === 'or' ? `(${selectorText(one)})` : selectorText(one),
      );
      return parts.join(selector.kind === 'and' ? ' && ' : ' || ');
    }
  }
}

function testText({ key, test, values }: LabelTest): string {
  const quoted = values.map((value) => (value.includes('"') ? `'${value}'` : `"${value}"`)).join(', ');
  if (test === 'has') return `has(${key})`;
  return test === 'in' || test === 'not in' ? `${key} ${test} {${quoted}}` : `${key} ${test} ${quoted}`;
}

/** The selector with another beginning for every label, and something else for `all()`. */
export function withPrefix(selector: Selector, prefix: string, all: Selector): Selector {
  switch (selector.kind) {
    case 'all':
      return all;
    case 'label':
      return { ...selector, key: `${prefix}${selector.key}` };
    case 'not':
      return { kind: 'not', of: withPrefix(selector.of, prefix, all) };
    default:
      return { kind: selector.kind, of: selector.of.map((one) => withPrefix(one, prefix, all)) };
  }
}

function isUnknownValue(value: string | undefined | Unknown): value is Unknown {
  return typeof value === 'object';
}

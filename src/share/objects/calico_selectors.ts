import { parseSelector } from '../../policy/calico/parse_selector.js';
import { type LabelTest, type Selector, selectorText, selects } from '../../policy/calico/selector.js';
import { InvalidPolicy } from '../../policy/rules/problem.js';
import type { ClusterFacts, Selected } from './cluster_facts.js';
import type { RedactedLabels } from './labels.js';

/**
 * A selector in Calico's language, over redacted labels. Tests of a part of a value cannot hold of pseudonyms: they
 * become tests for the recorded values of which they held. What cannot be parsed stays as wrong as it is.
 */
export function redactSelector(
  text: string,
  of: Selected,
  labels: RedactedLabels,
  facts: ClusterFacts,
): string {
  try {
    if (text.trim() === '' || GLOBAL.test(text)) return text;
    return selectorText(redacted(parseSelector(text, ''), of, labels, facts));
  } catch (error) {
    if (!(error instanceof InvalidPolicy)) throw error;
    return redactWrongSelector(text, labels);
  }
}

/** The texts in quotes of a selector, be it right or wrong. */
export function quotedIn(text: string): string[] {
  return [...text.matchAll(QUOTED)].map(([quoted]) => quoted.slice(1, -1));
}

const GLOBAL = /^[ \t]*global\([ \t]*\)[ \t]*$/;
const QUOTED = /"[^"]*"|'[^']*'/g;
const PARTS = new RegExp(`${QUOTED.source}|[A-Za-z0-9_./-]+`, 'g');
const KEYWORDS = new Set(['has', 'all', 'global', 'contains', 'starts', 'ends', 'with', 'not', 'in']);
const OF_A_PART = new Set(['contains', 'starts with', 'ends with']);

function redacted(selector: Selector, of: Selected, labels: RedactedLabels, facts: ClusterFacts): Selector {
  switch (selector.kind) {
    case 'all':
      return selector;
    case 'label': {
      const { key, test, values } = OF_A_PART.has(selector.test)
        ? wholeValues(selector, of, facts)
        : selector;
      return {
        kind: 'label',
        key: labels.key(key),
        test,
        values: values.map((value) => labels.value(value)),
      };
    }
    case 'not':
      return { kind: 'not', of: redacted(selector.of, of, labels, facts) };
    default:
      return { kind: selector.kind, of: selector.of.map((one) => redacted(one, of, labels, facts)) };
  }
}

/** `in` the recorded values of which the test holds; where there are none it is `in {}`, which never holds. */
function wholeValues(test: LabelTest, of: Selected, facts: ClusterFacts): LabelTest {
  const values = facts.valuesOf(of, test.key).filter((value) => selects(test, () => value) === true);
  return { ...test, test: 'in', values };
}

function redactWrongSelector(text: string, labels: RedactedLabels): string {
  return text.replace(PARTS, (part) => {
    if (KEYWORDS.has(part)) return part;
    const [quote = ''] = part;
    return /["']/.test(quote) ? `${quote}${labels.value(part.slice(1, -1))}${quote}` : labels.key(part);
  });
}

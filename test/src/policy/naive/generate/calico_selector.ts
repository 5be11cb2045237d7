import fc from 'fast-check';
import { ACCOUNT_LABELS, NAMESPACE_LABELS, POD_LABELS, type Vocabulary } from './alphabet.js';

/**
 * An expression over these labels, as people write them, each of them once: what contradicts itself is unknown to
 * src/policy of HostEndpoints, whose labels are not recorded, and never holds to the naive evaluator.
 */
function selector(vocabulary: Vocabulary, atoms: readonly string[] = []): fc.Arbitrary<string> {
  const comparison = fc
    .tuple(
      fc.constantFrom(...Object.keys(vocabulary)),
      fc.constantFrom('==', '!=', 'contains', 'starts with', 'ends with', 'in', 'not in', 'has'),
      fc.nat(),
      fc.constantFrom('"', "'"),
    )
    .map(([key, operator, which, quote]) => {
      const values = vocabulary[key] ?? [];
      const value = values[which % values.length] ?? '';
      if (operator === 'has') return `has(${key})`;
      if (operator === 'in') return `${key} in { ${quote}${value}${quote}, 'other' }`;
      if (operator === 'not in') return `${key} not in {${quote}${value}${quote}}`;
      const text =
        operator === 'starts with' ? value.slice(0, 1) : operator === 'ends with' ? value.slice(1) : value;
      return `${key} ${operator} ${quote}${text}${quote}`;
    });
  const atom = fc.oneof(
    { weight: 3, arbitrary: comparison },
    { weight: 1, arbitrary: fc.constantFrom('all()', ...atoms) },
  );
  const negated = fc.oneof(
    { weight: 4, arbitrary: atom },
    { weight: 1, arbitrary: atom.map((one) => `!${one}`) },
  );
  const joined = fc.tuple(negated, fc.constantFrom('&&', '||'), negated).map((parts) => parts.join(' '));
  const grouped = fc
    .tuple(joined, fc.constantFrom('&&', '||'), negated)
    .map(([a, sign, b]) => `(${a}) ${sign} ${b}`);
  const hasEachOnce = (expression: string) =>
    Object.keys(vocabulary).every((key) => expression.split(new RegExp(`\\b${key}\\b`)).length <= 2);
  return fc
    .oneof(
      { weight: 5, arbitrary: negated },
      { weight: 2, arbitrary: joined },
      { weight: 1, arbitrary: grouped },
    )
    .filter(hasEachOnce);
}

export const ofPods = selector(POD_LABELS, [
  "projectcalico.org/namespace == 'a'",
  "projectcalico.org/orchestrator == 'k8s'",
  "projectcalico.org/serviceaccount == 'robot'",
]);
export const ofNamespaces = selector(NAMESPACE_LABELS, ["projectcalico.org/name == 'a'"]);
export const ofAccounts = selector(ACCOUNT_LABELS, ["projectcalico.org/name == 'robot'"]);

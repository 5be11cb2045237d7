import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseSelector } from '../../../../src/policy/calico/parse_selector.js';
import {
  decidingKeys,
  type LabelsOf,
  type Selector,
  selectorText,
  selects,
} from '../../../../src/policy/calico/selector.js';
import { unknown } from '../../../../src/policy/rules/match.js';
import { InvalidPolicy } from '../../../../src/policy/rules/problem.js';

/** What is asked of labels that nobody recorded begins with `lost`. */
const WHY = unknown('they were not recorded');
const of =
  (labels: Readonly<Record<string, string>>): LabelsOf =>
  (key) =>
    key.startsWith('lost') ? WHY : labels[key];
const POD = of({ app: 'web', tier: 'front', 'a.b/c-d_e': 'x', in: 'y', empty: '' });

/** Each selector with whether it takes the pod. */
const SELECTORS: Record<string, boolean | 'unknown'> = {
  '': true,
  ' \t ': true,
  'all()': true,
  'all( )': true,
  '!all()': false,
  'has(app)': true,
  'has( owner )': false,
  '!has(owner)': true,
  '!!has(app)': true,
  '! ! !has(app)': false,
  'app == "web"': true,
  "app=='web'": true,
  'app == "api"': false,
  'owner == "x"': false,
  'empty == ""': true,
  'owner == ""': false,
  'app != "web"': false,
  'app != "api"': true,
  'owner != "x"': true,
  'app in {"api", \'web\'}': true,
  'app in {"api"}': false,
  'app in {"web",}': true,
  'app in {}': false,
  'owner in {"x"}': false,
  'app not in {"api"}': true,
  'app notin{"web"}': false,
  'owner not in {"x"}': true,
  'app contains "e"': true,
  'app contains "x"': false,
  'owner contains ""': false,
  'app starts with "we"': true,
  'app startswith"b"': false,
  'owner starts with "x"': false,
  'app ends with "eb"': true,
  'app endswith "w"': false,
  'owner ends with "x"': false,
  'a.b/c-d_e == "x"': true,
  'in in {"y"}': true,
  'has == "x"': false,
  'app == "web" && tier == "back"': false,
  'app == "web" && tier == "front"': true,
  'app == "api" || tier == "front"': true,
  'app == "api" || tier == "back"': false,
  'has(owner) && has(owner) || has(app)': true,
  'has(owner) && (has(owner) || has(app))': false,
  '!(app == "web")': false,
  '! app == "web"': false,
  'has(lost)': 'unknown',
  '!has(lost)': 'unknown',
  'lost != "x" || has(app)': true,
  'lost != "x" && has(owner)': false,
  'lost != "x" && has(app)': 'unknown',
};

for (const [text, expected] of Object.entries(SELECTORS)) {
  test(`${JSON.stringify(text)}: ${expected}`, () => {
    const match = selects(parseSelector(text, 'spec.selector'), POD);
    assert.deepEqual(match, expected === 'unknown' ? WHY : expected);
  });
}

/** Each malformed selector with what is wrong. */
const MALFORMED: Record<string, string> = {
  app: 'expected a comparison after label app at character 4, found the end',
  'app = "web"': 'expected a comparison after label app at character 5, found "= \\"web\\""',
  'app == web': 'expected text in quotes at character 8, found "web"',
  'app == "web': 'expected text in quotes at character 8, found "\\"web"',
  'app in "web"': 'expected { at character 8, found "\\"web\\""',
  'app in {"a" "b"}': 'expected a comma or } at character 13, found "\\"b\\"}"',
  'app in {web}': 'expected text in quotes at character 9, found "web}"',
  'app in {"a"': 'expected a comma or } at character 12, found the end',
  'app inner "a"': 'expected a comparison after label app at character 5, found "inner \\"a\\""',
  'app containsx "a"': 'expected a comparison after label app at character 5, found "containsx \\"a\\""',
  'app starts withx "a"':
    'expected a comparison after label app at character 5, found "starts withx \\"a\\""',
  'app ends withx "a"': 'expected a comparison after label app at character 5, found "ends withx \\"a\\""',
  'app not inx {"a"}': 'expected a comparison after label app at character 5, found "not inx {\\"a\\"}"',
  'has()': 'expected a comparison after label has at character 4, found "()"',
  'all(x)': 'expected a comparison after label all at character 4, found "(x)"',
  'has(app) has(tier)': 'expected &&, || or the end at character 10, found "has(tier)"',
  'has(app) &&': 'expected a label, has(), all(), ! or ( at character 12, found the end',
  'has(app) & has(b)': 'expected &&, || or the end at character 10, found "& has(b)"',
  '(has(app)': 'expected &&, || or ) at character 10, found the end',
  '!= "a"': 'expected a label, has(), all(), ! or ( at character 2, found "= \\"a\\""',
  'has(app)\n': 'expected &&, || or the end at character 9, found "\\n"',
  'has(app) && global()':
    'expected no global(), which is only for a rule, as its whole namespaceSelector, at character 20, found ")"',
};

for (const [text, problem] of Object.entries(MALFORMED)) {
  test(`${JSON.stringify(text)}: ${problem}`, () => {
    assert.throws(() => parseSelector(text, 'spec.selector'), {
      name: 'InvalidPolicy',
      message: `spec.selector is ${JSON.stringify(text)}: ${problem}`,
    });
  });
}

test('what is no text is no selector', () => {
  assert.throws(() => parseSelector({ app: 'web' }, 'spec.selector'), {
    message: 'spec.selector is {"app":"web"}, not a selector',
  });
});

test('parentheses within each other: a hundred and no more, side by side any number', () => {
  const nested = (depth: number) => `${'('.repeat(depth)}has(app)${')'.repeat(depth)}`;
  assert.equal(selects(parseSelector(nested(100), ''), POD), true);
  assert.throws(() => parseSelector(nested(101), ''), /expected at most 100 parentheses within each other/);
  assert.equal(selects(parseSelector(Array(101).fill(nested(1)).join('&&'), ''), POD), true);
});

test('labels may have 512 characters and no more', () => {
  const long = 'k'.repeat(512);
  assert.equal(selects(parseSelector(`!has(${long}) && ${long} != "x"`, ''), POD), true);
  assert.throws(() => parseSelector(`has(${long}k)`, ''), InvalidPolicy);
  assert.throws(() => parseSelector(`${long}k != "x"`, ''), /expected a comparison/);
});

/** Each selector with the labels to which it is due that it does not take the pod. */
const DECIDING: Record<string, string[]> = {
  'app == "api" && tier == "front" && has(owner)': ['app', 'owner'],
  'app == "api" || has(owner)': ['app', 'owner'],
  '!(app == "web" && has(tier))': ['app', 'tier'],
  '!(app == "web" || has(owner))': ['app'],
  '!all()': [],
  'has(lost) && app == "api"': ['app'],
};

for (const [text, keys] of Object.entries(DECIDING)) {
  test(`${text}: is due to ${keys.join(' and ') || 'no label'}`, () => {
    assert.deepEqual(decidingKeys(parseSelector(text, ''), POD, false), keys);
  });
}

/** Each selector as it is written in reports, which parses to the same. */
const WRITTEN: Record<string, string> = {
  ' ': 'all()',
  "app=='web'": 'app == "web"',
  'app == \'say "x"\'': `app == 'say "x"'`,
  'app startswith "w"': 'app starts with "w"',
  'app in {\'a\',"b",}': 'app in {"a", "b"}',
  'app notin {"a"}': 'app not in {"a"}',
  '! has( app )': '!(has(app))',
  'has(a)&&has(b)&&has(c)': 'has(a) && has(b) && has(c)',
  'has(a) && (has(b) && has(c))': 'has(a) && (has(b) && has(c))',
  'has(a) && (has(b) || has(c))': 'has(a) && (has(b) || has(c))',
  'has(a) || has(b) && has(c)': 'has(a) || (has(b) && has(c))',
  'has(a) || (has(b) || has(c))': 'has(a) || (has(b) || has(c))',
};

for (const [text, written] of Object.entries(WRITTEN)) {
  test(`${JSON.stringify(text)} is written ${written}`, () => {
    const parsed = parseSelector(text, '');
    assert.equal(selectorText(parsed), written);
    assert.deepEqual(parseSelector(written, ''), parsed);
  });
}

const key = fc.constantFrom('app', 'tier', 'owner', 'a.b/c', 'lost');
const value = fc.constantFrom('web', 'front', '', `it's`, 'say "x"', 'web front');
const comparison = fc.constantFrom('==', '!=', 'contains', 'starts with', 'ends with');
const { selector } = fc.letrec<{ selector: Selector }>((tie) => ({
  selector: fc.oneof(
    { maxDepth: 4 },
    fc.constant<Selector>({ kind: 'all' }),
    key.map((one): Selector => ({ kind: 'label', key: one, test: 'has', values: [] })),
    fc
      .tuple(key, comparison, value)
      .map(([one, how, what]): Selector => ({ kind: 'label', key: one, test: how, values: [what] })),
    fc
      .tuple(key, fc.constantFrom('in', 'not in' as const), fc.array(value, { maxLength: 3 }))
      .map(([one, how, values]): Selector => ({ kind: 'label', key: one, test: how, values })),
    tie('selector').map((inner): Selector => ({ kind: 'not', of: inner })),
    fc
      .tuple(fc.constantFrom('and', 'or' as const), fc.array(tie('selector'), { minLength: 2, maxLength: 3 }))
      .map(([kind, inner]): Selector => ({ kind, of: inner })),
  ),
}));
const labels = fc.dictionary(fc.constantFrom('app', 'tier', 'owner', 'a.b/c'), value).map(of);

test('any selector, written and parsed again, is the same', () => {
  fc.assert(fc.property(selector, (one) => assert.deepEqual(parseSelector(selectorText(one), ''), one)));
});

test('any selector: what it does not take is due to some of its labels, and its negation takes it', () => {
  fc.assert(
    fc.property(selector, labels, (one, given) => {
      const match = selects(one, given);
      const opposite = selects({ kind: 'not', of: one }, given);
      if (typeof match === 'boolean') assert.equal(opposite, !match);
      else assert.deepEqual(opposite, match);
    }),
  );
});

test('any text is a selector or a problem that says where', () => {
  const pieces = fc.constantFrom(
    'app',
    ' ',
    '==',
    '"web"',
    '&&',
    '||',
    '!',
    '(',
    ')',
    'has(app)',
    'in',
    '{',
    '}',
    ',',
    'all()',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(pieces).map((all) => all.join('')),
      ),
      (text) => {
        try {
          selectorText(parseSelector(text, 'spec.selector'));
        } catch (error) {
          assert(error instanceof InvalidPolicy);
          assert.match(error.message, /^spec\.selector is .* at character \d+, found /s);
        }
      },
    ),
  );
});

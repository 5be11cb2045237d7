import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRules } from '../../../src/share/rules_file.js';

test('a whole rules file', () => {
  const rules = parseRules(
    `
columns:
  spans.url_path: {class: drop}
  spans.trace_id: {class: keep, reason: our own backend has none of them}
attributes:
  customer.id: {class: drop}
names: [falcon, "42nd street"]
published:
  acme-proxy: {reason: its source is public}
`,
    'rules.yaml',
  );
  assert.deepEqual(rules, {
    columns: new Map([
      ['spans.url_path', 'drop'],
      ['spans.trace_id', 'keep'],
    ]),
    attributes: new Map([['customer.id', 'drop']]),
    names: ['falcon', '42nd street'],
    published: ['acme-proxy'],
    reasons: new Map([
      ['columns: spans.trace_id', 'our own backend has none of them'],
      ['published: acme-proxy', 'its source is public'],
    ]),
  });
});

test('an empty file has no rules', () => {
  assert.equal(parseRules('', 'rules.yaml').columns.size, 0);
});

const NO_REASON = 'missing; expected why it may be seen, since others are to see it';

/** A rules file in one line, and what is said of it. */
const WRONG: readonly (readonly [string, string])[] = [
  ['columns: {spans.nam: {class: drop}}', 'columns: spans.nam: no such column (did you mean spans.name?)'],
  ['columns: {span.name: {class: drop}}', 'columns: span.name: no such column (did you mean spans.name?)'],
  [
    'columns: {spans.name: {class: hide}}',
    'columns: spans.name: class: "hide"; expected drop, pseudonym, address, text, keep',
  ],
  [
    'columns: {spans.name: {}}',
    'columns: spans.name: class: missing; expected drop, pseudonym, address, text, keep',
  ],
  ['columns: {spans.name: drop}', 'columns: spans.name: "drop"; expected class, reason'],
  ['columns: {spans.name: {class: keep}}', `columns: spans.name: reason: ${NO_REASON}`],
  [
    'columns: {spans.name: {class: keep, reason: " "}}',
    `columns: spans.name: reason: " "; ${NO_REASON.slice(9)}`,
  ],
  ['columns: {spans.name: {class: text}}', `columns: spans.name: reason: ${NO_REASON}`],
  [
    'columns: {spans.name: {clas: drop}}',
    'columns: spans.name: "clas" is not known; expected class, reason (did you mean class?)',
  ],
  [
    'columns: {spans.time: {class: drop}}',
    'columns: spans.time: class: drop; for this column it can be keep',
  ],
  [
    'columns: {spans.node: {class: drop}}',
    'columns: spans.node: class: drop; for this column it can be pseudonym',
  ],
  [
    'columns: {spans.http_response_status_code: {class: text}}',
    'columns: spans.http_response_status_code: class: text; for this column it can be drop, keep',
  ],
  [
    'columns: {spans.attributes: {class: keep, reason: x}}',
    'columns: spans.attributes: class: keep; for this column it can be drop, text',
  ],
  ['columns: [spans.name]', 'columns: ["spans.name"]; expected names with what they are to be'],
  ['attributes: {a.b: {class: keep}}', `attributes: a.b: reason: ${NO_REASON}`],
  ['names: falcon', 'names: "falcon"; expected a list of names'],
  ['names: [3]', 'names[0]: 3; expected a name'],
  ['published: [acme]', 'published: ["acme"]; expected names with what they are to be'],
  ['published: {acme: {}}', `published: acme: reason: ${NO_REASON}`],
  [
    'colums: {}',
    '"colums" is not known; expected columns, attributes, names, published (did you mean columns?)',
  ],
  ['- a list', '["a list"]; expected columns, attributes, names, published'],
];

for (const [text, said] of WRONG) {
  test(`refused: ${text}`, () => {
    assert.throws(() => parseRules(text, 'rules.yaml'), {
      name: 'InvalidFileError',
      message: `rules.yaml: ${said}`,
    });
  });
}

test('YAML that is none, a key given twice, and a bomb of aliases are refused by name', () => {
  for (const text of ['columns: {', 'names: [a]\nnames: [b]', 'names: &a [x]\npublished: {y: *a}']) {
    assert.throws(() => parseRules(text, 'rules.yaml'), {
      name: 'InvalidFileError',
      message: /^rules\.yaml: .*[^:]$/,
    });
  }
});

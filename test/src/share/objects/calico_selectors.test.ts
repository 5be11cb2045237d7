import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redactSelector } from '../../../../src/share/objects/calico_selectors.js';
import { ClusterFacts, type Selected } from '../../../../src/share/objects/cluster_facts.js';
import { RedactedLabels } from '../../../../src/share/objects/labels.js';
import { unmasked, wordsOf } from '../words/tiny_words.js';

const facts = new ClusterFacts();
for (const app of ['web-front', 'web-back', 'db']) facts.addLabel('endpoint', 'app', app);
facts.addLabel('namespace', 'team', 'payments');
facts.addNamespace('shop');
facts.addNamespace('shipping');
facts.addServiceAccount('robot');
const { words, notes } = wordsOf([]);
const labels = new RedactedLabels(words);

/** The redacted selector, with its names turned back. */
function shown(selector: string, of: Selected = 'endpoint'): string {
  return unmasked(redactSelector(selector, of, labels, facts), notes);
}

test('tests of parts of values become the recorded values that they held of', () => {
  assert.equal(shown("app starts with 'web'"), 'app in {"web-back", "web-front"}');
  assert.equal(
    shown("app contains 'b' && !(app ends with 'k')"),
    'app in {"db", "web-back", "web-front"} && !(app in {"web-back"})',
  );
  assert.equal(shown("app contains 'x'"), 'app in {}');
  assert.equal(shown("other contains 'x'"), 'other in {}');
});

test('the values are those of what the selector is about', () => {
  assert.equal(shown("team contains 'pay'"), 'team in {}');
  assert.equal(shown("team contains 'pay'", 'namespace'), 'team in {"payments"}');
  assert.equal(shown("pcns.team contains 'pay'"), 'pcns.team in {"payments"}');
  assert.equal(
    shown("projectcalico.org/namespace starts with 'sh'"),
    'projectcalico.org/namespace in {"shipping", "shop"}',
  );
  assert.equal(
    shown("projectcalico.org/name starts with 'sho'", 'namespace'),
    'projectcalico.org/name in {"shop"}',
  );
  assert.equal(
    shown("projectcalico.org/name ends with 'bot'", 'serviceAccount'),
    'projectcalico.org/name in {"robot"}',
  );
  assert.equal(shown("pcsa.projectcalico.org/name contains 'o'"), 'pcsa.projectcalico.org/name in {"robot"}');
  assert.equal(
    shown("projectcalico.org/orchestrator contains 'k8'"),
    'projectcalico.org/orchestrator in {"k8s"}',
  );
});

test('everything else keeps its form', () => {
  for (const selector of [
    'all()',
    ' ',
    'global()',
    '(has(app) && team == "a b") || !(app not in {"x", "y"})',
  ])
    assert.equal(shown(selector), selector);
  assert.match(
    redactSelector('secretkey == "secretvalue"', 'endpoint', labels, facts),
    /^\w{16} == "\w{16}"$/,
  );
});

test('what cannot be parsed stays so, and tells no names', () => {
  const redacted = redactSelector('secretkey = "secretvalue" && has(', 'endpoint', labels, facts);
  assert.match(redacted, /^\w{16} = "\w{16}" && has\($/);
});

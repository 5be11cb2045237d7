import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LabelSelector } from '../../../../src/policy/kubernetes/label_selector.js';
import { isPortName } from '../../../../src/policy/rules/fields.js';
import { RedactedLabels } from '../../../../src/share/objects/labels.js';
import { redactPortName } from '../../../../src/share/objects/port_names.js';
import { wordsOf } from '../words/tiny_words.js';

const { words } = wordsOf(['web', 'payment', 'acme.io']);
const labels = new RedactedLabels(words);

test('published keys stay, of others each part is renamed', () => {
  const web = words.name('web');
  const acme = words.name('acme');
  const team = words.name('team');
  assert.equal(labels.key('app.kubernetes.io/name'), 'app.kubernetes.io/name');
  assert.equal(labels.key('acme.io/team'), `${words.name('acme.io')}/${team}`);
  assert.equal(labels.key('k8s:app'), 'k8s:app');
  assert.equal(
    labels.key(`k8s:io.cilium.k8s.namespace.labels.team`),
    `k8s:io.cilium.k8s.namespace.labels.${team}`,
  );
  assert.equal(labels.key('pcns.team'), `pcns.${team}`);
  assert.equal(labels.key('projectcalico.org/team'), `projectcalico.org/${team}`);
  // Cilium tells labels that do not count by how their keys begin.
  assert.equal(labels.key('annotation.acme'), `annotation.${acme}`);
  assert.equal(labels.key('x.beta.kubernetes.io/team'), `x.beta.kubernetes.io/${team}`);
  assert.equal(labels.written('k8s:app=web'), `k8s:app=${web}`);
  assert.equal(labels.written('reserved:host'), 'reserved:host');
  assert.equal(labels.written('cidr:203.0.113.0/24'), `cidr:${words.address('203.0.113.0/24')}`);
  assert.equal(
    labels.written('cidr:2001-db8--/32'),
    `cidr:${words.address('2001:db8::/32').replaceAll(':', '-')}`,
  );
});

const anything = fc.oneof(
  fc.array(fc.stringMatching(/^[a-z]{1,6}$/), { maxLength: 9 }).map((parts) => parts.join('.')),
  fc.stringMatching(/^[A-Za-z0-9._/-]{0,80}$/),
  fc.string({ maxLength: 80 }),
  fc
    .array(fc.constantFrom('web', 'payment', 'a', '7', '.', '-', '_', '/', 'any:'))
    .map((parts) => parts.join('')),
);

test('what is a label stays one and what is none stays none', () => {
  fc.assert(
    fc.property(anything, (text) => {
      const [key, value] = [labels.key(text), labels.value(text)];
      assert.equal(
        isSelector({ matchLabels: { app: value } }),
        isSelector({ matchLabels: { app: text } }),
        value,
      );
      assert.equal(
        isSelector({ matchLabels: { [key]: '' } }),
        isSelector({ matchLabels: { [text]: '' } }),
        key,
      );
      assert.equal(isPortName(redactPortName(text, words)), isPortName(text), text);
    }),
    { numRuns: 2000 },
  );
});

test('two labels stay two', () => {
  fc.assert(
    fc.property(fc.uniqueArray(anything, { maxLength: 40 }), (texts) => {
      assert.equal(new Set(texts.map((text) => labels.value(text))).size, texts.length);
      assert.equal(new Set(texts.map((text) => labels.key(text))).size, texts.length);
    }),
    { numRuns: 500 },
  );
});

test('names of ports fit in 15 characters, numbers stay', () => {
  const pay = words.name('pay');
  assert.equal(redactPortName('http', words), 'http');
  assert.equal(redactPortName('pay', words), pay.slice(0, 15));
  assert.equal(redactPortName('PAY', words), `${pay.slice(0, 1).toUpperCase()}${pay.slice(1, 15)}`);
  assert.equal(redactPortName('grpc-pay', words), `grpc-${pay.slice(0, 10)}`);
  for (const number of ['80', '1000:2000']) assert.equal(redactPortName(number, words), number);
});

function isSelector(raw: unknown): boolean {
  try {
    LabelSelector.compile(raw, '');
    return true;
  } catch {
    return false;
  }
}

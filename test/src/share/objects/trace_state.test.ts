import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redactTraceState } from '../../../../src/share/objects/trace_state.js';
import { wordsOf } from '../words/tiny_words.js';

const { words } = wordsOf([]);
const [rojo, congo, tenant, value] = ['rojo', 'congo', 'tenant', 't61rcWkgMzE'].map((name) =>
  words.name(name),
);

test('keys and values of a tracestate are names', () => {
  assert.equal(
    redactTraceState('rojo=00f067aa0ba902b7, tenant@congo=t61rcWkgMzE', words),
    `${rojo}=${words.name('00f067aa0ba902b7')}, ${tenant}@${congo}=${value}`,
  );
  assert.equal(redactTraceState('rojo=tenant=congo', words), `${rojo}=${tenant}=${congo}`);
  for (const text of ['', ',', '=']) assert.equal(redactTraceState(text, words), text);
});

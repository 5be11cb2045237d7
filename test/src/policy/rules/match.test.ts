import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allOf, anyOf, type Match, unknown } from '../../../../src/policy/rules/match.js';

const [a, b] = [unknown('a'), unknown('b')];
const same = (match: Match) => match;

test('any of: one that holds is enough; else the first that cannot be told', () => {
  assert.equal(anyOf([], same), false);
  assert.equal(anyOf([false, a, b, false], same), a);
  assert.equal(anyOf([false, a, true], same), true);
});

test('all of: one that does not hold is enough; else the first that cannot be told', () => {
  assert.equal(allOf([], same), true);
  assert.equal(allOf([true, a, b, true], same), a);
  assert.equal(allOf([true, a, false], same), false);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemSaid } from '../../../../src/policy/rules/problem.js';

test('a policy that is left out is named with its namespace, where it has one', () => {
  const problem = { name: 'p', field: 'spec.order', problem: 'is "x", not a number' };
  assert.equal(
    problemSaid({ ...problem, kind: 'NetworkPolicy', namespace: 'shop' }),
    'NetworkPolicy shop/p is left out of the answer: spec.order is "x", not a number.',
  );
  assert.equal(
    problemSaid({ ...problem, kind: 'GlobalNetworkPolicy', namespace: null }),
    'GlobalNetworkPolicy p is left out of the answer: spec.order is "x", not a number.',
  );
});

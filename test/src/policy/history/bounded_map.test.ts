import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoundedMap } from '../../../../src/policy/history/bounded_map.js';

test('what is one too many makes it forget the others', () => {
  const map = new BoundedMap<string, number>(2);
  const all = () => ['a', 'b', 'c'].map((key) => map.get(key));
  map.set('a', 1);
  map.set('b', 2);
  assert.deepEqual(all(), [1, 2, undefined]);
  map.set('c', 3);
  assert.deepEqual(all(), [undefined, undefined, 3]);
  assert.deepEqual([map.has('a'), map.has('c')], [false, true]);
});

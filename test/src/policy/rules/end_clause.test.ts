import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cidr } from '../../../../src/policy/ip.js';
import { EndClause } from '../../../../src/policy/rules/end_clause.js';
import type { EndpointSet } from '../../../../src/policy/rules/endpoint_set.js';

const set = (likeness?: readonly Cidr[]): EndpointSet => ({
  text: 'some',
  ...(likeness && { likeness }),
  has: () => true,
  whyNot: () => ({ distance: 1, asks: 'some', actual: 'it is another' }),
});

test('likeness: the blocks of all sets, unless one of them tells pods apart', () => {
  const block: Cidr = { bytes: Uint8Array.of(10, 0, 0, 0), prefix: 8 };
  assert.deepEqual(new EndClause('source', [set([block]), set([])]).likeness, [block]);
  assert.equal(new EndClause('source', [set([block]), set()]).likeness, 'pod');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addOrder, type ByOrder, RedactedOrders } from '../../../../src/share/objects/policy_orders.js';
import { wordsOf } from '../words/tiny_words.js';

const { words } = wordsOf([]);
const rename = (name: string) => words.name(name);

const placed = fc.uniqueArray(
  fc.record({
    name: fc.stringMatching(/^[a-z]{1,3}$/),
    order: fc.oneof(
      fc.constantFrom(0, 1, 500, 1000, 1e6, -3.5, 1e12, Number.POSITIVE_INFINITY),
      // Nobody gives orders that leave no room between them.
      fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((order) => Math.round(order * 1e3) / 1e3),
    ),
  }),
  { selector: ({ name }) => name, maxLength: 12 },
);

test('policies and tiers keep their order under other names', () => {
  fc.assert(
    fc.property(placed, (all) => {
      const orders = ordersOf(all);
      const policies = new RedactedOrders(
        { tiers: new Map(), policies: new Map([['t', orders]]), hasNetworkPolicies: false },
        rename,
      );
      assert.deepEqual(
        inOrder(
          all.map(({ name, order }) => ({ name: rename(name), order: policies.ofPolicy('t', order, name) })),
        ),
        inOrder(all).map(rename),
      );
      const finite = all.filter(({ order }) => Number.isFinite(order));
      const tiers = new RedactedOrders(
        { tiers: ordersOf(finite), policies: new Map(), hasNetworkPolicies: false },
        rename,
      );
      const builtIn = { name: 'default', order: 1e6 };
      assert.deepEqual(
        inOrder([
          builtIn,
          ...finite.map(({ name, order }) => ({ name: rename(name), order: tiers.ofTier(order, name) })),
        ]),
        inOrder([builtIn, ...finite]).map(rename),
      );
    }),
  );
});

test('an order that is nobody else’s, or whose names stay sorted, is left alone', () => {
  const [first = '', second = ''] = ['a', 'b'].sort((a, b) => (rename(a) < rename(b) ? -1 : 1));
  const isTurned = first !== 'a';
  const orders = ordersOf([
    { name: first, order: 5 },
    { name: second, order: 5 },
    { name: 'alone', order: 6 },
  ]);
  const recorded = { tiers: new Map(), policies: new Map([['default', orders]]), hasNetworkPolicies: true };
  const redacted = new RedactedOrders(recorded, rename);
  assert.equal(redacted.ofPolicy('default', 6, 'alone'), 6);
  assert.equal(redacted.ofPolicy('default', 5, 'b') > redacted.ofPolicy('default', 5, 'a'), isTurned);
});

test('beside the policies of Kubernetes, whose place is 1000, nothing is moved', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ({ name, order: 1000 }));
  const recorded = {
    tiers: new Map(),
    policies: new Map([['default', ordersOf(names)]]),
    hasNetworkPolicies: true,
  };
  const redacted = new RedactedOrders(recorded, rename);
  for (const { name } of names) assert.equal(redacted.ofPolicy('default', 1000, name), 1000);
});

function ordersOf(all: readonly { name: string; order: number }[]): ByOrder {
  const orders: ByOrder = new Map();
  for (const { name, order } of all) addOrder(orders, order, name);
  return orders;
}

function inOrder(all: readonly { name: string; order: number }[]): string[] {
  const compare = (a: string | number, b: string | number) => Number(a > b) - Number(a < b);
  return [...all]
    .sort((a, b) => compare(a.order, b.order) || compare(a.name, b.name))
    .map(({ name }) => name);
}

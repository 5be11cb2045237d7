import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Gathered } from '../../../../src/share/gather/gathered.js';
import { gatherObject } from '../../../../src/share/objects/gather_object.js';
import { cluster } from '../../policy/naive/generate/cluster.js';

/** Something that a segment has: an object's JSON, or a value that may stay. */
type Found = { readonly object: string } | { readonly kept: string };

function take(to: Gathered, found: Found): void {
  if ('kept' in found) to.kept.add(found.kept);
  else gatherObject(found.object, to.vocabulary, to.facts);
}

/** As sets, which are equal in any order. */
function contentOf({ vocabulary, facts, kept }: Gathered) {
  return { words: new Set(vocabulary.words()), facts: facts.data, kept };
}

const found: fc.Arbitrary<readonly Found[]> = fc
  .tuple(cluster, fc.array(fc.constantFrom('a', 'b', 'c')))
  .map(([objects, values]) => [
    ...objects.map((object) => ({ object: JSON.stringify(object) })),
    ...values.map((kept) => ({ kept })),
  ]);

test('parts that are gathered apart and put together in any order are the whole', () => {
  let orders = 0;
  const choices = fc.infiniteStream(fc.nat());
  fc.assert(
    fc.property(found, fc.integer({ min: 1, max: 5 }), choices, (all, count, chosen) => {
      const choose = (most: number) => Number(chosen.next().value) % most;
      const whole = new Gathered();
      const parts = Array.from({ length: count }, () => new Gathered());
      for (const each of all) {
        take(whole, each);
        take(parts[choose(count)] ?? whole, each);
      }
      while (parts.length > 1) {
        const [part] = parts.splice(choose(parts.length), 1);
        if (part !== undefined) parts[choose(parts.length)]?.add(part.data);
      }
      assert.deepEqual(parts.map(contentOf), [contentOf(whole)]);
      orders += whole.facts.data.orders.policies.size;
    }),
    { numRuns: 100 },
  );
  assert.ok(orders > 0, 'no policy with an order');
});

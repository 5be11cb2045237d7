import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ConnectionSet, type PortSpan } from '../../../../../src/policy/questions/matrix/connection_set.js';

test('in words', () => {
  const text = (...spans: PortSpan[]) => ConnectionSet.of(spans).text;
  const tcp = (from: number, to = from): PortSpan => ({ protocol: 'TCP', from, to });
  assert.equal(text(), 'none');
  assert.equal(text(tcp(443), tcp(80)), 'TCP 80, 443');
  assert.equal(text(tcp(81, 90), tcp(80)), 'TCP 80-90');
  assert.equal(text(tcp(80, 90), tcp(85)), 'TCP 80-90');
  assert.equal(text({ protocol: 'UDP', from: 53, to: 53 }, tcp(80)), 'TCP 80, UDP 53');
  assert.equal(text(tcp(1, 65_535)), 'every TCP port');
  assert.equal(text(tcp(1, 65_534)), 'TCP 1-65534');
  assert.equal(text(tcp(2, 65_535)), 'TCP 2-65535');
  assert.equal(ConnectionSet.ALL.text, 'all');
  assert.equal(ConnectionSet.NONE.text, 'none');
});

test('adding, taking away and counting agree with sets of single ports', () => {
  const span = fc.record({
    protocol: fc.constantFrom('TCP' as const, 'UDP' as const),
    from: fc.integer({ min: 1, max: 20 }),
    length: fc.integer({ min: 0, max: 8 }),
  });
  const spans = fc.array(span.map(({ protocol, from, length }) => ({ protocol, from, to: from + length })));
  const single = (list: readonly PortSpan[]) =>
    new Set(
      list.flatMap(({ protocol, from, to }) =>
        Array.from({ length: to - from + 1 }, (_, i) => `${protocol} ${from + i}`),
      ),
    );
  fc.assert(
    fc.property(spans, spans, (a, b) => {
      const [left, right] = [ConnectionSet.of(a), ConnectionSet.of(b)];
      const [as, bs] = [single(a), single(b)];
      const sorted = (set: Set<string>) => [...set].sort();
      assert.deepEqual(sorted(single(left.plus(right).spans)), sorted(new Set([...as, ...bs])));
      const rest = new Set([...as].filter((one) => !bs.has(one)));
      assert.deepEqual(sorted(single(left.minus(right).spans)), sorted(rest));
      assert.equal(left.count, as.size);
      assert.equal(left.isEmpty, as.size === 0);
      // Joined: no span touches the next.
      for (const [i, { protocol, to }] of left.spans.entries()) {
        const next = left.spans[i + 1];
        assert.ok(next === undefined || next.protocol !== protocol || next.from > to + 1);
      }
    }),
  );
});

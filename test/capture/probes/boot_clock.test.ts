import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BootClock } from '../../../capture/probes/boot_clock.js';

test('a small change of the distance between the clocks is followed, a large one is a jump', () => {
  const clock = new BootClock();
  assert.equal(clock.lastReading, undefined);
  assert.equal(clock.set(1_000n, 1_000_001_000n), undefined);
  assert.equal(clock.set(2_000n, 1_009_002_000n), undefined);
  assert.equal(clock.epochNs(2_500n), 1_009_002_500n);
  assert.deepEqual(clock.set(3_000n, 900_003_000n), {
    since: 900_002_000n,
    until: 900_003_000n,
    byNs: -109_000_000n,
  });
  assert.equal(clock.lastReading, 900_003_000n);
});

test('halves of 32 bits add up to what whole numbers do', () => {
  const epoch = fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n });
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 60n }), epoch, (bootNs, epochNs) => {
      const clock = new BootClock();
      clock.set(0n, epochNs);
      const low = Number(bootNs & 0xffff_ffffn);
      const high = Number(bootNs >> 32n);
      const sum = (BigInt(clock.high(low, high)) << 32n) | BigInt(clock.low(low));
      assert.equal(BigInt.asIntN(64, sum), epochNs + bootNs);
    }),
  );
});

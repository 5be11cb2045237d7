import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';

/**
 * For tests of the running kernel: skips with this reason for why it cannot be tested here, and returns
 * whether it did. Where KTAPE_REQUIRE_LIVE=1 the test fails instead.
 */
export function skippedLive(t: TestContext, reason: string | undefined): boolean {
  if (reason === undefined) return false;
  assert.notEqual(process.env.KTAPE_REQUIRE_LIVE, '1', `KTAPE_REQUIRE_LIVE=1, but ${reason}`);
  t.skip(reason);
  return true;
}

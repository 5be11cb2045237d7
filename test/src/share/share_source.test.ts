import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { repository } from '../../repository.js';
import { scratch } from '../../scratch.js';
import { runCaptured } from '../cli/captured_terminal.js';

const KEPT = join(repository, 'fixtures/tapes/checkout-outage.tape');

/** Shares the kept tape; what its info says of sharing, and what a report and a matrix say of addresses. */
async function said(t: TestContext, addresses: string): Promise<unknown> {
  const temporary = scratch(t);
  const out = join(temporary, 'out.tape.tar');
  const run = (...args: string[]) => runCaptured(args, { temporary });
  assert.equal((await run('share', KEPT, '-o', out, '--addresses', addresses)).status, 0);
  const { sources } = JSON.parse((await run('info', out, '--format', 'json')).stdout);
  const report = await run('report', out, 'network/dropped_by_policy', '--format', 'json');
  const matrix = await run('policy', 'matrix', out);
  const ofNetworks = (text: string) => /It was shared with addresses that kept nothing/.test(text);
  const source = sources.find(({ name }: { name: string }) => name.startsWith('share'));
  return { source, report: ofNetworks(report.stdout), matrix: ofNetworks(matrix.stdout + matrix.stderr) };
}

test('a shared tape says that it is one; without networks its verdicts say so', async (t) => {
  assert.deepEqual(await said(t, 'prefix'), {
    source: {
      name: 'share',
      state: 'recorded',
      detail: 'names, ids and secrets replaced, and addresses, which keep their networks',
    },
    report: false,
    matrix: false,
  });
  assert.deepEqual(await said(t, 'opaque'), {
    source: {
      name: 'share opaque addresses',
      state: 'recorded',
      detail: 'names, ids and secrets replaced, and addresses, without their networks',
    },
    report: true,
    matrix: true,
  });
});

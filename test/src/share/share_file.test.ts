import assert from 'node:assert/strict';
import { chmodSync, readdirSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { prove } from '../../../src/share/proof/prove.js';
import { openTape } from '../../../src/tape/tape.js';
import { scratch } from '../../scratch.js';
import { writeTinyTape } from '../../tiny_tape.js';
import { shareOf } from './share_of.js';

const TABLES = {
  spans: [{ time: '10:00:01', name: 'GET /cart', service_name: 'checkout' }],
  log_records: [{ time: '10:00:02', body: 'sold', body_type: 's' }],
};
const NOBODY = 65534;

test('a directory that cannot be synced: the archive is there, and it is said what is amiss', async (t) => {
  asNobody(t);
  const tape = await openTape(await writeTinyTape(scratch(t), TABLES));
  const directory = scratch(t);
  const sharing = shareOf(tape, directory, scratch(t), (what) => {
    // To be synced it has to be read; to have files put into it not.
    if (what.endsWith('writing the private map')) chmodSync(directory, 0o300);
  });
  await assert.rejects(
    sharing,
    /^KtapeError: .*\/out\.tape\.tar: written, but may be gone after a power failure: permission denied$/,
  );
  chmodSync(directory, 0o700);
  assert.deepEqual(readdirSync(directory).sort(), ['out.map.json', 'out.tape.tar']);
});

test('a search that is ended reads no more files, and throws what it was ended for', async (t) => {
  const tape = await writeTinyTape(scratch(t), TABLES);
  const options = { shared: tape, original: tape, noted: () => [], published: () => true };
  for (const files of [1, 2, 3, 4, 5]) {
    const ended = new AbortController();
    let read = 0;
    const progress = (done: number) => {
      read = done;
      if (done === files) ended.abort(new Error(`enough after ${files}`));
    };
    const proving = prove({ ...options, progress, signal: ended.signal });
    await assert.rejects(proving, new Error(`enough after ${files}`));
    assert.equal(read, files);
  }
});

/** Has the test run as a user for whom the file system has rules. */
function asNobody(t: TestContext): void {
  if (process.geteuid?.() !== 0) return;
  process.seteuid?.(NOBODY);
  t.after(() => process.seteuid?.(0));
}

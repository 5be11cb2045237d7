import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Gathered } from '../../../../src/share/gather/gathered.js';
import { ShareKey } from '../../../../src/share/key.js';
import type { SegmentJob } from '../../../../src/share/rewrite/segment_sharer.js';
import { NO_RULES } from '../../../../src/share/rules.js';
import { shareTape } from '../../../../src/share/share_tape.js';
import type { Sharer } from '../../../../src/share/threads/sharer.js';
import { openTape } from '../../../../src/tape/tape.js';
import { Threads } from '../../../../src/threads/threads.js';
import { repository } from '../../../repository.js';
import { scratch } from '../../../scratch.js';

const WORKER = new URL('../../../../src/share/threads/worker.js', import.meta.url);
const KEY = ShareKey.parse('0123456789abcdef'.repeat(4), 'the key');

function directories(t: TestContext) {
  const parent = scratch(t);
  const made = { directory: join(parent, 'shared'), notes: join(parent, 'notes') };
  for (const path of Object.values(made)) mkdirSync(path);
  return made;
}

/** Shares the demo's tape of ten segments; what was written by path, what was counted, and what was told. */
async function shared(t: TestContext, threads: number) {
  const made = directories(t);
  const tape = await openTape(join(repository, 'fixtures/tapes/checkout-outage.tape'));
  const told: string[] = [];
  const { counts } = await shareTape(tape, {
    ...made,
    key: KEY,
    addresses: 'prefix',
    rules: NO_RULES,
    tool: 'ktape test',
    progress: (_, what) => told.push(what),
    threads,
  });
  const files = readdirSync(made.directory, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(made.directory, path)).isFile())
    .map((path): [string, string] => [path, readFileSync(join(made.directory, path), 'base64')]);
  return { files: new Map(files), counts, told };
}

test('however many threads there are, one key gives the same bytes, and progress is told', async (t) => {
  const one = await shared(t, 1);
  assert.equal(one.files.size, 11);
  for (const threads of [2, 5]) assert.deepEqual(await shared(t, threads), one);
  const counted = Array.from({ length: 10 }, (_, i) => i + 1);
  assert.deepEqual(one.told, [
    ...[0, ...counted].map((done) => `gathering names: ${done} of 10 segments`),
    ...counted.map((done) => `${done} of 10 segments rewritten`),
  ]);
});

test('what fails in a thread is an error here: of the file, of the system, or a defect', async (t) => {
  const directory = scratch(t);
  const setting = { ...directories(t), key: KEY.toText(), addresses: 'prefix', rules: NO_RULES } as const;
  const tape = await openTape(join(repository, 'fixtures/tapes/checkout-outage.tape'));
  const [segment] = tape.manifest.tables.spans ?? [];
  assert.ok(segment !== undefined);
  const job = (file: string): SegmentJob => ({ table: 'spans', segment, file, started: 0n, serial: 1 });
  const broken = join(directory, 'broken.parquet');
  writeFileSync(broken, 'PAR1 and then nothing');
  const failing = async (method: 'gather' | 'rewrite', file: string) => {
    const threads = Threads.start<Sharer>(2, WORKER, setting);
    try {
      for await (const _ of threads.each(method, [job(file)]));
    } finally {
      await threads.end();
    }
  };
  await assert.rejects(failing('gather', broken), {
    name: 'KtapeError',
    message: `${broken}: not a whole Parquet file`,
  });
  const none = join(directory, 'none.parquet');
  await assert.rejects(failing('gather', none), {
    name: 'KtapeError',
    message: `${none}: no such file or directory`,
  });
  await assert.rejects(
    failing('rewrite', broken),
    /^Error: Error: asked to rewrite before anything is known\n/,
  );
  const threads = Threads.start<Sharer>(1, WORKER, { ...setting, notes: join(directory, 'none') });
  t.after(() => threads.end());
  await assert.rejects(threads.all('know', new Gathered().data), { name: 'Error', code: 'ENOENT' });
});

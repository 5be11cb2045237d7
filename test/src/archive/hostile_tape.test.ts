import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Manifest } from '../../../src/tape/manifest.js';
import { scratch } from '../../scratch.js';
import { writeTinyTape } from '../../tiny_tape.js';
import { runCaptured } from '../cli/captured_terminal.js';

const LOSS = { time: '10:00:02', until: '10:00:02', source: 'clock', reason: 'jump' };

async function tape(t: TestContext): Promise<{ directory: string; parent: string; segment: string }> {
  const parent = scratch(t);
  const directory = await writeTinyTape(parent, { losses: [LOSS] });
  const [name = ''] = readdirSync(join(directory, 'losses'));
  return { directory, parent, segment: join(directory, 'losses', name) };
}

/** What opening the tape and reading all of it says. */
async function said(directory: string, temporary: string): Promise<string> {
  const { status, stderr } = await runCaptured(['sql', directory, 'SELECT count(*) FROM losses'], {
    temporary,
  });
  assert.equal(status, 1);
  return stderr.replaceAll(directory, 'TAPE').replace(/[\w-]+\.parquet/, 'SEGMENT');
}

test('a segment that is a link, a pipe or in a linked folder is refused, and nothing waits for a writer', async (t) => {
  const { directory, parent, segment } = await tape(t);
  const kept = join(parent, 'kept.parquet');
  renameSync(segment, kept);
  symlinkSync(kept, segment);
  assert.equal(
    await said(directory, parent),
    'ktape: TAPE/losses/SEGMENT: not a plain file; segments never are links\n',
  );
  rmSync(segment);
  execFileSync('mkfifo', [segment]);
  assert.equal(
    await said(directory, parent),
    'ktape: TAPE/losses/SEGMENT: not a plain file; segments never are links\n',
  );
  const verified = await runCaptured(['verify', directory, '--format', 'csv'], { temporary: parent });
  assert.match(verified.stdout, /not a plain file/);
  rmSync(segment);
  renameSync(kept, segment);
  renameSync(join(directory, 'losses'), join(parent, 'elsewhere'));
  symlinkSync(join(parent, 'elsewhere'), join(directory, 'losses'));
  assert.equal(
    await said(directory, parent),
    'ktape: TAPE/losses/SEGMENT: leads out of the tape by a link\n',
  );
});

test('pins and signatures that are pipes, links or giants are passed over or refused', async (t) => {
  const { directory, parent } = await tape(t);
  mkdirSync(join(directory, 'pins'));
  execFileSync('mkfifo', [join(directory, 'pins', 'pipe.json')]);
  symlinkSync('/etc/passwd', join(directory, 'pins', 'link.json'));
  writeFileSync(join(directory, 'pins', 'giant.json'), Buffer.alloc(20_000, ' '));
  const { status, stderr } = await runCaptured(['pin', directory, '--list'], { temporary: parent });
  assert.equal(status, 0);
  const lines = stderr.replaceAll(directory, 'TAPE').trim().split('\n');
  assert.deepEqual(
    lines,
    ['giant', 'link', 'pipe'].map(
      (name) => `TAPE/pins/${name}.json: not a pin: expected a plain file of at most 10000 bytes`,
    ),
  );
  assert.equal((await runCaptured(['info', directory], { temporary: parent })).status, 0);
  symlinkSync('/etc/passwd', join(directory, 'tape.json.sig'));
  const verified = await runCaptured(['verify', directory], { temporary: parent });
  assert.match(verified.stderr, /tape\.json\.sig: not a signature; expected a plain file of 64 bytes/);
});

test('a manifest that is a link or a pipe is refused', async (t) => {
  const { directory, parent } = await tape(t);
  const file = join(directory, 'tape.json');
  rmSync(file);
  symlinkSync('/etc/passwd', file);
  assert.equal(
    await said(directory, parent),
    'ktape: TAPE/tape.json: not a plain file; a manifest never is a link\n',
  );
  rmSync(file);
  execFileSync('mkfifo', [file]);
  assert.equal(
    await said(directory, parent),
    'ktape: TAPE/tape.json: not a plain file; a manifest never is a link\n',
  );
});

test('a manifest of many of everything, or nested deep, is refused or read in seconds', {
  timeout: 60_000,
}, async (t) => {
  const { directory, parent } = await tape(t);
  const file = join(directory, 'tape.json');
  const manifest: Manifest = JSON.parse(readFileSync(file, 'utf8'));
  const [segment] = manifest.tables.losses ?? [];
  const node = { name: 'a', kernel: '6.1', architecture: 'x86_64', boot_time: null };
  const source = { name: 'a', state: 'recorded', detail: '' };
  const stretch = { node: 'a', since: manifest.started, until: manifest.started, limit: '--keep' };
  const many = <V>(count: number, value: V) => Array.from({ length: count }, () => value);
  const numbered = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ ...segment, path: `losses/a-${i}-1.parquet` }));
  for (const [what, message] of [
    [
      { tables: Object.fromEntries(many(200_000, 0).map((_, i) => [`t${i}`, []])) },
      /tables is .*; expected at most 1000 tables/,
    ],
    [{ nodes: many(200_000, node) }, /nodes is .*; expected a list of at most 10000/],
    [{ sources: many(200_000, source) }, /sources is .*; expected a list of at most 100000/],
    [{ removed: many(200_000, stretch) }, /removed is .*; expected a list of at most 10000/],
    [
      { tables: { losses: numbered(100_000) } },
      /losses\/a-\d+-1\.parquet: missing, though tape\.json lists it/,
    ],
    [{ tables: { losses: many(2, segment) } }, /path is .*; expected a path that is listed once/],
    [{ tables: { constructor: [], ['__proto__']: [segment] } }, /losses/],
  ] as const) {
    writeFileSync(file, JSON.stringify({ ...manifest, ...what }));
    assert.match(
      (await runCaptured(['sql', directory, 'FROM losses'], { temporary: parent })).stderr,
      message,
    );
  }
  writeFileSync(file, '['.repeat(10_000_000) + ']'.repeat(10_000_000));
  assert.match(await said(directory, parent), /tape\.json/);
  writeFileSync(file, ' '.repeat((64 << 20) + 1));
  assert.equal(
    await said(directory, parent),
    'ktape: TAPE/tape.json: 67108865 bytes long; expected at most 67108864\n',
  );
});

test('a file that is no tape is none, whatever it is', async (t) => {
  const parent = scratch(t);
  const file = join(parent, 'file');
  for (const content of ['', 'hello', Buffer.from([0x1f, 0x8b, 8, 0]), 'PAR1'.repeat(200)]) {
    writeFileSync(file, content);
    const { stderr } = await runCaptured(['info', file], { temporary: parent });
    assert.equal(
      stderr,
      `ktape: ${file}: not a tape; a tape is a directory, a .tape.tar or a .tape.tar.age\n`,
    );
  }
  rmSync(file);
  execFileSync('mkfifo', [file]);
  assert.match((await runCaptured(['verify', file], { temporary: parent })).stderr, /not a tape/);
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openAnyTape } from '../../../src/archive/open_any_tape.js';
import { packedBytes } from '../../../src/archive/pack_tape.js';
import { writeArchive } from '../../../src/archive/write_archive.js';
import { openTape } from '../../../src/tape/tape.js';
import { writeTinyTape } from '../../tiny_tape.js';
import { openingIn, signingKeys, smallTape } from './tapes.js';

test('an archive has the manifest first, its signature, and the segments by path, as any tar lists them', async (t) => {
  const { directory, out } = await smallTape(t);
  const { privateKey } = signingKeys();
  await writeArchive({ directory, out, sign: privateKey });
  assert.deepEqual(
    execFileSync('tar', ['tvf', out, '--numeric-owner', '--utc'], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map((line) => line.replace(/ +\d+ 1970/, ' SIZE 1970')),
    [
      '-rw-r--r-- 0/0 SIZE 1970-01-01 00:00 tape.json',
      '-rw-r--r-- 0/0 SIZE 1970-01-01 00:00 tape.json.sig',
      '-rw-r--r-- 0/0 SIZE 1970-01-01 00:00 log_records/node-1-1795341600000-00001.parquet',
      '-rw-r--r-- 0/0 SIZE 1970-01-01 00:00 losses/node-1-1795341600000-00002.parquet',
    ],
  );
});

test('a tape has one archive, and opening it gives the tape back', async (t) => {
  const { directory, out, parent } = await smallTape(t);
  const again = join(parent, 'again.tape.tar');
  await writeArchive({ directory, out });
  const opened = await openAnyTape(out, openingIn(parent));
  await writeArchive({ directory: opened.directory, out: again });
  assert.deepEqual(readFileSync(again), readFileSync(out));
  assert.deepEqual(opened.manifest, (await openTape(directory)).manifest);
  assert.equal(statSync(out).mode & 0o777, 0o644);
});

test('a segment whose path is longer than a plain tar header holds goes in and comes out', async (t) => {
  const { parent } = await smallTape(t);
  const tables = { losses: [{ time: '10:00:02', until: '10:00:02', source: 'clock', reason: 'jump' }] };
  const directory = await writeTinyTape(join(parent, 'long'), tables, { node: 'n'.repeat(120) });
  const out = join(parent, 'long.tape.tar');
  await writeArchive({ directory, out });
  const tape = await openAnyTape(out, openingIn(parent));
  const { manifest } = tape;
  assert.equal(await packedBytes(tape), statSync(out).size);
  assert.equal(manifest.tables.losses?.[0]?.path, `losses/${'n'.repeat(100)}-1795341600000-00001.parquet`);
});

test('a tape that is damaged is not packed, and what was there stays', async (t) => {
  const { directory, out, parent } = await smallTape(t);
  writeFileSync(out, 'what was there');
  const segment = join(directory, 'losses/node-1-1795341600000-00002.parquet');
  const bytes = readFileSync(segment);
  bytes[40] = (bytes[40] ?? 0) ^ 1;
  writeFileSync(segment, bytes);
  await assert.rejects(writeArchive({ directory, out }), {
    message: `${segment}: its bytes are not those that were written (SHA-256 differs)`,
  });
  appendFileSync(segment, 'x');
  await assert.rejects(writeArchive({ directory, out }), {
    message: `${segment}: ${bytes.length + 1} bytes long or longer; tape.json says ${bytes.length}`,
  });
  assert.equal(readFileSync(out, 'utf8'), 'what was there');
  assert.deepEqual(readdirSync(parent).sort(), ['small.tape.tar', 'tape']);
});

test('a disk that is full half-way leaves nothing behind', {
  skip: process.geteuid?.() === 0 ? false : 'needs root, to mount a small file system',
}, async (t) => {
  const { directory, parent } = await smallTape(t);
  const small = join(parent, 'small');
  mkdirSync(small);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8k', 'tmpfs', small]);
  try {
    await assert.rejects(writeArchive({ directory, out: join(small, 'a.tape.tar') }), {
      message: 'ENOSPC: no space left on device, write',
    });
    assert.deepEqual(readdirSync(small), []);
  } finally {
    execFileSync('umount', [small]);
  }
  const nowhere = join(parent, 'nowhere', 'a.tape.tar');
  await assert.rejects(writeArchive({ directory, out: nowhere }), {
    message: /ENOENT.*nowhere/,
  });
  assert.equal(existsSync(join(parent, 'nowhere')), false);
});

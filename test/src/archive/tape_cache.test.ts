import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { openAnyTape } from '../../../src/archive/open_any_tape.js';
import { TapeCache } from '../../../src/archive/tape_cache.js';
import { writeArchive } from '../../../src/archive/write_archive.js';
import { scratch } from '../../scratch.js';
import { openingIn, smallArchive, smallTape } from './tapes.js';

const HOURS_MS = 3_600_000;

test('an archive is unpacked once, however many open it at once, and stays for the next time', async (t) => {
  const { out, parent } = await smallArchive(t);
  const tapes = await Promise.all(Array.from({ length: 5 }, () => openAnyTape(out, openingIn(parent))));
  const [directory = '', ...others] = new Set(tapes.map((tape) => tape.directory));
  assert.deepEqual(others, []);
  const cache = join(parent, 'cache');
  assert.deepEqual(
    readdirSync(cache).map((name) => join(cache, name)),
    [directory],
  );
  assert.equal(statSync(cache).mode & 0o777, 0o700);
  const { ino } = statSync(directory);
  assert.equal((await openAnyTape(out, openingIn(parent))).directory, directory);
  assert.equal(statSync(directory).ino, ino);
});

test('tapes with the same manifest, one signed and one not, are two', async (t) => {
  const { directory, out, parent } = await smallArchive(t);
  const plain = join(parent, 'plain.tape.tar');
  await writeArchive({ directory, out: plain });
  const signed = await openAnyTape(out, openingIn(parent));
  const unsigned = await openAnyTape(plain, openingIn(parent));
  assert.equal(existsSync(join(signed.directory, 'tape.json.sig')), true);
  assert.equal(existsSync(join(unsigned.directory, 'tape.json.sig')), false);
});

test('an archive that is refused leaves nothing in the cache', async (t) => {
  const { directory, out, parent } = await smallTape(t);
  await writeArchive({ directory, out });
  writeFileSync(out, readFileSync(out).subarray(0, 4000));
  await assert.rejects(openAnyTape(out, openingIn(parent)), { name: 'InvalidFileError', file: out });
  assert.deepEqual(readdirSync(join(parent, 'cache')), []);
});

test('an archive that was opened and then cut off, or added to, is not answered for by the cache', async (t) => {
  const { out, parent } = await smallArchive(t);
  const { directory } = await openAnyTape(out, openingIn(parent));
  const whole = readFileSync(out);
  const cut = (bytes: number) => `cut off: ${bytes} bytes are missing at its end`;
  for (const [content, problem] of [
    [whole.subarray(0, -1), cut(1)],
    [whole.subarray(0, -1024), cut(1024)],
    [whole.subarray(0, 4000), cut(whole.length - 4000)],
    [Buffer.concat([whole, Buffer.from('x')]), /^after losses\/.*: Unexpected end of data$/],
    [Buffer.concat([whole, Buffer.alloc(512, 'x')]), /^after losses\/.*: Invalid tar header/],
    [Buffer.concat([whole, whole]), 'tape.json: comes twice'],
  ] as const) {
    writeFileSync(out, content);
    await assert.rejects(openAnyTape(out, openingIn(parent)), {
      name: 'InvalidFileError',
      file: out,
      problem,
    });
    await assert.rejects(openAnyTape(out, { ...openingIn(parent), cache: join(parent, 'cold') }), {
      file: out,
    });
  }
  // GNU tar fills its last block of 10 KiB.
  writeFileSync(out, Buffer.concat([whole, Buffer.alloc(4096)]));
  assert.equal((await openAnyTape(out, openingIn(parent))).directory, directory);
});

test('what was not opened for longest goes when there is too much, and what a killed process left', async (t) => {
  const directory = join(scratch(t), 'cache');
  mkdirSync(directory, { mode: 0o700 });
  const now = Date.now();
  for (const [name, hoursAgo] of [
    ['new', 0],
    ['yesterday', 24],
    ['last week', 168],
    ['unpacking-now', 0],
    ['unpacking-left', 2],
  ] as const) {
    mkdirSync(join(directory, name));
    writeFileSync(join(directory, name, 'segment'), Buffer.alloc(1000));
    const time = new Date(now - hoursAgo * HOURS_MS);
    utimesSync(join(directory, name), time, time);
  }
  const cache = await TapeCache.open(directory, 3500);
  await assert.rejects(
    cache.add(async () => {
      throw new Error('broken off');
    }),
    /broken off/,
  );
  assert.deepEqual(readdirSync(directory).sort(), ['new', 'unpacking-now', 'yesterday']);
});

test('a cache that others could change is refused', async (t) => {
  const parent = scratch(t);
  const cache = join(parent, 'cache');
  const refused = (why: string) =>
    assert.rejects(TapeCache.open(cache), {
      message: `${cache}: ${why}, so nothing is unpacked there; XDG_CACHE_HOME names another place`,
    });
  symlinkSync('/tmp', cache);
  await refused('not a directory');
  rmSync(cache);
  mkdirSync(cache);
  chmodSync(cache, 0o777);
  await refused('others may write in it (mode 777)');
  chmodSync(cache, 0o755);
  await TapeCache.open(cache);
  assert.equal(statSync(cache).mode & 0o777, 0o700, 'others may not read what is not redacted');
  if (process.geteuid?.() !== 0) return t.diagnostic('not root: an owner who is another was not tried');
  chownSync(cache, 65534, 65534);
  await refused('belongs to user 65534 and not to 0');
});

test('a cache that cannot be made is no reason not to open', async (t) => {
  const { out, parent } = await smallArchive(t);
  writeFileSync(join(parent, 'file'), '');
  const tape = await openAnyTape(out, { ...openingIn(parent), cache: join(parent, 'file', 'cache') });
  assert.equal(dirname(dirname(tape.directory)), dirname(parent));
});

import assert from 'node:assert/strict';
import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { InvalidFileError } from '../../../src/errors.js';
import { openTape } from '../../../src/tape/tape.js';
import { scratch } from '../../scratch.js';
import { writeTinyTape } from '../../tiny_tape.js';

/** A link to itself, which not even root can follow. */
function loopAt(path: string): void {
  rmSync(path, { force: true });
  symlinkSync(path, path);
}

const isLoopOf = (path: string) => (error: unknown) =>
  error instanceof InvalidFileError &&
  error.file === path &&
  error.problem === 'too many symbolic links encountered';

test('a tape that cannot be reached is not taken for missing', async (t) => {
  const path = join(scratch(t), 'tape');
  await assert.rejects(() => openTape(path), { message: `${path}: no such tape` });
  loopAt(path);
  await assert.rejects(() => openTape(path), isLoopOf(path));
});

test('a manifest that is a link is refused, wherever it leads', async (t) => {
  const directory = await writeTinyTape(scratch(t), {});
  const file = join(directory, 'tape.json');
  loopAt(file);
  await assert.rejects(() => openTape(directory), {
    message: `${file}: not a plain file; a manifest never is a link`,
  });
});

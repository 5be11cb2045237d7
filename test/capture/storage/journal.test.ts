import assert from 'node:assert/strict';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { Journal } from '../../../capture/storage/journal.js';
import {
  type JournalEntry,
  journalNumbers,
  readJournal,
  removeSealed,
} from '../../../capture/storage/journal_files.js';
import { scratch } from '../../scratch.js';

const entry = (text: string): JournalEntry => ({ signal: 'logs', received: 7n, request: Buffer.from(text) });

test('what was appended is read back, from the file it was in when it was rotated', async (t) => {
  const tape = scratch(t);
  const journal = await Journal.open(tape, 1);
  journal.append(entry('one'));
  const synced = journal.synced();
  journal.append(entry('two'));
  const sealed = journal.rotate();
  journal.append(entry('three'));
  await Promise.all([synced, journal.synced()]);
  await journal.close();
  assert.equal(sealed, 1);
  assert.deepEqual(await readJournal(tape, 1), {
    entries: [entry('one'), entry('two')],
    rest: Buffer.alloc(0),
  });
  assert.deepEqual(await readJournal(tape, 2), { entries: [entry('three')], rest: Buffer.alloc(0) });
  await removeSealed(tape, 1);
  assert.deepEqual(await journalNumbers(tape), [2]);
});

test('a last frame that was cut short at any byte, or damaged, is left out; those before it stay', async (t) => {
  const tape = scratch(t);
  const journal = await Journal.open(tape, 1);
  journal.append(entry('whole'));
  journal.append(entry('torn'));
  await journal.close();
  const file = join(tape, 'journal', '000001.journal');
  const bytes = await readFile(file);
  const second = bytes.length - 17 - 4;
  for (let length = second; length < bytes.length; length++) {
    await writeFile(file, bytes.subarray(0, length));
    assert.deepEqual(await readJournal(tape, 1), {
      entries: [entry('whole')],
      rest: bytes.subarray(second, length),
    });
  }
  await writeFile(file, bytes.with(bytes.length - 1, 0));
  assert.deepEqual((await readJournal(tape, 1)).entries, [entry('whole')]);
  await appendFile(file, Buffer.alloc(40));
  assert.deepEqual((await readJournal(tape, 1)).entries, [entry('whole')]);
});

test('a file is begun by the first request that needs it', async (t) => {
  const tape = scratch(t);
  const journal = await Journal.open(tape, 1);
  assert.deepEqual([journal.rotate(), journal.rotate()], [0, 0]);
  assert.deepEqual(await journalNumbers(tape), []);
  journal.append(entry('one'));
  assert.equal(journal.rotate(), 1);
  await journal.synced();
  await journal.close();
  assert.deepEqual(await journalNumbers(tape), [1]);
});

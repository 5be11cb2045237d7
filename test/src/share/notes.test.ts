import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { Notes, NotesWriter } from '../../../src/share/notes.js';
import { scratch } from '../../scratch.js';

test('a note is a line of JSON, in the file of its kind', (t) => {
  const directory = scratch(t);
  const notes = new NotesWriter(directory, 'one');
  notes.note('bakoludemifasuro', 'checkout', 'name');
  notes.note('[password]', 'a "quoted" one\n', 'secret');
  notes.close();
  assert.equal(readFileSync(join(directory, 'one.name'), 'utf8'), '["bakoludemifasuro","checkout"]\n');
  assert.equal(
    readFileSync(join(directory, 'one.secret'), 'utf8'),
    '["[password]","a \\"quoted\\" one\\n"]\n',
  );
});

test('notes are read as they were written, whatever stands in them', (t) => {
  const telling = fc.constantFrom('"', '\\', '","', '","\\', '\n', '\u2028', '\ud800', '["', '"]', 'é', '');
  const text = fc
    .array(fc.oneof(telling, fc.string({ unit: 'binary' })), { maxLength: 4 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text), { maxLength: 20 }), (pairs) => {
      const directory = scratch(t);
      const notes = new NotesWriter(directory, 'one');
      for (const [pseudonym, original] of pairs) notes.note(pseudonym, original, 'name');
      notes.close();
      assert.deepEqual(
        [...new Notes(directory)],
        pairs.map(([pseudonym, original]) => [pseudonym, original, 'name']),
      );
    }),
  );
});

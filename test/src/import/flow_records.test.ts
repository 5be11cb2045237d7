import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type RecordText, recordTexts } from '../../../src/import/flows/record_texts.js';

/** What `text` is split into when it comes in chunks of these sizes, and then the rest. */
async function split(text: string | Buffer, sizes: readonly number[] = [], maxBytes = 1000) {
  async function* chunks() {
    let rest = Buffer.from(text);
    for (const size of sizes) {
      yield rest.subarray(0, size);
      rest = rest.subarray(size);
    }
    yield rest;
  }
  const records: RecordText[] = [];
  for await (const record of recordTexts(chunks(), maxBytes)) records.push(record);
  return records;
}

test('a broken line is told and the next is read', async () => {
  assert.deepEqual(
    await split('{"a":"}"}\n{"cut":"sho\n{"cut":\n{"b":{}}\nnoise {"x":1}\n\n[{"c":1},{"d":2}]\n{'),
    [
      { line: 1, text: '{"a":"}"}' },
      { line: 2, problem: 'a string that does not end on its line' },
      { line: 3, problem: 'a JSON object that does not end before the next begins' },
      { line: 4, text: '{"b":{}}' },
      { line: 5, problem: 'expected a JSON object; found "noise {\\"x\\":1}"' },
      { line: 7, text: '{"c":1}' },
      { line: 7, text: '{"d":2}' },
      { line: 8, problem: 'a JSON object that does not end' },
    ],
  );
});

test('a record that is too long or too deep is refused and its line passed over', async () => {
  assert.deepEqual(await split(`{"a":"${'x'.repeat(50)}"}\n{"b":1}`, [20, 20], 30), [
    { line: 1, problem: 'a record of more than 30 bytes, the most that is read' },
    { line: 2, text: '{"b":1}' },
  ]);
  assert.deepEqual(await split(`{"a":${'['.repeat(10_000)}\n{"b":1}`), [
    { line: 1, problem: 'JSON of more than 100 levels' },
    { line: 2, text: '{"b":1}' },
  ]);
});

test('every record among lines of anything is found, however the bytes come', async () => {
  const record = fc
    .dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }))
    .map((value) => JSON.stringify(value));
  const noise = fc
    .string({ minLength: 1 })
    .filter((text) => /^[^\s[\],{\ufeff]/.test(text) && !text.includes('\n'));
  const line = fc.oneof(record, noise);
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.array(fc.nat(40)), async (lines, sizes) => {
      const found = await split(lines.join('\n'), sizes, 1 << 20);
      const texts = found.flatMap((one) => ('text' in one ? [one.text] : []));
      assert.deepEqual(
        texts,
        lines.filter((text) => text.startsWith('{')),
      );
      assert.equal(found.length, lines.length);
    }),
  );
});

test('bytes of any kind never make it fail', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.array(fc.nat(40)), async (bytes, sizes) => {
      await split(Buffer.from(bytes), sizes);
    }),
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DecodeError } from '../../../src/errors.js';
import { KnownAttributes } from '../../../src/otlp/known_attributes.js';
import { ProtobufReader } from '../../../src/otlp/protobuf_reader.js';
import { RequestDecoder } from '../../../src/otlp/request_decoder.js';
import { spans } from '../../../src/schema/tables/spans.js';
import { OpenBatches } from '../../../src/tape/open_batches.js';
import { RECEIVED, rowsOf } from './batches.js';

// Attributes that came before are taken from memory. What a decoder with a long memory makes of requests is compared
// with what decoders without any make of each, over few keys and values, so that most come again.

/** A length-delimited field of a number below 16. */
const field = (number: number, ...parts: readonly Uint8Array[]) => {
  const body = Buffer.concat(parts);
  const length = body.length < 0x80 ? [body.length] : [(body.length & 0x7f) | 0x80, body.length >> 7];
  return Buffer.concat([Buffer.from([number * 8 + 2, ...length]), body]);
};
const text = (value: string) => field(1, Buffer.from(value));

const key = fc.constantFrom(
  Buffer.from('http.request.method'),
  Buffer.from('http.method'),
  Buffer.from('server.port'),
  Buffer.from('a'),
  Buffer.from('b'),
  Buffer.from(''),
  Buffer.from([0xff]),
  Buffer.alloc(130, 'k'),
);
const value = fc.constantFrom(
  text('GET'),
  text('PUT'),
  text('10.1.0.17'),
  text('10.1.0.18'),
  text('10.2.0.18'),
  text(''),
  text('8080'),
  text('x'.repeat(127)),
  text('y'.repeat(300)),
  field(1, Buffer.from([0x61, 0xff])), // not UTF-8
  Buffer.from([0x10, 1]), // true
  Buffer.from([0x18, 0x90, 0x3f]), // 8080
  Buffer.from([0x18, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]), // -1
  Buffer.from([0x21, 0, 0, 0, 0, 0, 0, 0x59, 0x40]), // 100.0
  field(7, Buffer.from([1, 2])), // bytes
  field(5, field(1, text('in an array'))),
  field(6, field(1, field(1, Buffer.from('k')), field(2, text('in a map')))),
  Buffer.alloc(0), // absent
  Buffer.concat([text('first'), text('last')]), // given twice
  Buffer.from([0x0a, 9, 0x61]), // cut short
);
const keyValue = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(key, value).map(([key, value]) => [field(1, key), field(2, value)]) },
  fc.tuple(key, value).map(([key, value]) => [field(2, value), field(1, key)]),
  fc.tuple(key, value, value).map(([key, a, b]) => [field(1, key), field(2, a), field(2, b)]),
  key.map((key) => [field(1, key)]),
  value.map((value) => [field(2, value)]),
);

const span = fc
  .array(keyValue, { maxLength: 6 })
  .map((attributes) => field(2, ...attributes.map((parts) => field(9, ...parts))));
const resource = fc
  .array(keyValue, { maxLength: 3 })
  .map((attributes) => field(1, ...attributes.map((parts) => field(1, ...parts))));
const request = fc
  .tuple(resource, fc.array(span, { maxLength: 8 }))
  .map(([resource, spans]) => field(1, resource, field(2, ...spans)));

/** Rows of spans without their running number, and how many texts were mended; the error where there is one. */
function decode(decoder: RequestDecoder, batches: OpenBatches, request: Uint8Array): unknown {
  const before = batches.of(spans).rows;
  try {
    const { replacedTexts } = decoder.decode('traces', request, RECEIVED);
    const rows = rowsOf(batches.of(spans)).slice(before);
    return { rows: rows.map((row) => ({ ...row, row_id: 0 })), replacedTexts };
  } catch (error) {
    assert.ok(error instanceof DecodeError);
    return error.message;
  }
}

test('any requests: a decoder that has seen much makes of each what one makes that has seen nothing', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(request, fc.integer({ min: 0, max: 9 })), { maxLength: 20 }),
      (requests) => {
        const batches = new OpenBatches('node-a');
        const decoder = new RequestDecoder(batches, { next: 1 });
        for (const [request, then] of requests) {
          const mark = batches.mark();
          const fresh = new OpenBatches('node-a');
          const expected = decode(new RequestDecoder(fresh, { next: 1 }), fresh, request);
          assert.deepEqual(decode(decoder, batches, request), expected);
          if (then === 0) batches.giveBack(batches.take());
          if (then === 1) batches.takeBack(new Map());
          if (then === 2) batches.takeBack(mark);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('more keys of one length than are remembered', () => {
  const keys = Array.from({ length: 40 }, (_, i) => `key.${10 + i}`);
  const attributes = keys.map((key) => field(9, text(key), field(2, text(`of ${key}`))));
  const request = field(1, field(2, field(2, ...attributes), field(2, ...attributes)));
  const batches = new OpenBatches('node-a');
  new RequestDecoder(batches, { next: 1 }).decode('traces', request, RECEIVED);
  const expected = keys.map((key) => [key, `of ${key}`]);
  assert.deepEqual(
    rowsOf(batches.of(spans)).map(({ attributes }) => attributes),
    [expected, expected],
  );
});

const seen = (text: string) => new ProtobufReader(Buffer.from(`..${text}..`));

test('an attribute is found by its bytes alone, and not after all was forgotten', () => {
  for (let size = 8; size < 30; size++) {
    const known = new KnownAttributes();
    const bytes = Array.from({ length: size }, (_, i) => String.fromCharCode(0x41 + i)).join('');
    known.learn(seen(bytes), 2, size + 2, { key: 3, keyText: 4, text: 17, letter: 0x69, int32: -1 });
    const at = known.find(seen(bytes), 2, size + 2, 0);
    assert.deepEqual(
      [known.key(at), known.keyText(at), known.text(at), known.letter(at), known.int32(at)],
      [3, 4, 17, 0x69, -1],
    );
    assert.equal(known.find(seen(bytes), 2, size + 1, 0), 0);
    for (let i = 0; i < size; i++) {
      const other = `${bytes.slice(0, i)}z${bytes.slice(i + 1)}`;
      assert.equal(known.find(seen(other), 2, size + 2, 0), 0, other);
    }
    known.clear();
    assert.equal(known.find(seen(bytes), 2, size + 2, 0), 0);
  }
});

test('where an attribute is expected it is found without its hash, and nothing else is', () => {
  const known = new KnownAttributes();
  const texts = ['server.port=8080', 'server.port=8081', 'server.port=80801'];
  const [at = 0, next = 0] = texts.map((text, i) =>
    known.learn(seen(text), 2, 2 + text.length, { key: 0, keyText: 1, text: i, letter: 0x73, int32: i }),
  );
  known.follow(at, next);
  assert.equal(known.next(at), next);
  assert.equal(known.next(next), 0);
  for (const [i, text] of texts.entries()) {
    assert.equal(known.text(known.find(seen(text), 2, 2 + text.length, next)), i);
  }
});

test('attributes that differ only where no hash looks displace each other, and neither is taken for the other', () => {
  const known = new KnownAttributes();
  const texts = ['a', 'b', 'c'].map((letter) => `${letter}${'-'.repeat(39)}`);
  for (const [i, text] of texts.entries()) {
    known.learn(seen(text), 2, 42, { key: 0, keyText: 1, text: i, letter: 0x73, int32: undefined });
  }
  const found = texts.map((text) => known.find(seen(text), 2, 42, 0));
  assert.equal(found[0], 0);
  assert.deepEqual(
    found.slice(1).map((at) => [known.text(at), known.int32(at)]),
    [
      [1, undefined],
      [2, undefined],
    ],
  );
});

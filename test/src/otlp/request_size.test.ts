import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Signal } from '../../../src/otlp/signal.js';
import { newTables } from './batches.js';
import { encodeByReference } from './reference.js';

// Requests of a few MiB that would take hundreds in columns, or seconds: refused, and nothing of them is kept.

/** A field of that number, which holds the message. */
function field(number: number, message: Uint8Array): Buffer {
  const length = [];
  for (let rest = message.length; ; rest >>>= 7) {
    length.push(rest >= 0x80 ? (rest & 0x7f) | 0x80 : rest);
    if (rest < 0x80) break;
  }
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length]), message]);
}

/** A message within the fields of these numbers, the innermost last. */
const within = (path: readonly number[], message: Uint8Array) =>
  path.reduceRight<Buffer>((inner, number) => field(number, inner), Buffer.from(message));

/** So many empty messages, each the value of that field. */
const empty = (number: number, count: number) => Buffer.alloc(count * 2, Buffer.from([(number << 3) | 2, 0]));

const RECORDS = [1, 2, 2];

function refuses(signal: Signal, request: Uint8Array, reason: RegExp): void {
  const { tables, decode } = newTables();
  assert.throws(() => decode(signal, request), { name: 'DecodeError', message: reason });
  for (const batch of Object.values(tables)) assert.equal(batch.rows, 0);
}

test('no more than 200,000 rows come of a request, of all tables together', () => {
  const { decode } = newTables();
  assert.equal(decode('logs', within([1, 2], empty(2, 200_000))).accepted, 200_000);
  const reason = /^\w+ request of \d+ bytes: more than 200000 rows in one request$/;
  refuses('traces', within([1, 2], empty(2, 200_001)), reason);
  refuses('logs', within([1, 2], empty(2, 200_001)), reason);
  refuses('metrics', within([...RECORDS, 5], empty(1, 200_001)), reason);
  refuses('metrics', within([...RECORDS, 5, 1], empty(5, 200_001)), reason); // exemplars
  refuses('traces', within(RECORDS, Buffer.concat([empty(11, 100_000), empty(13, 100_000)])), reason);
});

test('no more than 100,000 resources, scopes and metrics come in a request', () => {
  const reason = /more than 100000 resources, scopes and metrics in one request$/;
  refuses('logs', empty(1, 100_001), reason);
  refuses('traces', within([1], empty(2, 100_000)), reason);
  refuses('metrics', within([1, 2], empty(2, 100_000)), reason);
});

test('no more than 2,000,000 attributes and elements come in a request', () => {
  const reason = /more than 2000000 attributes and elements in one request$/;
  refuses('logs', within(RECORDS, empty(6, 2_000_001)), reason);
  refuses('logs', within([1, 1], empty(1, 2_000_001)), reason);
  refuses('logs', within([...RECORDS, 5, 5], empty(1, 2_000_001)), reason); // of an array, the body
  refuses('logs', within([1, 1, 3], empty(3, 2_000_001)), reason); // keys of an entity
  // Data of a metric that other data overrules is read, too.
  const overruled = Buffer.concat([field(5, empty(1, 2_000_001)), field(7, Buffer.alloc(0))]);
  refuses('metrics', within(RECORDS, overruled), reason);
  refuses('metrics', within([...RECORDS, 10, 1, 8, 2], Buffer.alloc(2_000_001)), reason); // buckets
  refuses('metrics', within([...RECORDS, 9, 1, 6], Buffer.alloc(8 * 2_000_001)), reason); // counts
});

test('what rows share is counted as often as there are rows, over the whole request', () => {
  const reason =
    /: what its rows share would take \d+ bytes when written for each; expected at most 268435456$/;
  const attributes = [{ key: 'bomb', value: { stringValue: 'x'.repeat(1 << 20) } }];
  const resource = encodeByReference('logs', {
    resourceLogs: [{ resource: { attributes }, scopeLogs: [{ logRecords: Array(100).fill({}) }] }],
  });
  const { decode } = newTables();
  assert.equal(decode('logs', Buffer.concat([resource, resource])).accepted, 200);
  refuses('logs', Buffer.concat([resource, resource, resource]), reason);
  // Events and links have the id of their span, which may be of any length.
  const id = field(1, Buffer.alloc(1 << 20));
  refuses('traces', within(RECORDS, Buffer.concat([id, empty(11, 200)])), reason);
  refuses('traces', within(RECORDS, Buffer.concat([id, empty(13, 200)])), reason);
});

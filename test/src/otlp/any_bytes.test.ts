import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DecodeError } from '../../../src/errors.js';
import type { Field, Message, Scalar } from '../../../src/otlp/messages.js';
import { protobufToJson } from '../../../src/otlp/protobuf_to_json.js';
import { REQUESTS, SIGNALS, type Signal } from '../../../src/otlp/signal.js';
import { encodeParquet } from '../../../src/tape/parquet.js';
import type { RowBatch } from '../../../src/tape/row_batch.js';
import { newTables } from './batches.js';
import { DEVIATIONS, type Deviation, deviationOf } from './deviations.js';
import { recordsOf } from './meaning.js';
import { recordsOfRows } from './rebuild.js';
import { decodeByReference, encodeByReference } from './reference.js';

// For any bytes, our rows or error equal those of the reference decoder. Bytes on which the reference does not follow the
// protobuf specification are not compared with it: deviations.ts finds them and says why. They, like all others, are
// compared with our own decoder by the table of messages, which shares only the reader of the wire format.

const RUNS = Number(process.env.KTAPE_PROPERTY_RUNS ?? 300);

const double = fc.double();
const SCALARS: Record<Scalar, fc.Arbitrary<unknown>> = {
  string: fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom('', '$bytes', 'service.name'),
  ),
  bytes: fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
  id: fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
  bool: fc.boolean(),
  int64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  uint64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String),
  uint32: fc.nat({ max: 2 ** 31 }),
  sint32: fc.integer(),
  fixed32: fc.nat({ max: 2 ** 31 }),
  fixed64: fc.oneof(
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String),
    fc.constantFrom('0', '1760000000000000000', '9223372036854775807', '9223372036854775808'),
  ),
  sfixed64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  double,
};

/** Any message that is valid. Most have the fields that lead to records, and half have each of the others. */
function anyMessage(message: Message, depth: number): fc.Arbitrary<object> {
  const entries = Object.entries(message).map(([name, field]) =>
    fc
      .option(anyField(field, depth), { nil: undefined, freq: onPath(name) ? 20 : 2 })
      .map((value) => ({ name, value, oneof: field.oneof })),
  );
  return fc.tuple(fc.nat(), ...entries).map(([choice, ...given]) => {
    const set = given.filter(({ value }) => value !== undefined);
    const members = set.filter(({ oneof }) => oneof !== undefined);
    const chosen = members[choice % members.length];
    const kept = set.filter((entry) => entry.oneof === undefined || entry === chosen);
    return Object.fromEntries(kept.map(({ name, value }) => [name, value]));
  });
}

/** Fields that lead to records. */
function onPath(name: string): boolean {
  return /^(resource|scope)(Spans|Metrics|Logs)$|^(spans|metrics|logRecords|dataPoints)$/.test(name);
}

function anyField({ type, repeated }: Field, depth: number): fc.Arbitrary<unknown> {
  const value =
    typeof type === 'string'
      ? SCALARS[type]
      : typeof type === 'object'
        ? fc.integer({ min: -2, max: 7 })
        : depth > 11
          ? fc.constant({})
          : fc.constant(null).chain(() => anyMessage(type(), depth + 1));
  return repeated ? fc.array(value, { minLength: 1, maxLength: 2 }) : value;
}

interface Edit {
  readonly kind: 'flip' | 'cut' | 'insert' | 'delete' | 'append' | 'splice';
  readonly at: number;
  readonly bytes: Uint8Array;
}

const anyEdit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom('flip', 'cut', 'insert', 'delete', 'append', 'splice'),
  at: fc.nat(),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 4 }),
});

function edited(bytes: Buffer, { kind, at, bytes: given }: Edit): Buffer {
  const place = bytes.length === 0 ? 0 : at % bytes.length;
  const [before, after] = [bytes.subarray(0, place), bytes.subarray(place)];
  switch (kind) {
    case 'flip':
      return Buffer.concat([before, given.subarray(0, 1), after.subarray(1)]);
    case 'cut':
      return before;
    case 'insert':
      return Buffer.concat([before, given, after]);
    case 'delete':
      return Buffer.concat([before, after.subarray(given.length)]);
    case 'append':
      return Buffer.concat([bytes, given]);
    case 'splice':
      return Buffer.concat([bytes, after]);
  }
}

function anyRequestBytes(signal: Signal): fc.Arbitrary<Buffer> {
  const valid = anyMessage(REQUESTS[signal], 0).map((request) =>
    Buffer.from(encodeByReference(signal, request)),
  );
  return fc.oneof(
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)) },
    { weight: 4, arbitrary: valid },
    {
      weight: 12,
      arbitrary: fc
        .tuple(valid, fc.array(anyEdit, { minLength: 1, maxLength: 2 }))
        .map(([bytes, edits]) => edits.reduce(edited, bytes)),
    },
  );
}

/** What the bytes say, or `error`; and that an error leaves no rows. */
function byRows(signal: Signal, bytes: Buffer): string[] | 'error' {
  const { tables, decode } = newTables();
  try {
    decode(signal, bytes);
  } catch (error) {
    assert.ok(error instanceof DecodeError, String(error));
    for (const batch of Object.values(tables)) assert.equal(batch.rows, 0);
    return 'error';
  }
  for (const batch of Object.values<RowBatch>(tables)) encodeParquet(batch); // which checks that every column has as many values
  return recordsOfRows(signal, tables);
}

function byTable(signal: Signal, bytes: Buffer): string[] | 'error' {
  try {
    return recordsOf(signal, protobufToJson(REQUESTS[signal], bytes));
  } catch (error) {
    assert.ok(error instanceof DecodeError, String(error));
    return 'error';
  }
}

function byReference(signal: Signal, bytes: Buffer): string[] | 'error' {
  try {
    return recordsOf(signal, decodeByReference(signal, bytes));
  } catch {
    return 'error';
  }
}

for (const signal of SIGNALS) {
  test(`${signal}: for any bytes, rows or error equal those of the reference`, (context) => {
    const excluded = new Map<Deviation, number>();
    let records = 0;
    let errors = 0;
    fc.assert(
      fc.property(anyRequestBytes(signal), (bytes) => {
        const rows = byRows(signal, bytes);
        assert.deepEqual(rows, byTable(signal, bytes));
        const deviation = deviationOf(REQUESTS[signal], bytes);
        if (deviation !== undefined) {
          excluded.set(deviation, (excluded.get(deviation) ?? 0) + 1);
          return;
        }
        assert.deepEqual(rows, byReference(signal, bytes));
        if (rows === 'error') errors++;
        else if (rows.length > 0) records++;
      }),
      { numRuns: RUNS },
    );
    context.diagnostic(`compared: ${records} requests with records, ${errors} errors, of ${RUNS}`);
    for (const [deviation, count] of excluded) {
      context.diagnostic(`not compared with the reference: ${count}, since ${DEVIATIONS[deviation]}`);
    }
    assert.ok(records > RUNS / 10 && errors > RUNS / 20, 'the generator has lost its aim');
  });
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringify } from 'lossless-json';
import { jsonTextToProtobuf } from '../../../src/otlp/json_to_protobuf.js';
import type { Field, Message, Scalar } from '../../../src/otlp/messages.js';
import { protobufToJson } from '../../../src/otlp/protobuf_to_json.js';
import { REQUESTS, SIGNALS, type Signal } from '../../../src/otlp/signal.js';
import { newTables } from './batches.js';
import { recordsOf } from './meaning.js';
import { recordsOfRows } from './rebuild.js';
import { referenceRequest } from './reference.js';

// Every field of every message, alone and all together: encoded by protobufjs, decoded to rows by us, rebuilt from the
// rows, and compared with what protobufjs itself decodes. The fields are walked from the table of messages.

const SAMPLES: Record<Scalar, unknown> = {
  string: 'text "quoted" é 漢 🚀',
  bytes: Buffer.from([0, 1, 250, 255]),
  id: Buffer.from('5b8efff798038103d269b633813fc60c', 'hex'),
  bool: true,
  int64: '-9223372036854775808',
  uint64: '18446744073709551615',
  uint32: 4_294_967_295,
  sint32: -2_147_483_648,
  fixed32: 4_294_967_295,
  fixed64: '9223372036854775807',
  sfixed64: '-9007199254740993',
  double: -0.1,
};

type Json = Record<string, unknown>;

/** Every field of a message set alone, each as an object; recursion ends at the second AnyValue. */
function alone(message: Message, within: readonly Message[] = []): Json[] {
  return Object.entries(message).flatMap(([name, field]) =>
    samples(field, within).map((value) => ({ [name]: field.repeated ? [value, value] : value })),
  );
}

function samples({ type }: Field, within: readonly Message[]): unknown[] {
  if (typeof type === 'string') return [SAMPLES[type]];
  if (typeof type === 'object') return [1, type.names.length + 40];
  const message = type();
  if (within.filter((outer) => outer === message).length === 2) return [{}];
  return [{}, ...alone(message, [...within, message])];
}

/** All fields of a message set at once, of a oneof the member at place `choice`; beyond some depth, none. */
function together(message: Message, choice: number, depth = 0): Json {
  if (depth > 10) return {};
  const members = Object.keys(message).filter((name) => message[name]?.oneof !== undefined);
  const chosen = members[choice % members.length];
  const set = Object.entries(message).filter(([name, { oneof }]) => oneof === undefined || name === chosen);
  return Object.fromEntries(
    set.map(([name, field]) => {
      const { type } = field;
      const value = typeof type === 'function' ? together(type(), choice, depth + 1) : samples(field, [])[0];
      return [name, field.repeated ? [value, value] : value];
    }),
  );
}

/** Gives a request that holds no record one, so that what it says of resource, scope or metric has a row to be in. */
function withRecord(signal: Signal, request: Json): Json {
  const path = {
    traces: ['resourceSpans', 'scopeSpans', 'spans'],
    logs: ['resourceLogs', 'scopeLogs', 'logRecords'],
    metrics: ['resourceMetrics', 'scopeMetrics', 'metrics'],
  }[signal];
  let objects = [request];
  for (const name of path) {
    for (const object of objects) object[name] ??= [{}];
    objects = objects.flatMap((object) => object[name] as Json[]);
  }
  if (signal === 'metrics') {
    const kinds = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'];
    for (const metric of objects) {
      const kind = kinds.find((name) => metric[name] !== undefined) ?? 'gauge';
      metric[kind] = { dataPoints: [{}], ...(metric[kind] as Json | undefined) };
    }
  }
  return request;
}

function assertRoundTrip(signal: Signal, request: Json): void {
  const reference = referenceRequest(signal);
  const bytes = reference.encode(reference.fromObject(request)).finish();
  const expected = recordsOf(signal, reference.decode(bytes));
  const { tables, decode } = newTables();
  decode(signal, bytes);
  assert.ok(expected.length > 0);
  assert.deepEqual(recordsOfRows(signal, tables), expected, JSON.stringify(request));
  const json = protobufToJson(REQUESTS[signal], bytes);
  const again = jsonTextToProtobuf(REQUESTS[signal], stringify(json) ?? '');
  assert.deepEqual(
    recordsOf(signal, reference.decode(again)),
    expected,
    `OTLP/JSON of ${JSON.stringify(request)}`,
  );
}

for (const signal of SIGNALS) {
  test(`${signal}: every field alone comes back from rows and from OTLP/JSON as it was sent`, (context) => {
    const requests = alone(REQUESTS[signal]).map((request) => withRecord(signal, request));
    for (const request of requests) assertRoundTrip(signal, request);
    context.diagnostic(`${requests.length} requests compared`);
  });

  test(`${signal}: all fields together come back from rows and from OTLP/JSON as they were sent`, () => {
    for (let choice = 0; choice < 10; choice++) {
      assertRoundTrip(signal, withRecord(signal, together(REQUESTS[signal], choice)));
    }
  });
}

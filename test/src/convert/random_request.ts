import fc from 'fast-check';
import type { Field, Message, Scalar } from '../../../src/otlp/messages.js';
import { REQUESTS, type Signal } from '../../../src/otlp/signal.js';

// Requests at random, walked from the table of messages, in the form that protobufjs' `fromObject` takes.

const BYTES = fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes));
const WHOLE_64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String);
const SIGNED_64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);

const SCALARS: Readonly<Record<Scalar, fc.Arbitrary<unknown>>> = {
  string: fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.string({ unit: 'binary', maxLength: 6 }).filter(isWellFormed),
  ),
  bytes: BYTES,
  id: fc
    .oneof(fc.uint8Array({ minLength: 8, maxLength: 8 }), fc.uint8Array({ minLength: 16, maxLength: 16 }))
    .map((id) => Buffer.from(id)),
  bool: fc.boolean(),
  int64: SIGNED_64,
  uint64: WHOLE_64,
  uint32: fc.nat({ max: 2 ** 31 - 1 }),
  sint32: fc.integer(),
  fixed32: fc.nat({ max: 2 ** 31 - 1 }),
  fixed64: fc.oneof(
    WHOLE_64,
    fc.bigInt({ min: 1_700_000_000n * 10n ** 9n, max: 1_800_000_000n * 10n ** 9n }).map(String),
  ),
  sfixed64: SIGNED_64,
  double: fc.oneof(fc.double(), fc.constantFrom(-0, Number.NaN, Number.POSITIVE_INFINITY)),
};

/** protobuf's strings are UTF-8, which has no halves of surrogate pairs. */
function isWellFormed(text: string): boolean {
  return Buffer.from(text).toString() === text;
}

/** A request of the signal that holds at least one record. */
export function randomRequest(signal: Signal): fc.Arbitrary<object> {
  return messageOf(REQUESTS[signal], 0);
}

/** Levels of resources, scopes and records, which always hold something. */
const ENVELOPES = new Set([
  ...['resourceSpans', 'scopeSpans', 'spans', 'resourceLogs', 'scopeLogs', 'logRecords'],
  ...['resourceMetrics', 'scopeMetrics', 'metrics', 'dataPoints'],
]);
const MAX_DEPTH = 9;

function messageOf(message: Message, depth: number): fc.Arbitrary<object> {
  const members = Object.keys(message).filter((name) => message[name]?.oneof !== undefined);
  const chosen = members.length === 0 ? fc.constant('') : fc.constantFrom(...members);
  return chosen.chain((member) => {
    const fields = Object.entries(message).filter(
      ([name, { oneof }]) => oneof === undefined || name === member,
    );
    const required = fields
      .filter(([name, { oneof }]) => ENVELOPES.has(name) || oneof === 'data')
      .map(([name]) => name);
    const arbitraries = fields.flatMap(([name, field]) => {
      const arbitrary = fieldOf(name, field, depth);
      return arbitrary === undefined ? [] : [[name, arbitrary] as const];
    });
    return fc.record(Object.fromEntries(arbitraries), { requiredKeys: required });
  });
}

function fieldOf(name: string, { type, repeated }: Field, depth: number): fc.Arbitrary<unknown> | undefined {
  const minLength = ENVELOPES.has(name) ? 1 : 0;
  const list = (item: fc.Arbitrary<unknown>) =>
    repeated ? fc.array(item, { minLength, maxLength: 2 }) : item;
  if (typeof type === 'string') return list(SCALARS[type]);
  if (typeof type === 'object') return list(fc.nat({ max: type.names.length + 2 }));
  return depth >= MAX_DEPTH ? undefined : list(messageOf(type(), depth + 1));
}

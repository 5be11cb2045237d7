import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringify } from 'lossless-json';
import { jsonTextToProtobuf } from '../../../src/otlp/json_to_protobuf.js';
import type { Message } from '../../../src/otlp/messages.js';
import {
  AnyValue,
  ExportTraceServiceRequest,
  HistogramDataPoint,
  NumberDataPoint,
  Span,
} from '../../../src/otlp/messages.js';
import { protobufToJson } from '../../../src/otlp/protobuf_to_json.js';

/** OTLP/JSON to protobuf and back: what was understood of it. */
function understood(message: Message, json: string): unknown {
  return JSON.parse(stringify(protobufToJson(message, jsonTextToProtobuf(message, json))) ?? '');
}

function fails(message: Message, json: string, expected: string): void {
  assert.throws(() => jsonTextToProtobuf(message, json), { name: 'DecodeError', message: expected });
}

test('ids are hex in either case', () => {
  const traceId = '5b8efff798038103d269b633813fc60c';
  assert.deepEqual(understood(Span, `{"traceId":"${traceId}"}`), { traceId });
  assert.deepEqual(understood(Span, `{"traceId":"${traceId.toUpperCase()}"}`), { traceId });
});

test('64-bit integers come as strings or numbers, and are exact in both', () => {
  const name = 'startTimeUnixNano';
  for (const value of ['9007199254740993', '9223372036854775807', '18446744073709551615', '0']) {
    assert.deepEqual(understood(Span, `{"${name}":"${value}"}`), { [name]: value });
    assert.deepEqual(understood(Span, `{"${name}":${value}}`), { [name]: value });
  }
  assert.deepEqual(understood(AnyValue, '{"intValue":-9223372036854775808}'), {
    intValue: '-9223372036854775808',
  });
  assert.deepEqual(understood(AnyValue, '{"intValue":1.50e1}'), { intValue: '15' });
});

test('enumerations are integers; their names are taken as well', () => {
  assert.deepEqual(understood(Span, '{"kind":3}'), { kind: 3 });
  assert.deepEqual(understood(Span, '{"kind":"SPAN_KIND_CLIENT"}'), { kind: 3 });
  assert.deepEqual(understood(Span, '{"kind":77}'), { kind: 77 });
});

test('doubles: NaN and infinities are strings, -0 stays -0', () => {
  for (const text of ['"NaN"', '"Infinity"', '"-Infinity"', '0.1', '1e+300']) {
    assert.deepEqual(understood(NumberDataPoint, `{"asDouble":${text}}`), {
      asDouble: JSON.parse(text) as unknown,
    });
  }
  const bytes = jsonTextToProtobuf(NumberDataPoint, '{"asDouble":-0.0}');
  assert.equal(stringify(protobufToJson(NumberDataPoint, bytes)), '{"asDouble":-0.0}');
});

test('bytes are base64, also with the alphabet for URLs and without padding', () => {
  for (const text of ['-_8', '+/8=']) {
    assert.deepEqual(understood(AnyValue, `{"bytesValue":"${text}"}`), { bytesValue: '+/8=' });
  }
});

test('unknown fields are ignored, null is absent, names may be in snake_case', () => {
  const json = '{"name":"a","new":{"deep":[1]},"traceState":null,"parent_span_id":"0102"}';
  assert.deepEqual(understood(Span, json), { name: 'a', parentSpanId: '0102' });
});

test('repeated numbers, and a member of a oneof at its default', () => {
  const json = '{"bucketCounts":["1",2],"explicitBounds":[0.5]}';
  assert.deepEqual(understood(HistogramDataPoint, json), { bucketCounts: ['1', '2'], explicitBounds: [0.5] });
  assert.deepEqual(understood(AnyValue, '{"intValue":0}'), { intValue: '0' });
  assert.deepEqual(understood(AnyValue, '{"stringValue":""}'), { stringValue: '' });
});

test('errors name the place, the value and what was expected', () => {
  const request = (span: string) => `{"resourceSpans":[{"scopeSpans":[{"spans":[{},${span}]}]}]}`;
  const at = 'resourceSpans[0].scopeSpans[0].spans[1]';
  const wrong: [string, string][] = [
    ['7', `${at}: 7 is not an object`],
    ['{"name":7}', `${at}.name: 7 is not a string`],
    ['{"traceId":"xyz"}', `${at}.traceId: "xyz" is not hex of whole bytes`],
    ['{"startTimeUnixNano":"-1"}', `${at}.startTimeUnixNano: "-1" is not an unsigned 64-bit integer`],
    ['{"startTimeUnixNano":1.5}', `${at}.startTimeUnixNano: 1.5 is not an unsigned 64-bit integer`],
    ['{"kind":"CLIENT"}', `${at}.kind: "CLIENT" is not a number or name of SPAN_KIND_…`],
    ['{"flags":4294967296}', `${at}.flags: 4294967296 is not an unsigned 32-bit integer`],
    ['{"attributes":{}}', `${at}.attributes: {} is not an array`],
    ['{"events":[null]}', `${at}.events[0]: null is not an object`],
  ];
  for (const [span, message] of wrong) fails(ExportTraceServiceRequest, request(span), message);
  fails(
    AnyValue,
    '{"stringValue":"a","intValue":1}',
    'intValue: only one of stringValue and intValue may be set',
  );
  fails(AnyValue, '{"boolValue":"yes"}', 'boolValue: "yes" is not true or false');
  fails(AnyValue, '{"doubleValue":1e999}', 'doubleValue: 1e999 is not a double');
  for (const text of ['0x10', ' 1 ', '+1', '1.', '.5', '']) {
    fails(AnyValue, `{"doubleValue":"${text}"}`, `doubleValue: "${text}" is not a double`);
  }
  const long = '0'.repeat(401);
  fails(AnyValue, `{"intValue":"${long}"}`, `intValue: "${long.slice(0, 79)}… is not a 64-bit integer`);
  fails(
    AnyValue,
    '{"doubleValue":{"isLosslessNumber":true}}',
    'doubleValue: {"isLosslessNumber":true} is not a double',
  );
  fails(AnyValue, '{"bytesValue":"?"}', 'bytesValue: "?" is not base64');
  fails(AnyValue, '[]', 'request: [] is not an object');
});

test('what is no JSON is said to be none', () => {
  assert.throws(() => jsonTextToProtobuf(Span, '{"name":'), /^DecodeError: not JSON: /);
  assert.throws(() => jsonTextToProtobuf(Span, ''), /^DecodeError: not JSON: /);
});

test('requests nested 60, 1,000 and 100,000 deep are a clean error', () => {
  const nested = (depth: number) => '{"arrayValue":{"values":['.repeat(depth) + ']}}'.repeat(depth);
  assert.throws(
    () => jsonTextToProtobuf(AnyValue, nested(60)),
    /DecodeError: .*: messages nested more than 100 deep/,
  );
  for (const depth of [1_000, 100_000]) {
    assert.throws(
      () => jsonTextToProtobuf(AnyValue, nested(depth)),
      /DecodeError: JSON nested more than 300 deep/,
    );
    assert.throws(
      () => jsonTextToProtobuf(AnyValue, '['.repeat(depth)),
      /DecodeError: JSON nested more than 300 deep/,
    );
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DecodeError } from '../../../src/errors.js';
import { ProtobufWriter } from '../../../src/otlp/protobuf_writer.js';
import { newTables, RECEIVED, type Row, rowsOf } from './batches.js';
import { encodeByReference } from './reference.js';

const TIME = '1760000000000000000';

function span(fields: object): Row {
  const { tables, decode } = newTables();
  decode('traces', encodeByReference('traces', { resourceSpans: [{ scopeSpans: [{ spans: [fields] }] }] }));
  return one(rowsOf(tables.spans));
}

function logRecord(fields: object): Row {
  const { tables, decode } = newTables();
  decode('logs', encodeByReference('logs', { resourceLogs: [{ scopeLogs: [{ logRecords: [fields] }] }] }));
  return one(rowsOf(tables.logRecords));
}

function gaugePoint(fields: object): Row {
  const metric = { name: 'm', gauge: { dataPoints: [fields] } };
  const { tables, decode } = newTables();
  decode(
    'metrics',
    encodeByReference('metrics', { resourceMetrics: [{ scopeMetrics: [{ metrics: [metric] }] }] }),
  );
  return one(rowsOf(tables.metricPoints));
}

function one(rows: Row[]): Row {
  assert.equal(rows.length, 1);
  return rows[0] ?? {};
}

/** The attribute `k` with that value: its text and letter. */
function attribute(value: object): [unknown, unknown] {
  const row = span({ attributes: [{ key: 'k', value }] });
  const [pair = []] = row.attributes as [string, string | null][];
  return [pair[1], row.attribute_types];
}

test('doubles: NaN, both infinities and -0 keep their text', () => {
  assert.deepEqual(attribute({ doubleValue: Number.NaN }), ['NaN', 'd']);
  assert.deepEqual(attribute({ doubleValue: Number.POSITIVE_INFINITY }), ['Infinity', 'd']);
  assert.deepEqual(attribute({ doubleValue: Number.NEGATIVE_INFINITY }), ['-Infinity', 'd']);
  assert.deepEqual(attribute({ doubleValue: -0 }), ['-0', 'd']);
  assert.deepEqual(attribute({ doubleValue: 0 }), ['0', 'd']);
  assert.deepEqual(attribute({ doubleValue: 0.1 }), ['0.1', 'd']);
});

test('measurements: NaN, -Infinity and -0 stay what they are', () => {
  assert.ok(Number.isNaN(gaugePoint({ asDouble: Number.NaN }).value));
  assert.equal(gaugePoint({ asDouble: Number.NEGATIVE_INFINITY }).value, Number.NEGATIVE_INFINITY);
  assert.ok(Object.is(gaugePoint({ asDouble: -0 }).value, -0));
  assert.equal(gaugePoint({}).value, null);
});

test('attribute values of every type, with their letters', () => {
  assert.deepEqual(attribute({ stringValue: 'é' }), ['é', 's']);
  assert.deepEqual(attribute({ stringValue: '' }), ['', 's']);
  assert.deepEqual(attribute({ boolValue: false }), ['false', 'b']);
  assert.deepEqual(attribute({ bytesValue: Buffer.from([0, 255]) }), ['AP8=', 'y']);
  assert.deepEqual(attribute({}), [null, '-']);
  assert.deepEqual(attribute({ arrayValue: {} }), ['[]', 'a']);
  assert.deepEqual(attribute({ kvlistValue: {} }), ['{}', 'm']);
});

test('nested values are JSON in which every type can be told', () => {
  const values = [
    { stringValue: 'a"b' },
    { intValue: '1' },
    { doubleValue: 1 },
    { doubleValue: -0 },
    { doubleValue: 1e21 },
    { bytesValue: Buffer.from([1]) },
    {},
    { kvlistValue: { values: [{ key: '$bytes', value: { boolValue: true } }] } },
  ];
  assert.deepEqual(attribute({ arrayValue: { values } }), [
    '["a\\"b",1,1.0,{"$double":"-0"},1e+21,{"$bytes":"AQ=="},null,{"$$bytes":true}]',
    'a',
  ]);
});

test('64-bit integers are exact: 2^53±1, 2^63-1 and -2^63', () => {
  for (const value of [2n ** 53n - 1n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)]) {
    assert.deepEqual(attribute({ intValue: String(value) }), [String(value), 'i']);
    const row = gaugePoint({ asInt: String(value) });
    assert.equal(row.value_int, value);
    assert.equal(row.value, Number(value));
  }
});

test('64-bit counts are exact: 2^64-1', () => {
  const most = String(2n ** 64n - 1n);
  const metric = {
    histogram: { dataPoints: [{ count: most, bucketCounts: [most, '0'], explicitBounds: [1] }] },
  };
  const { tables, decode } = newTables();
  decode(
    'metrics',
    encodeByReference('metrics', { resourceMetrics: [{ scopeMetrics: [{ metrics: [metric] }] }] }),
  );
  const row = one(rowsOf(tables.histogramPoints));
  assert.deepEqual([row.count, row.bucket_counts], [2n ** 64n - 1n, [2n ** 64n - 1n, 0n]]);
});

test('duplicate keys stay, in their order, also within maps; the first fills the column', () => {
  const attributes = [
    { key: 'http.route', value: { stringValue: '/a' } },
    { key: 'http.route', value: { stringValue: '/b' } },
    {
      key: 'm',
      value: {
        kvlistValue: {
          values: [
            { key: 'k', value: { intValue: '1' } },
            { key: 'k', value: { intValue: '2' } },
          ],
        },
      },
    },
  ];
  const row = span({ attributes });
  assert.deepEqual(row.attributes, [
    ['http.route', '/a'],
    ['http.route', '/b'],
    ['m', '{"k":1,"k":2}'],
  ]);
  assert.equal(row.attribute_types, 'ssm');
  assert.equal(row.http_route, '/a');
});

test('invalid UTF-8 becomes U+FFFD, in values, keys and nested texts, and is counted', () => {
  const bad = Buffer.from('6162ff63', 'hex'); // ab, a byte that is never UTF-8, c
  const writer = new ProtobufWriter();
  const nest = (field: number, write: () => void) => {
    writer.uint32(field * 8 + 2);
    writer.delimited(write);
  };
  const text = (field: number) => {
    writer.uint32(field * 8 + 2);
    writer.bytes(bad);
  };
  const value = (write: () => void) => nest(2, write);
  nest(1, () =>
    nest(2, () =>
      nest(2, () => {
        text(5); // the name
        nest(9, () => {
          text(1); // a key
          value(() => nest(5, () => nest(1, () => text(1)))); // an array of a text
        });
      }),
    ),
  );
  const { tables, decode } = newTables();
  assert.deepEqual(decode('traces', writer.finish()), { accepted: 1, replacedTexts: 3 });
  const row = one(rowsOf(tables.spans));
  assert.equal(row.name, 'ab\ufffdc');
  assert.deepEqual(row.attributes, [['ab\ufffdc', '["ab\ufffdc"]']]);
});

test('a log without a time takes the observed time, else the time it was received', () => {
  const pick = ({ time, time_raw, observed_time, observed_time_raw }: Row) => [
    time,
    time_raw,
    observed_time,
    observed_time_raw,
  ];
  const sent = BigInt(TIME);
  assert.deepEqual(pick(logRecord({ timeUnixNano: TIME, observedTimeUnixNano: TIME })), [
    sent,
    null,
    sent,
    null,
  ]);
  assert.deepEqual(pick(logRecord({ observedTimeUnixNano: TIME })), [sent, 0n, sent, null]);
  assert.deepEqual(pick(logRecord({})), [RECEIVED, 0n, null, null]);
});

test('times beyond the year 2262 are kept raw, and no duration is made of them', () => {
  const [last, beyond] = [2n ** 63n - 1n, 2n ** 63n];
  const times = (start: bigint, end: bigint) => {
    const row = span({ startTimeUnixNano: String(start), endTimeUnixNano: String(end) });
    return [row.time, row.time_raw, row.duration_ns, row.end_time_raw];
  };
  assert.deepEqual(times(1n, last), [1n, null, last - 1n, null]);
  assert.deepEqual(times(last, 1n), [last, null, 1n - last, null]);
  assert.deepEqual(times(1n, beyond), [1n, null, null, beyond]);
  assert.deepEqual(times(beyond, last), [RECEIVED, beyond, null, last]);
  assert.deepEqual(times(0n, 2n ** 64n - 1n), [RECEIVED, 0n, null, 2n ** 64n - 1n]);
});

test('numbers without a name stay numbers; names lose their prefix', () => {
  assert.equal(span({ kind: 3 }).kind, 'CLIENT');
  assert.equal(span({ kind: 99 }).kind, '99');
  assert.equal(span({ kind: -1 }).kind, '-1');
  assert.equal(span({ status: { code: 2 } }).status_code, 'ERROR');
  assert.equal(span({}).status_code, 'UNSET');
});

test('columns filled from attributes: the first listed key that fits wins, whatever the order sent', () => {
  const row = span({
    attributes: [
      { key: 'http.status_code', value: { intValue: '404' } },
      { key: 'http.response.status_code', value: { intValue: '200' } },
      { key: 'server.port', value: { stringValue: '8080' } },
      { key: 'server.address', value: { arrayValue: {} } },
      { key: 'net.peer.name', value: { stringValue: 'db' } },
      { key: 'rpc.grpc.status_code', value: { intValue: '4294967296' } },
      { key: 'url.path', value: { intValue: '7' } },
    ],
  });
  assert.equal(row.http_response_status_code, 200);
  assert.equal(row.server_port, 8080);
  assert.equal(row.server_address, 'db');
  assert.equal(row.rpc_grpc_status_code, null); // not a 32-bit integer; it stays in the map
  assert.equal(row.url_path, '7');
});

test('a histogram whose counts do not fit its bounds is kept as it was sent', () => {
  const metric = { histogram: { dataPoints: [{ bucketCounts: ['1', '2', '3'], explicitBounds: [5] }] } };
  const { tables, decode } = newTables();
  decode(
    'metrics',
    encodeByReference('metrics', { resourceMetrics: [{ scopeMetrics: [{ metrics: [metric] }] }] }),
  );
  const row = one(rowsOf(tables.histogramPoints));
  assert.deepEqual([row.bucket_counts, row.explicit_bounds], [[1n, 2n, 3n], [5]]);
});

test('a request that fails late leaves no rows, and the next one is not touched by it', () => {
  const { tables, decode } = newTables();
  const good = encodeByReference('traces', {
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'cart' } }] },
        scopeSpans: [{ spans: [{ name: 'a', attributes: [{ key: 'k', value: { intValue: '1' } }] }] }],
      },
    ],
  });
  decode('traces', good);
  const cut = good.subarray(0, good.length - 1);
  assert.throws(() => decode('traces', cut), {
    name: 'DecodeError',
    message: `traces request of ${cut.length} bytes: at byte 1: a length that runs past the end of its message, which is at ${cut.length}`,
  });
  assert.throws(() => decode('traces', Buffer.concat([good, Buffer.from([0x0a, 0x05, 0x12])])), DecodeError);
  decode('traces', good);
  const [first, second, ...more] = rowsOf(tables.spans).map(({ row_id, ...row }) => row);
  assert.deepEqual(first, second);
  assert.equal(first?.service_name, 'cart');
  assert.equal(more.length, 0);
});

test('the resource may come after its spans, and twice: then it merges', () => {
  const part = (resource: object) =>
    encodeByReference('traces', { resourceSpans: [{ resource }] }).subarray(2);
  const [spans, name, zone] = [
    encodeByReference('traces', { resourceSpans: [{ scopeSpans: [{ spans: [{ name: 'a' }] }] }] }).subarray(
      2,
    ),
    part({ attributes: [{ key: 'service.name', value: { stringValue: 'cart' } }] }),
    part({ droppedAttributesCount: 3 }),
  ];
  const body = Buffer.concat([spans, name, zone]);
  const { tables, decode } = newTables();
  decode('traces', Buffer.concat([Buffer.from([0x0a, body.length]), body]));
  const row = one(rowsOf(tables.spans));
  assert.equal(row.service_name, 'cart');
  assert.equal(row.resource_dropped_attributes_count, 3);
});

test('a field of another wire type than its own counts as unknown', () => {
  // Span { 5 (name): varint 1, 5 (name): "a" }
  const request = Buffer.from([0x0a, 9, 0x12, 7, 0x12, 5, 0x28, 1, 0x2a, 1, 0x61]);
  const { tables, decode } = newTables();
  decode('traces', request);
  assert.equal(one(rowsOf(tables.spans)).name, 'a');
});

test('values nested more than 100 messages deep are an error, not a stack overflow', () => {
  let value: object = { intValue: '1' };
  for (let i = 0; i < 60; i++) value = { arrayValue: { values: [value] } };
  assert.throws(() => attribute(value), /nested more than 100 deep/);
});

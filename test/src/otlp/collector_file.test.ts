import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { type CollectorFileOptions, readCollectorFile } from '../../../src/otlp/collector_file.js';
import { protobufToJson } from '../../../src/otlp/protobuf_to_json.js';
import { REQUESTS } from '../../../src/otlp/signal.js';
import { newTables } from './batches.js';
import { recordsOf } from './meaning.js';
import { recordsOfRows } from './rebuild.js';
import { encodeByReference } from './reference.js';

async function* chunksOf(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(content: string | Uint8Array, options: Partial<CollectorFileOptions> = {}, chunk = 7) {
  const bytes = Buffer.from(content as string);
  const found = [];
  const limits = { maxRequestBytes: 10_000, ...options };
  for await (const { signal, protobuf, place } of readCollectorFile('file', chunksOf(bytes, chunk), limits)) {
    found.push([signal, place, JSON.stringify(protobufToJson(REQUESTS[signal], protobuf))]);
  }
  return found;
}

const SPAN = { scopeSpans: [{ spans: [{ name: 'a }"{', startTimeUnixNano: '1' }] }] };
const LOG = { scopeLogs: [{ logRecords: [{ timeUnixNano: '2' }] }] };
const METRIC = {
  scopeMetrics: [{ metrics: [{ name: 'm', gauge: { dataPoints: [{ timeUnixNano: '255', asDouble: 1 }] } }] }],
};

test('JSON lines: a request a line, of any signal', async () => {
  const lines = [{ resourceSpans: [SPAN] }, { resourceLogs: [LOG] }, { resourceMetrics: [METRIC] }];
  const file = lines.map((line) => JSON.stringify(line)).join('\n');
  assert.deepEqual(await read(`\ufeff${file}\r\n\n`), [
    ['traces', 'line 1', JSON.stringify({ resourceSpans: [SPAN] })],
    ['logs', 'line 2', JSON.stringify({ resourceLogs: [LOG] })],
    ['metrics', 'line 3', JSON.stringify({ resourceMetrics: [METRIC] })],
  ]);
});

test('one request spread over lines, whatever the chunks', async () => {
  const file = `\n${JSON.stringify({ resourceSpans: [SPAN] }, null, 2)}`;
  for (let chunk = 1; chunk < 40; chunk++) {
    assert.deepEqual(await read(file, {}, chunk), [
      ['traces', 'line 2', JSON.stringify({ resourceSpans: [SPAN] })],
    ]);
  }
});

test('protobuf: one request, or each after its length; the signal is told by the bytes', async () => {
  const requests = [
    encodeByReference('traces', { resourceSpans: [SPAN] }),
    encodeByReference('logs', { resourceLogs: [LOG] }),
    encodeByReference('metrics', { resourceMetrics: [METRIC] }),
  ];
  const signals = [];
  for (const request of requests) signals.push((await read(request))[0]?.[0]);
  assert.deepEqual(signals, ['traces', 'logs', 'metrics']);
  const prefixed = requests.flatMap((request) => [Buffer.from([0, 0, 0, request.length]), request]);
  for (const chunk of [1, 3, 1000]) {
    const found = await read(Buffer.concat(prefixed), {}, chunk);
    assert.deepEqual(
      found.map(([signal]) => signal),
      ['traces', 'logs', 'metrics'],
    );
  }
});

test('errors name the file and the place', async () => {
  const good = JSON.stringify({ resourceSpans: [SPAN] });
  const wrong: [string | Uint8Array, RegExp][] = [
    ['', /^InvalidFileError: file: empty; expected OTLP requests as JSON or protobuf$/],
    [
      `${good}\n{"spans":[]}`,
      /file: line 2: expected an object with resourceSpans, resourceMetrics, resourceLogs; found \{"spans"/,
    ],
    [`${good}\n\n{"resourceSpans":[7]}`, /file: line 3: resourceSpans\[0\]: 7 is not an object/],
    [`${good}\n{"resourceSpans":[`, /file: line 2: a JSON object that does not end/],
    [`${good}\n}`, /file: line 2: expected a JSON object; found "}"/],
    [`[${good}]`, /file: line 1: expected a JSON object; found "\[\{/],
    [`{"resourceSpans":[}`, /file: line 1: not JSON: /],
    ['hello', /file: line 1: expected a JSON object; found "hello"/],
    [Buffer.from([1, 0, 0, 0]), /file: byte 0: a request of 16777216 bytes or more; at most 10000 are read/],
    [Buffer.from('{"resourceSpans":[],"\xff":1}', 'latin1'), /file: line 1: not UTF-8, as JSON has to be/],
    [Buffer.from([0, 0, 0, 5, 1]), /file: byte 0: a request cut short by the end of the file/],
    [
      Buffer.from([0x0a, 200]),
      /file: byte 0: neither JSON nor a protobuf request whose signal its bytes tell/,
    ],
  ];
  for (const [content, message] of wrong) await assert.rejects(read(content), message);
  await assert.rejects(read(good, { maxRequestBytes: 20 }), /line 1: a JSON object of more than 20 bytes/);
});

const realData = process.env.KTAPE_REAL_DATA;

test('the examples of opentelemetry-proto come back from rows as they were sent', {
  skip: realData === undefined ? 'KTAPE_REAL_DATA names no folder of real data' : false,
}, async (context) => {
  const folder = join(realData ?? '', 'otlp');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  assert.ok(files.length > 0, `${folder} has no .json file`);
  for (const name of files) {
    const json = await readFile(join(folder, name));
    const options = { maxRequestBytes: 1_000_000 };
    for await (const { signal, protobuf } of readCollectorFile(name, chunksOf(json, 1000), options)) {
      const { tables, decode } = newTables();
      const { accepted } = decode(signal, protobuf);
      // The files themselves are the oracle: plain JSON, whose ids are upper-case hex.
      const sent = JSON.parse(json.toString(), (key, value: unknown) =>
        /^(trace|span|parentSpan)Id$/.test(key) ? String(value).toLowerCase() : value,
      ) as object;
      assert.deepEqual(recordsOfRows(signal, tables), recordsOf(signal, sent));
      context.diagnostic(`${name}: ${accepted} records of ${signal}`);
    }
  }
});

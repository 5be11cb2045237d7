import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { exportRequests } from '../../../src/convert/otlp/requests.js';
import { openTape } from '../../../src/tape/tape.js';
import { scratch } from '../../scratch.js';
import { runCaptured } from '../cli/captured_terminal.js';

/** Imports a text; returns what was said and the spans as OTLP/JSON. */
async function imported(t: TestContext, text: string) {
  const directory = scratch(t);
  const [file, output] = [join(directory, 'traces.json'), join(directory, 'out.tape')];
  await writeFile(file, text);
  const { stderr } = await runCaptured(['import', 'jaeger', file, '-o', output], { temporary: directory });
  const requests: object[] = [];
  const tape = await openTape(output).catch(() => undefined);
  if (tape !== undefined)
    for await (const { json } of exportRequests(tape, { signals: ['traces'] })) requests.push(json);
  return { said: stderr.replaceAll(directory, 'DIR'), requests };
}

const text = (key: string, value: string) => ({ key, type: 'string', value });

const TRACE = {
  traceID: 'af7651916cd43dd8448eb211c80319c',
  spans: [
    {
      traceID: 'af7651916cd43dd8448eb211c80319c',
      spanID: '7ad6b7169203331',
      operationName: 'GET /cart',
      references: [
        { refType: 'CHILD_OF', traceID: 'af7651916cd43dd8448eb211c80319c', spanID: '1' },
        { refType: 'FOLLOWS_FROM', traceID: 'ff', spanID: '2' },
      ],
      startTime: 1795342530123456,
      duration: 1500,
      tags: [
        text('span.kind', 'server'),
        text('otel.scope.name', 'http'),
        text('w3c.tracestate', 'a=1'),
        { key: 'error', type: 'bool', value: true },
        text('otel.status_code', 'ERROR'),
        text('otel.status_description', 'no cart'),
        { key: 'http.status_code', type: 'int64', value: 503 },
        { key: 'ratio', type: 'float64', value: 1 },
        { key: 'blob', type: 'binary', value: 'AAE=' },
        { key: 'big', type: 'int64', value: '9223372036854775807' },
      ],
      logs: [
        {
          timestamp: 1795342530123999,
          fields: [text('event', 'exception'), text('exception.type', 'IOError')],
        },
      ],
      processID: 'p1',
      warnings: ['clock skew'],
      flags: 1,
    },
  ],
  processes: { p1: { serviceName: 'cart', tags: [text('hostname', 'node-1')] } },
};

test("a trace of Jaeger's becomes what the Collector makes of it", async (t) => {
  const { said, requests } = await imported(t, JSON.stringify({ data: [TRACE], total: 0 }));
  assert.equal(said, 'DIR/out.tape: 1 span\n');
  const attribute = (key: string, value: object) => ({ key, value });
  assert.deepEqual(requests, [
    {
      resourceSpans: [
        {
          resource: {
            attributes: [
              attribute('service.name', { stringValue: 'cart' }),
              attribute('host.name', { stringValue: 'node-1' }),
            ],
          },
          scopeSpans: [
            {
              scope: { name: 'http' },
              spans: [
                {
                  traceId: '0af7651916cd43dd8448eb211c80319c',
                  spanId: '07ad6b7169203331',
                  parentSpanId: '0000000000000001',
                  traceState: 'a=1',
                  flags: 1,
                  name: 'GET /cart',
                  kind: 2,
                  startTimeUnixNano: '1795342530123456000',
                  endTimeUnixNano: '1795342530124956000',
                  attributes: [
                    attribute('http.status_code', { intValue: '503' }),
                    attribute('ratio', { doubleValue: 1 }),
                    attribute('blob', { bytesValue: 'AAE=' }),
                    attribute('big', { intValue: '9223372036854775807' }),
                    attribute('@jaeger@warnings', {
                      arrayValue: { values: [{ stringValue: 'clock skew' }] },
                    }),
                  ],
                  status: { code: 2, message: 'no cart' },
                  events: [
                    {
                      timeUnixNano: '1795342530123999000',
                      name: 'exception',
                      attributes: [attribute('exception.type', { stringValue: 'IOError' })],
                    },
                  ],
                  links: [
                    {
                      traceId: '000000000000000000000000000000ff',
                      spanId: '0000000000000002',
                      attributes: [attribute('opentracing.ref_type', { stringValue: 'follows_from' })],
                    },
                  ],
                },
              ],
            },
          ],
        },
      ],
    },
  ]);
});

/** The status that a span with these tags gets. */
async function statusOf(t: TestContext, ...tags: readonly object[]): Promise<unknown> {
  const [span] = TRACE.spans;
  const { requests } = await imported(t, JSON.stringify({ ...TRACE, spans: [{ ...span, tags }] }));
  return JSON.parse(/"status":(\{[^}]*\})/.exec(JSON.stringify(requests))?.[1] ?? 'null');
}

test('a status is told by tags, or by the status of HTTP, which is no error of a server below 500', async (t) => {
  const http = (value: number) => ({ key: 'http.status_code', type: 'int64', value });
  assert.deepEqual(await statusOf(t, text('otel.status_code', 'OK')), { code: 1 });
  assert.deepEqual(await statusOf(t, { key: 'error', type: 'bool', value: false }, http(200)), {});
  assert.deepEqual(await statusOf(t, text('span.kind', 'server'), http(404)), {});
  assert.deepEqual(await statusOf(t, text('span.kind', 'client'), http(404)), { code: 2 });
  assert.deepEqual(await statusOf(t, http(500), text('http.status_message', 'oops')), {
    code: 2,
    message: 'oops',
  });
});

test('what cannot be read of a file is told with its place, and the rest is imported', async (t) => {
  const [span] = TRACE.spans;
  const broken = [
    { ...span, spanID: 'span-1' },
    { ...span, startTime: 'noon' },
    { ...span, processID: 'p9' },
    { ...span, tags: [{ key: 'count', type: 'int64', value: 'many' }] },
    span,
  ];
  const { said } = await imported(t, `${JSON.stringify({ ...TRACE, spans: broken })}\n{"other": 1}\n`);
  assert.equal(
    said,
    [
      'DIR/traces.json: line 1: span "span-1": spanID "span-1"; expected up to 16 hex digits',
      'DIR/traces.json: line 1: span "7ad6b7169203331": startTime "noon"; expected microseconds',
      'DIR/traces.json: line 1: span "7ad6b7169203331": processID "p9": the trace has no such process',
      'DIR/traces.json: line 1: span "7ad6b7169203331": tag count: value "many"; expected one of type int64',
      "DIR/traces.json: line 2: expected Jaeger's data or spans; found an object with other",
      'DIR/out.tape: 1 span',
      '',
    ].join('\n'),
  );
  assert.match((await imported(t, '{"data": []}')).said, /traces\.json: no span in it/);
  assert.equal(
    (await imported(t, 'not json')).said,
    'ktape: DIR/traces.json: line 1: expected a JSON object; found "not json"\n',
  );
});

test('what Jaeger itself says went wrong is told', async (t) => {
  const errors = [{ code: 404, msg: 'trace not found' }];
  assert.equal(
    (await imported(t, JSON.stringify({ data: null, errors }))).said,
    'ktape: DIR/traces.json: line 1: Jaeger says: trace not found (404)\n',
  );
  assert.equal(
    (await imported(t, JSON.stringify({ data: [TRACE], errors }))).said,
    'DIR/traces.json: line 1: Jaeger says: trace not found (404)\nDIR/out.tape: 1 span\n',
  );
});

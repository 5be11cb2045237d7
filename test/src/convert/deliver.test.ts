import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { deliver } from '../../../src/convert/otlp/deliver.js';
import { exportRequests } from '../../../src/convert/otlp/requests.js';
import { SIGNALS, type Signal } from '../../../src/otlp/signal.js';
import { encodeResponse } from '../../../src/otlp/status.js';
import { openTape } from '../../../src/tape/tape.js';
import { startRecorder } from '../../capture/recorder_process.js';
import { repository } from '../../repository.js';
import { scratch } from '../../scratch.js';
import { runCaptured } from '../cli/captured_terminal.js';
import { recordsOf } from '../otlp/meaning.js';
import { referenceRequest } from '../otlp/reference.js';

const RECORDED = join(repository, 'fixtures/tapes/checkout-outage.tape');
const ALL = /4964 spans, 167 data points, 288 log records sent\n$/;

async function exportTo(t: TestContext, endpoint: string, ...options: readonly string[]): Promise<string> {
  const args = ['export', 'otlp', RECORDED, '--to', endpoint, ...options];
  return (await runCaptured(args, { temporary: scratch(t) })).stderr.replaceAll(/127\.0\.0\.1:\d+/g, 'HOST');
}

/** What a tape has by OTLP, record by record, in no order. */
async function recordsIn(path: string): Promise<Record<Signal, string[]>> {
  const tape = await openTape(path);
  const said: Record<Signal, string[]> = { traces: [], metrics: [], logs: [] };
  for await (const { signal, protobuf } of exportRequests(tape, { signals: SIGNALS }))
    said[signal].push(...recordsOf(signal, referenceRequest(signal).decode(protobuf)));
  for (const signal of SIGNALS) said[signal].sort();
  return said;
}

for (const protocol of ['http', 'grpc'] as const) {
  test(`a tape that is replayed into a recorder by ${protocol} is recorded as it was`, async (t) => {
    const tape = join(scratch(t), 'tape');
    const off = ['--probes', 'off', '--kubernetes', 'off', '--cgroups', 'off'];
    const recorder = startRecorder(t, [
      '--out',
      tape,
      '--otlp-grpc',
      '127.0.0.1:0',
      '--otlp-http',
      '127.0.0.1:0',
      ...off,
    ]);
    const [, address] = await recorder.says(new RegExp(`otlp ${protocol}: (\\S+)`));
    assert.match(await exportTo(t, `${protocol}://${address}`), ALL);
    recorder.child.kill('SIGTERM');
    assert.equal(await recorder.exited, 0);
    assert.deepEqual(await recordsIn(tape), await recordsIn(RECORDED));
  });
}

/** A receiver that answers each request as told; returns its address. */
async function receiver(
  t: TestContext,
  answer: (number: number, response: ServerResponse) => void,
): Promise<string> {
  let number = 0;
  const server = createServer((request, response) => {
    request.resume().on('end', () => answer(number++, response));
  }).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('a receiver that is busy is sent the same again when it said', async (t) => {
  const address = await receiver(t, (number, response) => {
    response.writeHead(number === 1 ? 429 : 200, number === 1 ? { 'retry-after': '0' } : {}).end();
  });
  assert.equal(
    await exportTo(t, address, '--signals', 'logs,metrics'),
    'http://HOST: it answered 429 Too Many Requests; trying again, for two minutes at most\n' +
      'http://HOST: 288 log records, 167 data points sent\n',
  );
});

test('what a receiver rejects is counted, and what it refuses tells where to go on', async (t) => {
  const rejecting = await receiver(t, (_, response) => {
    response.end(encodeResponse('logs', { rejected: 3, message: 'too old' }, 'protobuf'));
  });
  assert.equal(
    await exportTo(t, rejecting, '--signals', 'logs'),
    'http://HOST says: too old\nhttp://HOST: 288 log records sent; 3 records REJECTED by it\n',
  );
  const refusing = await receiver(t, (number, response) => {
    response.writeHead(number === 2 ? 400 : 200).end();
  });
  assert.equal(
    await exportTo(t, refusing),
    'ktape: traces refused: it answered 400 Bad Request; 2000 records were sent; --skip 2000 goes on from there\n',
  );
  assert.match(await exportTo(t, rejecting, '--skip', '5131'), /288 log records sent/);
});

test('what would be no better the next time is not tried again', async (t) => {
  const elsewhere = await receiver(t, (_, response) => {
    response.writeHead(302, { location: '/elsewhere' }).end();
  });
  const refused = (why: string) =>
    `ktape: traces refused: ${why}; 0 records were sent; --skip 0 goes on from there\n`;
  assert.equal(
    await exportTo(t, elsewhere),
    refused('it answered with a redirect; give the address that it leads to'),
  );
  assert.equal(
    await exportTo(t, 'http://127.0.0.1:6000'),
    refused('its port is one of those that HTTP clients never connect to; give the receiver another'),
  );
});

test('what cannot be exported is told', async (t) => {
  assert.match(await exportTo(t, 'ftp://host'), /--to ftp:\/\/host: expected http:\/\/HOST:4318/);
  assert.match(await exportTo(t, 'http://host', '--rate', 'fast'), /Expected records a second/);
  assert.match(
    await exportTo(t, 'http://host', '--signals', 'profiles'),
    /"profiles" is none of traces, metrics, logs/,
  );
  const file = join(scratch(t), 'there.jsonl');
  await writeFile(file, '');
  const { stderr } = await runCaptured(['export', 'otlp', RECORDED, '-o', file], { temporary: scratch(t) });
  assert.match(stderr, /is there already; expected a new file/);
});

test('no more records are sent in a second than the rate allows', async () => {
  const request = { signal: 'logs', json: {}, protobuf: new Uint8Array(), records: 500 } as const;
  async function* requests() {
    yield* [request, request, request];
  }
  let now = 0;
  const at: number[] = [];
  const receiver = {
    send: async () => {
      at.push(now);
      return { rejected: 0, message: '' };
    },
    close: () => undefined,
  };
  const sleep = async (ms: number) => {
    now += ms;
  };
  const onWait = () => assert.fail('there is nothing to wait for');
  await deliver(requests(), receiver, {
    rate: 1_000,
    skip: 0,
    patienceMs: 0,
    clock: () => now,
    sleep,
    onWait,
  });
  assert.deepEqual(at, [0, 500, 1000]);
});

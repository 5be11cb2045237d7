import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { scratch } from '../../scratch.js';
import { ktapeRows, startRecorder } from '../recorder_process.js';
import { send } from './client.js';
import { frame, rawCall } from './grpc_client.js';

const LOGS = '/opentelemetry.proto.collector.logs.v1.LogsService/Export';

/** Number and length of a field of protobuf that has a length. */
function fieldHead(number: number, length: number): Buffer {
  const bytes = [(number << 3) | 2];
  for (; length > 0x7f; length >>>= 7) bytes.push((length & 0x7f) | 0x80);
  return Buffer.from([...bytes, length]);
}

/** A request with a log record whose body is an array in an array in an array… */
function nestedProtobuf(depth: number): Buffer {
  const heads: Buffer[] = [];
  let length = 0;
  // From the inside out: AnyValue in ArrayValue in AnyValue… in LogRecord in ScopeLogs in ResourceLogs in the request.
  for (const number of [...new Array(depth).fill([1, 5]).flat(), 5, 2, 2, 1]) {
    const head = fieldHead(number, length);
    heads.push(head);
    length += head.length;
  }
  return Buffer.concat(heads.reverse());
}

function nestedJson(depth: number): Buffer {
  const body = `${'{"arrayValue":{"values":['.repeat(depth)}{}${']}}'.repeat(depth)}`;
  return Buffer.from(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":${body}}]}]}]}`);
}

const UNKNOWN_JSON = Buffer.from(`{"unknown":${'['.repeat(100_000)}${']'.repeat(100_000)}}`);

test('requests nested a thousand deep are refused, and the recorder goes on', async (t) => {
  const out = join(scratch(t), 'tape');
  const addresses = ['--otlp-grpc', '127.0.0.1:0', '--otlp-http', '127.0.0.1:0'];
  const recorder = startRecorder(t, ['--out', out, '--probes', 'off', '--kubernetes', 'off', ...addresses]);
  const [, grpc = ''] = await recorder.says(/otlp grpc: (\S+)/);
  const [, http = ''] = await recorder.says(/otlp http: (\S+)/);
  await recorder.says(/^recording node/);
  const byHttp = async (type: string, body: Buffer) =>
    (await send(http, '/v1/logs', { 'content-type': `application/${type}` }, [body])).status;
  const byGrpc = async (body: Buffer) =>
    (await rawCall(grpc, [frame(body)], { ':path': LOGS }))['grpc-status'];

  for (const depth of [1_000, 100_000]) {
    assert.equal(await byHttp('x-protobuf', nestedProtobuf(depth)), 400);
    assert.equal(await byHttp('json', nestedJson(depth)), 400);
    assert.equal(await byGrpc(nestedProtobuf(depth)), '3');
  }
  assert.equal(await byHttp('json', UNKNOWN_JSON), 400);
  assert.equal(await byHttp('x-protobuf', nestedProtobuf(3)), 200);
  assert.equal(await byHttp('json', nestedJson(3)), 200);
  assert.equal(await byGrpc(nestedProtobuf(3)), '0');

  recorder.child.kill('SIGTERM');
  assert.equal(await recorder.exited, 0);
  assert.deepEqual(ktapeRows(out, 'SELECT body FROM log_records'), new Array(3).fill(['[[[null]]]']));
  assert.deepEqual(ktapeRows(out, "SELECT table_name, reason, split_part(detail, ',', 1) FROM losses"), [
    ['log_records', 'undecodable request', '7 times'],
  ]);
});

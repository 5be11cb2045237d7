import assert from 'node:assert/strict';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { test } from 'node:test';
import { startBoth } from './both_receivers.js';
import { EXPORT_TRACES, frame } from './grpc_client.js';

const HEAD = 'POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';

/** Sends `begin`, then `more` again and again until the server closes; resolves to what it had said. */
function untilClosed(address: string, begin: string, more = ''): Promise<string> {
  const [host, port] = address.split(':');
  const socket = connect(Number(port), host);
  let said = '';
  socket.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  socket.on('error', () => undefined);
  socket.write(begin);
  const dripping = more === '' ? undefined : setInterval(() => socket.write(more), 20);
  return new Promise((resolve) => {
    socket.once('close', () => {
      clearInterval(dripping);
      resolve(said);
    });
  });
}

test('clients that say nothing, or their request too slowly, are cut off', async (t) => {
  const { http, grpc, refusals } = await startBoth(t, { requestMs: 300, idleMs: 400 });
  const [silent, silentGrpc, head, body, refused] = await Promise.all([
    untilClosed(http, ''),
    untilClosed(grpc, ''),
    untilClosed(http, 'POST /v1/traces HTTP/1.1\r\n', 'x-more: 1\r\n'),
    untilClosed(http, `${HEAD}transfer-encoding: chunked\r\n\r\n`, '1\r\nx\r\n'),
    untilClosed(http, `${HEAD}transfer-encoding: chunked\r\ncontent-encoding: br\r\n\r\n`, '1\r\nx\r\n'),
  ]);
  assert.match(silent, /^(HTTP\/1\.1 408 .*)?$/s);
  assert.match(silentGrpc, /^[^H]*$/); // HTTP/2's settings and farewell, if anything
  assert.match(head, /^HTTP\/1\.1 408 /);
  assert.match(body, /^HTTP\/1\.1 408 /);
  assert.match(refused, /^HTTP\/1\.1 415 /);
  assert.deepEqual(refusals.sort(), [
    'traces: content-encoding: expected gzip, zstd, deflate, identity; found br',
    'traces: the client did not send its request to the end',
  ]);
});

/** Begins a call and does not end it; resolves when the server has reset it, to HTTP/2's code for why. */
async function unfinishedCall(address: string, sent: Uint8Array, settings = {}): Promise<number | undefined> {
  const session = connectHttp2(`http://${address}`, { settings });
  session.on('error', () => undefined);
  const call = session.request({
    ':method': 'POST',
    ':path': EXPORT_TRACES,
    'content-type': 'application/grpc',
  });
  call.on('error', () => undefined);
  call.write(sent);
  if (Object.keys(settings).length > 0) call.end();
  await new Promise((resolve) => call.once('close', resolve));
  session.destroy();
  return call.rstCode;
}

test('calls that stay half open, and answers that are not fetched, are given up', async (t) => {
  const { grpc, requests, refusals } = await startBoth(t, { requestMs: 300 });
  const CANCEL = 8;
  assert.equal(await unfinishedCall(grpc, frame(Buffer.from('whole')).subarray(0, 7)), CANCEL);
  assert.deepEqual(refusals, ['traces: the client did not send its request to the end']);
  // A window of no bytes: the answer cannot be sent.
  assert.equal(await unfinishedCall(grpc, frame(Buffer.from('whole')), { initialWindowSize: 0 }), CANCEL);
  assert.deepEqual(
    requests.map(({ request }) => Buffer.from(request).toString()),
    ['whole'],
  );
});

test('a client that sends requests and fetches no answers is cut off', async (t) => {
  const { http } = await startBoth(t, { idleMs: 300, maxHeldBytes: 10_000_000 });
  const [host, port] = http.split(':');
  const socket = connect(Number(port), host);
  socket.pause();
  socket.on('error', () => undefined);
  const requests = Buffer.from(`GET /${'x'.repeat(8_000)} HTTP/1.1\r\nhost: x\r\n\r\n`.repeat(100));
  // As long as the kernel takes some: answers of 8 kB each fill its buffers sooner or later.
  const sending = setInterval(() => socket.writableLength === 0 && socket.write(requests), 1);
  await new Promise((resolve) => socket.once('close', resolve));
  clearInterval(sending);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBoth, waiting } from './both_receivers.js';
import { LIMITS, send } from './client.js';
import { frame, rawCall } from './grpc_client.js';

const AS_PROTOBUF = { 'content-type': 'application/x-protobuf' };
const LARGE = Buffer.alloc(LIMITS.maxRequestBytes - 5);

test('one budget for both: as long as one request is held, another is told to come back, and then taken', async (t) => {
  const { accept, underWay, goOn } = waiting();
  const { http, grpc, refusals } = await startBoth(t, {}, accept);
  const first = rawCall(grpc, [frame(LARGE)]);
  await underWay;
  const byHttp = await send(http, '/v1/traces', AS_PROTOBUF, [LARGE]);
  assert.deepEqual([byHttp.status, byHttp.headers['retry-after']], [429, '1']);
  const byGrpc = await rawCall(grpc, [frame(LARGE)]);
  assert.deepEqual([byGrpc['grpc-status'], byGrpc['grpc-message']], ['8', 'too many requests at a time']);
  assert.deepEqual(refusals, new Array(2).fill('traces: too many requests at a time'));
  goOn();
  assert.equal((await first)['grpc-status'], '0');
  assert.equal((await send(http, '/v1/traces', AS_PROTOBUF, [LARGE])).status, 200);
  assert.equal((await rawCall(grpc, [frame(LARGE)]))['grpc-status'], '0');
});

test('the number of requests at a time is bounded, however small they are', async (t) => {
  const { accept, goOn } = waiting();
  // A request counts for 16 KiB beside its bytes.
  const { http } = await startBoth(t, { maxHeldBytes: 4 * 16 * 1024 }, accept);
  const answers = Array.from({ length: 20 }, () => send(http, '/v1/traces', AS_PROTOBUF));
  // All but four are answered at once.
  const refused = new Promise<void>((resolve) => {
    let count = 0;
    for (const answer of answers) answer.then(() => ++count === 16 && resolve());
  });
  await refused;
  goOn();
  const statuses = (await Promise.all(answers)).map(({ status }) => status);
  assert.deepEqual(statuses.sort(), [...new Array(4).fill(200), ...new Array(16).fill(429)]);
});

test('a request in pieces of one byte takes no more memory than its bytes', async (t) => {
  const { http, requests } = await startBoth(t);
  const pieces = Array.from({ length: 20_000 }, (_, i) => Buffer.from([i]));
  assert.equal((await send(http, '/v1/traces', AS_PROTOBUF, pieces)).status, 200);
  assert.deepEqual(Buffer.from(requests[0]?.request ?? []), Buffer.concat(pieces));
  // One buffer that grew, at most twice as large as needed.
  assert.ok((requests[0]?.request.buffer.byteLength ?? 0) <= 40_000);
});

test('a client that goes away in the middle of a call leaves nothing behind', async (t) => {
  const { grpc, refusals } = await startBoth(t, { requestMs: 200 });
  // A message that is never complete: the call is cut off when its time is over.
  for (let i = 0; i < 6; i++) await rawCall(grpc, [frame(LARGE).subarray(0, 50_000)], { 'x-hold': '1' });
  assert.equal((await rawCall(grpc, [frame(LARGE)]))['grpc-status'], '0');
  assert.equal(refusals.length, 6);
});

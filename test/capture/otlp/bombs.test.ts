import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import { compress, isLoaded } from '@foxglove/wasm-zstd';
import { startBoth } from './both_receivers.js';
import { LIMITS, send } from './client.js';
import { frame, rawCall } from './grpc_client.js';

const MIB = 1024 * 1024;
const ZEROS = Buffer.alloc(90 * MIB);
await isLoaded;
const BOMBS = [
  // Members of gzip follow one another.
  [
    'gzip',
    Buffer.concat(new Array(90).fill(gzipSync(Buffer.alloc(MIB)))),
    /^traces: the request is larger than /,
  ],
  ['deflate', deflateSync(ZEROS), /^traces: the request is larger than 100000 bytes/],
  ['zstd', compress(ZEROS), /^traces: the request is larger than 100000 bytes/],
] as const;

for (const [encoding, bomb, refusal] of BOMBS) {
  test(`${bomb.length} bytes of ${encoding} that would grow to 90 MiB are refused in little memory`, async (t) => {
    assert.ok(bomb.length < LIMITS.maxRequestBytes);
    const { http, grpc, requests, refusals } = await startBoth(t, { maxHeldBytes: 400_000 });
    const before = process.memoryUsage().arrayBuffers;
    const headers = { 'content-type': 'application/x-protobuf', 'content-encoding': encoding };
    const { status } = await send(http, '/v1/traces', headers, [bomb]);
    const called = await rawCall(grpc, [frame(bomb, 1)], { 'grpc-encoding': encoding });
    assert.ok(process.memoryUsage().arrayBuffers - before < 10 * MIB);
    assert.deepEqual([status, called['grpc-status']], [413, '8']);
    assert.equal(refusals.length, 2);
    for (const said of refusals) assert.match(said, refusal);
    assert.deepEqual(requests, []);
  });
}

test('a ZSTD bomb that does not say how large it will be is refused as well', async (t) => {
  const { http, requests, refusals } = await startBoth(t, { maxHeldBytes: 400_000 });
  const bomb = compress(ZEROS);
  // As RFC 8878 has the header: magic, a descriptor that tells of a size of 4 bytes, the window, that size.
  assert.equal(bomb.readUInt8(4), 0b1000_0000);
  const undeclared = Buffer.concat([
    bomb.subarray(0, 4),
    Buffer.from([0]),
    bomb.subarray(5, 6),
    bomb.subarray(10),
  ]);
  const headers = { 'content-type': 'application/x-protobuf', 'content-encoding': 'zstd' };
  assert.equal((await send(http, '/v1/traces', headers, [undeclared])).status, 400);
  assert.deepEqual(refusals, ['traces: the body is not zstd, or larger than 100000 bytes when decompressed']);
  assert.deepEqual(requests, []);
});

test('what is compressed within the limits is taken, by every encoding', async (t) => {
  const { http, grpc, requests } = await startBoth(t);
  const text = Buffer.from('{"resourceLogs":[]}');
  for (const [encoding, body] of [
    ['gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['zstd', compress(text)],
  ] as const) {
    const headers = { 'content-type': 'application/x-protobuf', 'content-encoding': encoding };
    assert.equal((await send(http, '/v1/logs', headers, [body])).status, 200);
    const called = await rawCall(grpc, [frame(body, 1)], { 'grpc-encoding': encoding });
    assert.equal(called['grpc-status'], '0');
  }
  assert.deepEqual(
    requests.map(({ request }) => Buffer.from(request).toString()),
    new Array(6).fill(text.toString()),
  );
});

test('JSON that would be millions of objects is refused before it is parsed', async (t) => {
  const { http, refusals } = await startBoth(t);
  const body = Buffer.from(`{"resourceLogs":[${'1,'.repeat(2_000)}1]}`);
  const { status } = await send(http, '/v1/logs', { 'content-type': 'application/json' }, [body]);
  assert.equal(status, 413);
  assert.deepEqual(refusals, ['logs: the JSON has more than 1000 values, the most that is taken']);
});

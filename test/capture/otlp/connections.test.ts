import assert from 'node:assert/strict';
import { connect as connectHttp2 } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { startBoth, waiting } from './both_receivers.js';
import { send } from './client.js';
import { EXPORT_TRACES, frame, rawCall } from './grpc_client.js';

/** Connects so often; resolves to the connections that are left when the server has closed all but `kept`. */
function connectAll(address: string, count: number, kept: number): Promise<Set<Socket>> {
  const [host, port] = address.split(':');
  const open = new Set(Array.from({ length: count }, () => connect(Number(port), host)));
  return new Promise((resolve) => {
    for (const socket of open) {
      socket.on('error', () => undefined);
      socket.once('close', () => {
        open.delete(socket);
        if (open.size === kept) resolve(open);
      });
    }
  });
}

test('connections beyond the limit are closed at once and counted; when others go, there is room again', async (t) => {
  const { grpc, http, refusals, requests } = await startBoth(t, { maxConnections: 5 });
  for (const address of [grpc, http]) {
    for (const socket of await connectAll(address, 40, 5)) socket.destroy();
  }
  assert.deepEqual(refusals, new Array(70).fill('undefined: more than 5 connections'));
  const body = Buffer.from('{}');
  const json = { 'content-type': 'application/json' };
  // Until the server has noticed that the others went.
  while ((await send(http, '/v1/logs', json, [body]).catch(() => undefined))?.status !== 200);
  while ((await rawCall(grpc, [frame(Buffer.alloc(0))]))['grpc-status'] !== '0');
  assert.equal(requests.length, 2);
});

test('a connection has 32 calls under way at most; another waits until one has ended', async (t) => {
  const { accept, underWay, goOn } = waiting();
  let begun = 0;
  const { grpc } = await startBoth(t, { maxHeldBytes: 10_000_000 }, (...request) => {
    begun++;
    return accept(...request);
  });
  const session = connectHttp2(`http://${grpc}`);
  t.after(() => session.destroy());
  await new Promise((resolve) => session.once('remoteSettings', resolve));
  const exported = () =>
    new Promise((resolve) => {
      const head = { ':method': 'POST', ':path': EXPORT_TRACES, 'content-type': 'application/grpc' };
      const call = session.request(head);
      call.resume().once('close', resolve);
      call.end(frame(Buffer.alloc(0)));
    });
  const calls = Array.from({ length: 40 }, exported);
  await underWay;
  // What a ping finds answered was sent before it.
  await new Promise((resolve) => session.ping(resolve));
  assert.equal(begun, 32);
  goOn();
  await Promise.all(calls);
  assert.equal(begun, 40);
});

test('a head that is too large is refused by both', async (t) => {
  const { grpc, http, requests } = await startBoth(t);
  const large = { 'x-large': 'x'.repeat(20_000) };
  assert.equal((await send(http, '/v1/logs', { 'content-type': 'application/json', ...large })).status, 431);
  assert.equal((await rawCall(grpc, [frame(Buffer.alloc(0))], large))['grpc-status'], undefined);
  assert.deepEqual(requests, []);
});

test('what does not end is cut off a while after the receivers were told to close', async (t) => {
  const { accept, goOn } = waiting();
  let begun = 0;
  let bothBegun = () => {};
  const underWay = new Promise<void>((resolve) => {
    bothBegun = resolve;
  });
  const { grpc, http, close } = await startBoth(t, { closeMs: 100 }, (...request) => {
    if (++begun === 2) bothBegun();
    return accept(...request);
  });
  const calls = [
    rawCall(grpc, [frame(Buffer.alloc(0))]),
    send(http, '/v1/traces', { 'content-type': 'application/x-protobuf' }).catch(({ code }) => code),
  ];
  await underWay;
  await close();
  assert.deepEqual(await Promise.all(calls), [{}, 'ECONNRESET']);
  goOn();
});

import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { startBoth } from './both_receivers.js';
import { send } from './client.js';
import { frame, rawCall } from './grpc_client.js';

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

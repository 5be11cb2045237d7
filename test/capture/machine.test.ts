import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { thisMachine } from '../../capture/machine.js';
import { scratch } from '../scratch.js';

test('an address in use is told from a free one', async (t) => {
  const machine = thisMachine(scratch(t), []);
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const address = `127.0.0.1:${port}`;
  assert.equal(await machine.whyNotListen(address), `listen EADDRINUSE: address already in use ${address}`);
  server.close();
  await once(server, 'close');
  assert.equal(await machine.whyNotListen(address), undefined);
});

test('probes that were not built fail with the reason', async (t) => {
  const directory = scratch(t);
  const machine = thisMachine(directory, ['packet_drops']);
  assert.deepEqual(await machine.tryProbes(), [
    {
      probe: 'packet_drops',
      failure: `${directory}/loader is not there: install clang and libbpf-dev, then run npm run build`,
    },
  ]);
});

test('files are read from their beginning, and missing ones are undefined', (t) => {
  const { read } = thisMachine(scratch(t), []);
  assert.ok(read(process.execPath)?.length === 4096);
  assert.equal(read('/nonesuch'), undefined);
});

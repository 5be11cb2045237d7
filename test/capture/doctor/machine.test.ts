import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { thisMachine } from '../../../capture/doctor/machine.js';
import { TapeWriter } from '../../../src/tape/writer.js';
import { scratch } from '../../scratch.js';

test('an address in use is told from a free one', async (t) => {
  const machine = thisMachine(scratch(t));
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
  const machine = thisMachine(directory);
  assert.deepEqual(await machine.tryProbes(['packet_drops']), [
    {
      probe: 'packet_drops',
      failure: `${directory}/loader is not there: install clang and libbpf-dev, then run npm run build`,
    },
  ]);
});

test('files are read from their beginning, and missing ones are undefined', (t) => {
  const { read } = thisMachine(scratch(t));
  assert.ok(read(process.execPath)?.length === 4096);
  assert.equal(read('/nonesuch'), undefined);
});

test('a disk is tried where the tape will be, and nothing stays', async (t) => {
  const directory = scratch(t);
  const machine = thisMachine(directory);
  const trial = await machine.tryDisk(join(directory, 'yet/to/be/made'));
  assert.ok(typeof trial !== 'string' && trial.freeBytes > 0 && trial.syncMs > 0, String(trial));
  assert.deepEqual(readdirSync(directory), []);
  assert.match(String(await machine.tryDisk('/proc/nonesuch')), /^E[A-Z]+: .*\/proc\//);
});

test('a directory that record would not take is told beforehand; an unfinished tape is one that it would', async (t) => {
  const directory = scratch(t);
  const machine = thisMachine(directory);
  writeFileSync(join(directory, 'notes.txt'), '');
  assert.equal(
    await machine.tryDisk(directory),
    'not empty (it holds notes.txt); a tape needs a new directory',
  );
  const tape = join(directory, 'tape');
  const writer = await TapeWriter.create(tape, { tool: 'ktape test', started: 1n, nodes: [] });
  assert.equal(typeof (await machine.tryDisk(tape)), 'object');
  await writer.complete(2n);
  assert.equal(
    await machine.tryDisk(tape),
    'holds a complete tape already; choose a directory that is new or empty',
  );
  assert.equal(typeof (await machine.tryDisk(tape, 'node-a')), 'object');
});

test('a socket is told from what is none', async (t) => {
  const directory = scratch(t);
  const machine = thisMachine(directory);
  const path = join(directory, 'loader.sock');
  assert.match((await machine.whyNotConnect(path)) ?? '', /^ENOENT/);
  writeFileSync(path, '');
  assert.equal(await machine.whyNotConnect(path), 'not a socket');
  const server = createServer().listen(join(directory, 'other.sock'));
  await once(server, 'listening');
  assert.equal(await machine.whyNotConnect(join(directory, 'other.sock')), undefined);
  server.close();
});

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { FrameParser } from '../../capture/probes/frames.js';
import { connectToLoader, loaderBehind } from '../../capture/probes/loader_socket.js';
import { type ProbeLoss, startProbes } from '../../capture/probes/probes.js';
import { packetDrops } from '../../src/schema/tables/packet_drops.js';
import { RowBatch } from '../../src/tape/row_batch.js';
import { link, Namespace, PROBES_DIRECTORY, whyNotLive } from '../capture/probes/network.js';
import { rowsIn } from '../capture/probes/rows.js';
import { skippedLive } from '../live.js';
import { scratch } from '../scratch.js';

const PROBE = `${PROBES_DIRECTORY}/packet_drops.bpf.o`;

/** A loader that listens in a directory of its own; it is killed if the test leaves it running. */
async function listening(t: TestContext, ...options: string[]) {
  const path = join(scratch(t), 'loader.sock');
  const loader = spawn(`${PROBES_DIRECTORY}/loader`, ['--socket', path, ...options, PROBE], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  t.after(() => loader.kill('SIGKILL'));
  const said: string[] = [];
  const lines = createInterface(loader.stderr).on('line', (line) => said.push(line));
  await once(lines, 'line');
  return { path, loader, said };
}

/** Waits until this is the last line: it comes by another way than what its loader does on the socket. */
async function says(said: readonly string[], line: string): Promise<void> {
  for (let i = 0; said.at(-1) !== line && i < 250; i++) await delay(20);
  assert.equal(said.at(-1), line);
}

async function connected(path: string): Promise<Socket> {
  const socket = await connectToLoader(path, AbortSignal.timeout(5_000));
  assert.ok(typeof socket !== 'string', `not connected: ${socket}`);
  return socket;
}

/** Records packet_drops over a connection. */
async function recorder(socket: Socket) {
  const batch = new RowBatch(packetDrops, 'node-1');
  const lost: ProbeLoss[] = [];
  const probes = startProbes({
    loader: loaderBehind(socket),
    probes: [],
    batchOf: () => batch,
    onLoss: (loss) => lost.push(loss),
    onClockJump: () => undefined,
  });
  assert.deepEqual(await probes.ready, [{ probe: 'packet_drops', failure: undefined }]);
  const dropped = () => BigInt(rowsIn(batch).filter(({ reason }) => reason === 'IP_RPFILTER').length);
  const missed = () =>
    lost.filter(({ dropReason }) => dropReason === 'IP_RPFILTER').reduce((sum, { count }) => sum + count, 0n);
  return { probes, socket, lost, dropped, missed };
}

/** A client whose datagrams a server drops for a reason that hardly anything else here gives, and counts. */
function spoofingNetwork(t: TestContext) {
  const [client, server] = [new Namespace(t, 'c'), new Namespace(t, 's')];
  link(
    { at: client, device: 'eth0', ipv4: '10.77.1.1/24', ipv6: 'fd77:1::1/64' },
    { at: server, device: 'eth0', ipv4: '10.77.1.2/24', ipv6: 'fd77:1::2/64' },
  );
  client.ip('addr add 10.78.0.1/32 dev lo');
  client.set('net.ipv4.conf.all.arp_announce', '2');
  server.set('net.ipv4.conf.all.rp_filter', '1');
  server.nft(`table inet test { counter arrived { }
    chain prerouting { type filter hook prerouting priority -300
      ip saddr 10.78.0.1 counter name arrived
    }; }`);
  const send = (count: number) => client.traffic('udp', '10.78.0.1', 40001, '10.77.1.2', 7, 10, count);
  return { send, arrived: () => server.counted('arrived') };
}

test('what happens between two recorders is rows as far as the ring holds them, and the rest is counted', async (t) => {
  if (skippedLive(t, await whyNotLive())) return;
  const { send, arrived } = spoofingNetwork(t);
  const { path, loader, said } = await listening(t, '--ring-bytes', '65536');

  const first = await recorder(await connected(path));
  await send(100);
  while (first.dropped() < 100n) await delay(50);
  first.socket.destroy();
  await says(said, 'loader: the recorder is gone; events wait in the ring for the next');
  await send(2_000);

  const second = await recorder(await connected(path));
  await send(50);
  assert.equal((await second.probes.stop()).failure, undefined);
  assert.deepEqual(await once(loader, 'close'), [0, null]);
  t.diagnostic(`${arrived()}: ${first.dropped()} rows, then ${second.dropped()} and ${second.missed()} lost`);
  assert.equal(arrived(), 2_150n);
  // 64 KiB hold 585 events of 104 bytes and 8 of header.
  assert.ok(second.dropped() > 100n && second.missed() > 1_000n);
  assert.equal(first.dropped() + first.missed() + second.dropped() + second.missed(), arrived());
  assert.deepEqual(said, [
    `loader: waiting for a recorder of user 0 at ${path}`,
    'loader: a recorder has connected',
    'loader: the recorder is gone; events wait in the ring for the next',
    'loader: a recorder has connected',
  ]);
});

test('one recorder at a time, of one user', async (t) => {
  if (skippedLive(t, await whyNotLive())) return;
  const { path, said } = await listening(t);
  assert.equal((statSync(path).mode & 0o777).toString(8), '660');
  const one = await recorder(await connected(path));
  assert.equal((await buffer(connect(path))).length, 0);
  await says(said, 'loader: turned a connection away: there is a recorder already');
  one.socket.destroy();

  const other = await listening(t, '--peer-uid', '65534');
  assert.equal((await buffer(connect(other.path))).length, 0);
  await says(other.said, 'loader: turned a connection away: it runs as another user');
});

test('told to end it hands over what it has; its socket goes with it', async (t) => {
  if (skippedLive(t, await whyNotLive())) return;
  for (const end of ['goodbye', 'SIGTERM'] as const) {
    const { path, loader } = await listening(t);
    const socket = await connected(path);
    const output = buffer(socket);
    await once(socket, 'readable');
    if (end === 'goodbye') socket.end();
    else loader.kill(end);
    assert.deepEqual(await once(loader, 'close'), [0, null]);
    const parser = new FrameParser();
    assert.equal([...parser.push(await output)].at(-1)?.kind, 'clock');
    parser.end();
    assert.ok(!existsSync(path));
  }
});

test('a killed loader leaves a socket that the next one replaces; anything else there stays', async (t) => {
  if (skippedLive(t, await whyNotLive())) return;
  const { path, loader } = await listening(t);
  loader.kill('SIGKILL');
  await once(loader, 'close');
  assert.ok(existsSync(path));
  const next = spawn(`${PROBES_DIRECTORY}/loader`, ['--socket', path, PROBE], { stdio: 'ignore' });
  t.after(() => next.kill('SIGKILL'));
  (await connected(path)).end();
  assert.deepEqual(await once(next, 'close'), [0, null]);

  writeFileSync(path, 'mine');
  const refused = spawn(`${PROBES_DIRECTORY}/loader`, ['--socket', path, PROBE]);
  assert.equal(String(await buffer(refused.stderr)), `loader: --socket ${path}: something else is there\n`);
});

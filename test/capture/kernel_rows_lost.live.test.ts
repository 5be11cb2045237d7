import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { skippedLive } from '../live.js';
import { scratch } from '../scratch.js';
import { whyNotLive } from './probes/network.js';
import { ktapeRows, OTLP_AT, startRecorder } from './recorder_process.js';
import { httpSender } from './storage/senders.js';

const OFF = ['--kubernetes', 'off', '--cgroups', 'off', '--otlp-grpc', 'off'];
const MIB = 1 << 20;

test('killed while the kernel drops: each drop is on the tape, or within a loss', async (t) => {
  if (skippedLive(t, await whyNotLive())) return;
  const out = join(scratch(t), 'tape');
  const options = ['--out', out, ...OFF, '--probes', 'packet_drops', '--otlp-http', '127.0.0.1:0'];
  const recorder = startRecorder(t, options);
  const [, address = ''] = await recorder.says(OTLP_AT);
  await recorder.says(/^recording node/);

  // Nobody listens there: each datagram is a drop, known by its port.
  const nowhere = `127.77.${1 + (process.pid % 250)}.9`;
  const sentAt = new Map<number, bigint>();
  const socket = createSocket('udp4');
  t.after(() => socket.close());
  const drop = setInterval(() => {
    const port = 10_000 + sentAt.size;
    sentAt.set(port, BigInt(Date.now()) * 1_000_000n);
    socket.send('x', port, nowhere);
  }, 2);
  t.after(() => clearInterval(drop));
  await sleep(1_500);
  // So much that it is sealed, and the drops so far with it.
  const sender = httpSender(address);
  t.after(() => sender.close());
  for (let i = 0; i < 3; i++) assert.ok(await sender.send(randomBytes(4 * MIB).toString('hex')));
  await sleep(1_500);
  recorder.child.kill('SIGKILL');
  await recorder.exited;
  clearInterval(drop);

  assert.equal(await startRecorder(t, [...options, '--for', '1s']).exited, 0);
  const ports = ktapeRows(
    out,
    `SELECT destination_port FROM packet_drops WHERE destination_address = '${nowhere}'`,
  );
  const onTape = new Set(ports.map(([port]) => Number(port)));
  const losses = ktapeRows(
    out,
    `SELECT epoch_ns(time), epoch_ns(until) FROM losses WHERE coalesce(table_name, 'packet_drops') = 'packet_drops'`,
  ).map(([since, until]) => [BigInt(String(since)), BigInt(String(until))] as const);
  const isLost = (at: bigint) => losses.some(([since, until]) => since <= at && at <= until);
  const silent = [...sentAt].filter(([port, at]) => !onTape.has(port) && !isLost(at));
  assert.deepEqual(silent, []);
  assert.ok(onTape.size > 100, `${onTape.size} drops are on the tape`);
  assert.ok(onTape.size < sentAt.size, `some of the ${sentAt.size} were not yet sealed`);
});

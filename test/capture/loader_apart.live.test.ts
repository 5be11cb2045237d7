import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { skippedLive } from '../live.js';
import { scratch } from '../scratch.js';
import { Namespace, PROBES_DIRECTORY, whyNotLive } from './probes/network.js';
import { ktapeRows, startRecorder } from './recorder_process.js';

/** As in the pods of capture/deploy: the loader is root with three capabilities, the recorder a user without any. */
const USER = 65_532;
const LOADER = ['--bounding-set', '-all,+bpf,+perfmon,+syslog', '--inh-caps=-all', '--no-new-privs'];
const RECORDER = [
  'setpriv',
  '--reuid',
  String(USER),
  '--regid',
  String(USER),
  '--clear-groups',
  '--bounding-set=-all',
  '--no-new-privs',
];
const OFF = ['--otlp-grpc', 'off', '--otlp-http', 'off', '--kubernetes', 'off', '--cgroups', 'off'];

/** A directory that both may use, as an emptyDir with an fsGroup is: set-group-ID. */
function sharedDirectory(t: TestContext): string {
  const parent = scratch(t);
  chmodSync(parent, 0o755);
  const directory = join(parent, 'run');
  mkdirSync(directory);
  chownSync(directory, 0, USER);
  chmodSync(directory, 0o2777);
  return directory;
}

function startLoader(t: TestContext, socket: string): ChildProcess {
  const program = [`${PROBES_DIRECTORY}/loader`, '--socket', socket, '--peer-uid', String(USER)];
  const args = [...LOADER, ...program, `${PROBES_DIRECTORY}/packet_drops.bpf.o`];
  const loader = spawn('setpriv', args, { stdio: 'ignore' });
  t.after(() => loader.kill('SIGKILL'));
  return loader;
}

/** A recorder beside a loader that is yet to start, and a place where packets are dropped. */
function apart(t: TestContext) {
  const directory = sharedDirectory(t);
  const socket = join(directory, 'loader.sock');
  const out = join(directory, 'tape');
  const place = new Namespace(t, 'n');
  return {
    out,
    recorder: () => startRecorder(t, ['--out', out, '--probes-socket', socket, ...OFF], RECORDER),
    loader: () => startLoader(t, socket),
    /** Ten datagrams to a port where nobody listens. */
    drop: (port: number) => place.traffic('udp', '127.0.0.1', 40_000, '127.0.0.1', port, 1, 10),
    /** Rows on the tape by port, as far as they name the kernel's function. */
    dropped: () =>
      ktapeRows(
        out,
        `SELECT destination_port, count(*)::INTEGER FROM packet_drops
         WHERE network_namespace = ${place.inode} AND location IS NOT NULL GROUP BY 1 ORDER BY 1`,
      ),
  };
}

test('a recorder without privileges is killed; the next one gets what waited in the ring', async (t) => {
  if (skippedLive(t, await whyNotLive())) return;
  const { out, recorder, loader, drop, dropped } = apart(t);
  const killed = recorder();
  await killed.says(/^waiting for the loader/);
  loader();
  await killed.says(/probe packet_drops: attached/);
  killed.child.kill('SIGKILL');
  await killed.exited;
  await drop(1001);

  const next = recorder();
  await next.says(/^recording node/);
  await drop(1002);
  next.child.kill('SIGTERM');
  assert.equal(await next.exited, 0, next.said.join('\n'));
  assert.deepEqual(dropped(), [
    [1001, 10],
    [1002, 10],
  ]);
  assert.deepEqual(ktapeRows(out, "SELECT * FROM losses WHERE reason = 'loader ended'"), []);
});

test('a loader is killed; the recorder connects to the next, and the gap is a loss', async (t) => {
  if (skippedLive(t, await whyNotLive())) return;
  const { out, recorder, loader, drop, dropped } = apart(t);
  const first = loader();
  const running = recorder();
  await running.says(/^recording node/);
  first.kill('SIGKILL');
  await running.says(/^kernel events end here: the loader closed the connection/);
  loader();
  await running.says(/^kernel events go on/);
  await drop(1003);
  running.child.kill('SIGTERM');
  assert.equal(await running.exited, 0, running.said.join('\n'));
  assert.deepEqual(dropped(), [[1003, 10]]);
  assert.deepEqual(
    ktapeRows(out, "SELECT source, detail, until > time FROM losses WHERE reason = 'loader ended'"),
    [['probe', 'the loader closed the connection', true]],
  );
});

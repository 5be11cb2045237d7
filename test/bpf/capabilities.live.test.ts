import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Frame, FrameParser } from '../../capture/probes/frames.js';
import { connectToLoader, loaderBehind } from '../../capture/probes/loader_socket.js';
import { startProbes } from '../../capture/probes/probes.js';
import { PROBES_DIRECTORY, whyNotLive } from '../capture/probes/network.js';
import { skippedLive } from '../live.js';
import { scratch } from '../scratch.js';

const LOADER = `${PROBES_DIRECTORY}/loader`;
const PROBE = `${PROBES_DIRECTORY}/packet_drops.bpf.o`;

async function isSkipped(t: TestContext): Promise<boolean> {
  const { error } = spawnSync('setpriv', ['--version']);
  const missing = error === undefined ? undefined : 'setpriv is not installed';
  return skippedLive(t, (await whyNotLive()) ?? missing);
}

/** What becomes of the probe when root has these capabilities only, as in a container that drops all others. */
function tried(capabilities: readonly string[]): Frame | undefined {
  const { stdout } = spawnSync('setpriv', [...confined(capabilities), LOADER, '--check', PROBE]);
  return [...new FrameParser().push(stdout)].find(({ kind }) => kind === 'probe');
}

/** The words that have setpriv run a program as root with these capabilities only. */
function confined(capabilities: readonly string[]): string[] {
  const only = ['-all', ...capabilities.map((name) => `+${name}`)].join(',');
  return ['--bounding-set', only, '--inh-caps=-all', '--no-new-privs'];
}

/** How a probe that was not attached is told. */
function failed(detail: string): object {
  return { kind: 'probe', probe: 'packet_drops', state: 'failed', errorNumber: 1, detail };
}

test('CAP_BPF and CAP_PERFMON are enough to load and attach', async (t) => {
  if (await isSkipped(t)) return;
  const attached = { kind: 'probe', probe: 'packet_drops', state: 'attached', errorNumber: 0, detail: '' };
  assert.deepEqual(tried(['bpf', 'perfmon']), attached);
});

test('without one of them it says which', async (t) => {
  if (await isSkipped(t)) return;
  const refused = "libbpf: prog 'packet_drops': BPF program load failed: Operation not permitted";
  assert.deepEqual(tried(['bpf']), failed(`Operation not permitted: lacks CAP_PERFMON; ${refused}`));
  assert.deepEqual(tried(['perfmon']), failed('Operation not permitted: lacks CAP_BPF'));
  assert.deepEqual(tried([]), failed('Operation not permitted: lacks CAP_BPF and CAP_PERFMON'));
});

test('over a socket the recorder is told the reason too', async (t) => {
  if (await isSkipped(t)) return;
  const path = join(scratch(t), 'loader.sock');
  const loader = spawn('setpriv', [...confined([]), LOADER, '--socket', path, PROBE], { stdio: 'ignore' });
  t.after(() => loader.kill('SIGKILL'));
  const socket = await connectToLoader(path, AbortSignal.timeout(5_000));
  assert.ok(typeof socket !== 'string', String(socket));
  const probes = startProbes({
    loader: loaderBehind(socket),
    probes: [],
    batchOf: () => assert.fail('no rows can come'),
    onLoss: () => assert.fail('nothing is lost'),
    onClockJump: () => undefined,
  });
  const failure = 'Operation not permitted: lacks CAP_BPF and CAP_PERFMON';
  assert.deepEqual(await probes.ready, [{ probe: 'packet_drops', failure }]);
  assert.equal((await probes.stop()).failure, undefined);
});

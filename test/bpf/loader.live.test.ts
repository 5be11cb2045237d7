import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Frame, FrameParser } from '../../capture/probes/frames.js';
import { tryProbes } from '../../capture/probes/probes.js';
import { PROBES_DIRECTORY, whyNotLive } from '../capture/probes/network.js';
import { skippedLive } from '../live.js';
import { scratch } from '../scratch.js';

const LOADER = `${PROBES_DIRECTORY}/loader`;
const PROBE = `${PROBES_DIRECTORY}/packet_drops.bpf.o`;

/** Starts the loader; it is killed if the test leaves it running. */
function start(t: TestContext, ...args: string[]) {
  const loader = spawn(LOADER, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => loader.kill('SIGKILL'));
  return loader;
}

const USAGE =
  'loader: usage: loader [--check | --socket PATH [--peer-uid N]] [--ring-bytes N] PROBE.bpf.o...\n';

test('misuse is one line on stderr and status 1', async (t) => {
  if (skippedLive(t, await whyNotLive())) return;
  const cases: [string[], string][] = [
    [[], USAGE],
    [['--check', '--socket', '/tmp/a', PROBE], USAGE],
    [['--peer-uid', 'me', PROBE], 'loader: --peer-uid me: expected the number of a user\n'],
    [['--fast', PROBE], 'loader: --fast: unknown option\n'],
    [
      ['--ring-bytes', '5000', PROBE],
      'loader: --ring-bytes 5000: expected a power of two from 4096 to 1073741824\n',
    ],
  ];
  for (const [args, line] of cases) {
    const { status, stdout, stderr } = spawnSync(LOADER, args, { encoding: 'utf8' });
    assert.deepEqual({ status, stdout, stderr }, { status: 1, stdout: '', stderr: line });
  }
});

test('a probe that cannot be loaded is told, and the others go on', async (t) => {
  if (skippedLive(t, await whyNotLive())) return;
  const directory = scratch(t);
  copyFileSync(LOADER, join(directory, 'loader'));
  copyFileSync(PROBE, join(directory, 'packet_drops.bpf.o'));
  const [missing, good] = await tryProbes(directory, ['nonesuch', 'packet_drops']);
  assert.match(missing?.failure ?? '', /^No such file or directory; .*nonesuch\.bpf\.o/);
  assert.deepEqual(good, { probe: 'packet_drops', failure: undefined });
});

test('without privileges it says which are lacking', async (t) => {
  if (skippedLive(t, await whyNotLive())) return;
  const directory = scratch(t);
  chmodSync(directory, 0o755);
  for (const file of ['loader', 'packet_drops.bpf.o']) {
    copyFileSync(join(PROBES_DIRECTORY, file), join(directory, file));
  }
  const { status, stdout } = spawnSync(`${directory}/loader`, [`${directory}/packet_drops.bpf.o`], {
    uid: 65534,
    gid: 65534,
  });
  assert.equal(status, 0);
  assert.deepEqual(
    [...new FrameParser().push(stdout)].filter(({ kind }) => kind === 'probe'),
    [
      {
        kind: 'probe',
        probe: 'packet_drops',
        state: 'failed',
        errorNumber: 1,
        detail: 'Operation not permitted: lacks CAP_BPF and CAP_PERFMON',
      },
    ],
  );
});

test('it names the drop reasons of this kernel, and ends in good order when told to', async (t) => {
  if (skippedLive(t, await whyNotLive())) return;
  const loader = start(t, PROBE);
  const frames: Frame[] = [];
  const parser = new FrameParser();
  loader.stdout.on('data', (chunk) => {
    frames.push(...parser.push(chunk));
    if (frames.some(({ kind }) => kind === 'probe')) loader.kill('SIGTERM');
  });
  assert.deepEqual(await once(loader, 'close'), [0, null]);
  parser.end();
  assert.deepEqual(
    frames.slice(0, 2).map(({ kind }) => kind),
    ['start', 'clock'],
  );
  assert.equal(frames.at(-1)?.kind, 'clock');
  const names = frames.flatMap((frame) =>
    frame.kind === 'name' && frame.named === 'drop_reason' ? frame.name : [],
  );
  for (const name of ['NOT_SPECIFIED', 'NO_SOCKET', 'NETFILTER_DROP']) assert.ok(names.includes(name), name);
});

test('it ends when nobody reads its output any more', async (t) => {
  if (skippedLive(t, await whyNotLive())) return;
  const loader = start(t, PROBE);
  await once(loader.stdout, 'data');
  loader.stdout.destroy();
  assert.deepEqual(await once(loader, 'close'), [0, null]);
});

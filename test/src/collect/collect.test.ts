import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { scratch } from '../../scratch.js';
import { writeTinyTape } from '../../tiny_tape.js';
import { runCaptured } from '../cli/captured_terminal.js';
import { startCluster, type TestPod } from './cluster.js';

const NONESUCH = '/nonesuch/program';

/** A tape of a node with one log record, in a directory of its own. */
function tapeOf(t: TestContext, node: string, started = '10:00:00'): Promise<string> {
  return writeTinyTape(
    scratch(t),
    { log_records: [{ time: '10:00:30', body: `from ${node}` }] },
    { node, started },
  );
}

/** Runs `ktape collect` in a cluster of these pods; returns what it says, by pod, and the new tape's path. */
async function collected(t: TestContext, pods: readonly TestPod[], ...options: readonly string[]) {
  const temporary = scratch(t);
  const kubeconfig = await startCluster(t, temporary, pods);
  const output = join(temporary, 'all.tape');
  const args = ['collect', '-o', output, '--kubeconfig', kubeconfig, ...options];
  const { status, stderr, stdout } = await runCaptured(args, { temporary });
  const said = stderr
    .replaceAll(output, 'OUT')
    .replace(/\d+ bytes/g, 'N bytes')
    .trim()
    .split('\n')
    .sort();
  const ask = async (sql: string) => {
    const answer = await runCaptured(['sql', output, sql, '--format', 'csv'], { temporary });
    return `${answer.stdout}${answer.stderr}`.trim().split('\r\n').slice(1);
  };
  return { status, stdout, said, output, ask, temporary };
}

test('the tapes of all nodes become one', async (t) => {
  const { status, stdout, said, ask, output, temporary } = await collected(t, [
    { name: 'a', tape: await tapeOf(t, 'node-a') },
    { name: 'b', tape: await tapeOf(t, 'node-b', '10:00:20') },
  ]);
  assert.deepEqual(said, [
    'OUT: 2 recorders merged',
    'a on node-of-a: 1 segment, N bytes',
    'b on node-of-b: 1 segment, N bytes',
  ]);
  assert.deepEqual([status, stdout], [0, '']);
  assert.deepEqual(await ask('SELECT node, body FROM log_records ORDER BY 1'), [
    'node-a,from node-a',
    'node-b,from node-b',
  ]);
  assert.deepEqual(await ask('SELECT node, table_name, reason, time, until FROM losses'), [
    'node-b,log_records,not started yet,2026-11-22T10:00:00.000000000Z,2026-11-22T10:00:20.000000000Z',
  ]);
  assert.deepEqual(readdirSync(output).sort(), ['log_records', 'losses', 'tape.json']);
  const { stderr } = await runCaptured(['verify', output], { temporary });
  assert.equal(stderr, '3 segments, 0 damaged\n');
});

test('a pod that fails is named, the others are kept, and the status says so', async (t) => {
  const whole = await tapeOf(t, 'node-a');
  const empty = join(scratch(t), 'empty');
  mkdirSync(empty);
  const half = ['-c', `tar -c -f - -C ${whole} tape.json log_records | head -c 3000; kill -9 $$`];
  const { status, said, ask } = await collected(t, [
    { name: 'broken', tape: () => spawn('sh', half, { stdio: ['ignore', 'pipe', 'pipe'] }) },
    { name: 'empty', tape: empty },
    { name: 'ended', phase: 'Succeeded', tape: whole },
    { name: 'forbidden', tape: 403 },
    { name: 'good', tape: whole },
    { name: 'shell', tape: () => spawn(NONESUCH, { stdio: ['ignore', 'pipe', 'pipe'] }) },
  ]);
  const tar = 'tar: tape.json: Cannot stat: No such file or directory';
  assert.deepEqual(
    said.filter((line) => !line.startsWith('empty')),
    [
      'OUT: 1 recorder merged; 5 pods missing',
      'broken on node-of-broken: NOT FETCHED, recorder: command terminated with non-zero exit code: exit status 137',
      'ended on node-of-ended: NOT FETCHED, the pod is Succeeded; a tape is read from a running one',
      'forbidden on node-of-forbidden: NOT FETCHED, recorder: you may not create pods/exec there (403)',
      'good on node-of-good: 1 segment, N bytes',
      'shell on node-of-shell: NOT FETCHED, recorder: command terminated with non-zero exit code: exit status 127',
    ],
  );
  assert.ok(
    said.some((line) => line.startsWith(`empty on node-of-empty: NOT FETCHED, recorder: ${tar}`)),
    said[1] ?? '',
  );
  assert.equal(status, 1);
  assert.deepEqual(await ask('SELECT body FROM log_records'), ['from node-a']);
});

test('a segment that is removed while it is read is looked for again', async (t) => {
  const tape = await tapeOf(t, 'node-a');
  let asked = 0;
  const flaky = (command: readonly string[]) => {
    const [program = '', ...args] = command.map((word) => (word === '/tape' ? tape : word));
    const excluded = asked++ === 0 ? ['--exclude=*.parquet'] : [];
    return spawn(program, [...excluded, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  };
  const { status } = await collected(t, [{ name: 'a', tape: flaky }]);
  assert.deepEqual([status, asked], [0, 2]);
});

test('two tapes that contradict each other: the first that came is kept', async (t) => {
  const bodies = ['one', 'two'];
  const tapes = bodies.map((body) =>
    writeTinyTape(scratch(t), { log_records: [{ time: '10:00:30', body }] }),
  );
  const [a = '', b = ''] = await Promise.all(tapes);
  const { status, said, ask } = await collected(t, [
    { name: 'a', tape: a },
    { name: 'again', tape: a },
    { name: 'b', tape: b },
  ]);
  assert.equal(status, 1);
  assert.match(
    said.join('\n'),
    /NOT FETCHED, another pod has a segment log_records\/node-1-\d+-00001.parquet too, with other bytes/,
  );
  assert.equal((await ask('SELECT body FROM log_records')).length, 1);
});

test('where nothing can be fetched nothing is left', async (t) => {
  const none = await collected(t, []);
  assert.deepEqual(none.said, ['ktape: no pods with app.kubernetes.io/name=ktape in namespace ktape']);
  const failed = await collected(t, [{ name: 'a', tape: 403 }]);
  assert.equal(failed.said.at(-1), 'ktape: no tape could be fetched of 1 pod');
  for (const { status, output } of [none, failed]) assert.deepEqual([status, existsSync(output)], [1, false]);
});

test('what it is given is checked', async (t) => {
  const context = await collected(t, [], '--context', 'prod');
  assert.deepEqual(context.said, ['ktape: --context prod: no such context; there is lab']);
  assert.equal(context.status, 2);
  const there = await tapeOf(t, 'node-a');
  const full = await collected(t, [{ name: 'a', tape: there }], '-o', there);
  assert.match(full.said[0] ?? '', /: not empty \(it holds log_records\); a tape needs a new directory$/);
  assert.ok(existsSync(join(there, 'tape.json')));
  const file = await collected(t, [{ name: 'a', tape: there }], '-o', join(there, 'tape.json'));
  assert.match(file.said[0] ?? '', /^ktape: .*tape.json: EEXIST: file already exists/);
});

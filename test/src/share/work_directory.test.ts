import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { makeWorkDirectory, removeStale } from '../../../src/share/work_directory.js';
import { scratch } from '../../scratch.js';
import { writeTinyTape } from '../../tiny_tape.js';
import { runCaptured } from '../cli/captured_terminal.js';

const MAIN = fileURLToPath(new URL('../../../src/cli/main.js', import.meta.url));
const TABLES = { spans: [{ time: '10:00:01', name: 'GET /cart' }] };

/** A process that was, and is no more. */
const deadPid = () => spawnSync('true').pid;

test('it is for its owner alone, and stays while its process is alive', async (t) => {
  const parent = scratch(t);
  const work = makeWorkDirectory(parent);
  assert.equal(statSync(work).mode & 0o777, 0o700);
  assert.deepEqual(await removeStale(parent), []);
  assert.deepEqual(readdirSync(parent), [basename(work)]);
});

test('what a killed share left is removed, and nothing else', async (t) => {
  const parent = scratch(t);
  const tape = await writeTinyTape(parent, TABLES);
  const left = `.ktape-share.${hostname()}.${deadPid()}.a1B2c3`;
  const others = [
    `.ktape-share.elsewhere.${deadPid()}.a1B2c3`,
    `.ktape-share.${hostname()}.${process.pid}.a1B2c3`,
    `.ktape-share.${hostname()}.${deadPid()}.mine`,
  ];
  for (const name of [left, ...others]) {
    mkdirSync(join(parent, name));
    writeFileSync(join(parent, name, 'file'), 'x');
  }
  const command = ['share', tape, '-o', join(parent, 'out.tape.tar')];
  const { status, stderr } = await runCaptured(command, { temporary: scratch(t) });
  assert.equal(status, 0, stderr);
  assert.ok(stderr.startsWith(`${join(parent, left)}: removed; a share that was killed left it\n`), stderr);
  assert.deepEqual(readdirSync(parent).sort(), [...others, 'out.map.json', 'out.tape.tar', 'tape'].sort());
});

test('--dry-run needs no -o, and writes nothing where the tape is', async (t) => {
  const parent = scratch(t);
  const tape = await writeTinyTape(parent, TABLES);
  const temporary = scratch(t);
  const { status, stderr } = await runCaptured(['share', tape, '--dry-run'], { temporary });
  assert.equal(status, 0, stderr);
  assert.match(stderr, /\n1 row; nothing written \(--dry-run\)\n$/);
  assert.deepEqual([readdirSync(parent), readdirSync(temporary)], [['tape'], []]);
});

test('interrupted: it says so, and nothing is left', async (t) => {
  const parent = scratch(t);
  const tape = await writeTinyTape(scratch(t), TABLES);
  const child = spawn(process.execPath, [MAIN, 'share', tape, '-o', join(parent, 'out.tape.tar')]);
  const said = text(child.stderr);
  await untilWorking(child, parent);
  child.kill('SIGINT');
  const [code] = await once(child, 'exit');
  assert.equal(code, 130);
  assert.equal(await said, 'stopped; nothing was written\n');
  assert.deepEqual(readdirSync(parent), []);
});

/** Waits until a share has begun to write. */
async function untilWorking(child: ChildProcess, parent: string): Promise<void> {
  while (child.exitCode === null && readdirSync(parent).length === 0) await setTimeout(1);
}

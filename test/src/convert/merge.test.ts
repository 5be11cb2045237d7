import assert from 'node:assert/strict';
import { appendFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { openTape } from '../../../src/tape/tape.js';
import { scratch } from '../../scratch.js';
import { type TinyTables, type TinyTapeOptions, writeTinyTape } from '../../tiny_tape.js';
import { runCaptured } from '../cli/captured_terminal.js';

const PROBE = { name: 'probe packet_drops', state: 'recorded', detail: 'attached' } as const;

async function recorded(
  directory: string,
  name: string,
  time: string,
  options: TinyTapeOptions = {},
): Promise<string> {
  const tables: TinyTables = { packet_drops: [{ time, reason: 'NETFILTER_DROP' }] };
  await mkdir(join(directory, name));
  return writeTinyTape(join(directory, name), tables, { sources: [PROBE], ...options });
}

async function merge(directory: string, ...tapes: readonly string[]): Promise<string> {
  const args = ['merge', ...tapes, '-o', join(directory, 'merged')];
  return (await runCaptured(args, { temporary: directory })).stderr.replaceAll(directory, 'DIR');
}

test('tapes of two nodes become one; a segment that two have is there once', async (t) => {
  const directory = scratch(t);
  const one = await recorded(directory, 'one', '10:00:10');
  const other = await recorded(directory, 'other', '10:00:30', { node: 'node-2', started: '10:00:20' });
  assert.equal(await merge(directory, one, other, one), 'DIR/merged: 3 tapes merged, 2 segments\n');
  const { manifest } = await openTape(join(directory, 'merged'));
  assert.deepEqual(
    manifest.nodes.map(({ name }) => name),
    ['node-1', 'node-2'],
  );
  const { stdout } = await runCaptured(
    ['report', join(directory, 'merged'), 'recording/losses', '--format', 'csv'],
    {
      temporary: directory,
    },
  );
  assert.match(stdout, /packet_drops,not started yet/);
});

test('a tape that is being recorded can be merged, and what two recorders saw twice is told', async (t) => {
  const directory = scratch(t);
  const one = await recorded(directory, 'one', '10:00:10');
  const other = await recorded(directory, 'other', '10:00:30', { started: '10:00:20', state: 'recording' });
  assert.equal(
    await merge(directory, one, other),
    'DIR/other/tape was not completed: what came after 2026-11-22T10:00:20Z is not in it.\n' +
      'DIR/merged: 2 tapes merged, 2 segments\n',
  );
  assert.equal((await openTape(join(directory, 'merged'))).manifest.state, 'recording');
});

test('a tape that was shared has other names than one that was not, which is told', async (t) => {
  const directory = scratch(t);
  const sources = [PROBE, { name: 'share', state: 'recorded', detail: 'names replaced' }] as const;
  const one = await recorded(directory, 'one', '10:00:10');
  const shared = await recorded(directory, 'shared', '10:00:10', { node: 'bakoludemifasuro', sources });
  assert.equal(
    await merge(directory, one, shared),
    'DIR/shared/tape was shared, so that its names and addresses are others than those of DIR/one/tape: what both saw is there twice, as different things\n' +
      'DIR/merged: 2 tapes merged, 2 segments\n',
  );
});

test('what cannot be merged is told, and leaves nothing behind', async (t) => {
  const directory = scratch(t);
  const one = await recorded(directory, 'one', '10:00:10');
  const newer = await recorded(directory, 'newer', '10:00:10', { node: 'node-2' });
  const broken = await recorded(directory, 'broken', '10:00:10', { node: 'node-3' });
  const manifest = await readFile(join(newer, 'tape.json'), 'utf8');
  await writeFile(join(newer, 'tape.json'), manifest.replace('"version": 1', '"version": 9'));
  const [segment] = (await openTape(broken)).manifest.tables.packet_drops ?? [];
  await appendFile(join(broken, segment?.path ?? ''), 'x');
  assert.match(await merge(directory, one), /expected at least two tapes/);
  assert.match(await merge(directory, one, newer), /written in tape format 9; .* a newer ktape is needed/);
  assert.match(await merge(directory, one, broken), /node-3\S+: its bytes are not those that were written/);
  assert.match(await merge(directory, one, join(directory, 'nothing')), /no such tape/);
  await mkdir(join(directory, 'merged'));
  await writeFile(join(directory, 'merged', 'mine'), '');
  assert.match(await merge(directory, one, one), /merged: not empty \(it holds mine\)/);
  assert.deepEqual((await readdir(directory)).sort(), ['broken', 'merged', 'newer', 'one']);
});

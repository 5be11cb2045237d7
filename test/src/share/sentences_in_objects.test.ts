import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { scratch } from '../../scratch.js';
import { observed, type TinyTables, writeTinyTape } from '../../tiny_tape.js';
import { runCaptured } from '../cli/captured_terminal.js';

const TABLES: TinyTables = {
  kubernetes_objects: [
    observed('10:00:00', 'listed', {
      kind: 'Node',
      apiVersion: 'v1',
      metadata: {
        name: 'zorgblat-17',
        annotations: { 'acme.example/note': 'drained twice this week, ask before you touch it' },
      },
      status: { nodeInfo: { osImage: 'Debian GNU/Linux 12 (bookworm)', kernelVersion: '6.1.0-18-amd64' } },
    }),
  ],
};

test('sentences of objects, as the image of a node and annotations are, do not keep a tape from being shared', async (t) => {
  const directory = scratch(t);
  const tape = await writeTinyTape(directory, TABLES, { node: 'zorgblat-17' });
  const key = join(directory, 'key');
  writeFileSync(key, '5a'.repeat(32));
  const out = join(directory, 'out.tape.tar');
  const { status, stderr } = await runCaptured(['share', tape, '-o', out, '--key', key], {
    temporary: scratch(t),
  });
  assert.equal(status, 0, stderr);
  assert.ok(!readFileSync(out).includes('zorgblat'));
});

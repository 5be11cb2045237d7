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
        annotations: {
          'acme.example/note': 'drained twice this week, ask before you touch it',
          'kubernetes.io/config.seen': '2026-01-02T03:04:05.123456789Z',
        },
      },
      status: { nodeInfo: { osImage: 'Debian GNU/Linux 12 (bookworm)', kernelVersion: '6.1.0-18-amd64' } },
    }),
  ],
};

test('sentences and times of objects, as in annotations and the image of a node, do not keep a tape from being shared', async (t) => {
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

test('commits, which objects and logs speak of, do not keep a tape from being shared', async (t) => {
  const commit = 'a94a8fe5ccb19ba61c4c0873d391e987982fbbd3';
  const event = {
    kind: 'Event',
    apiVersion: 'v1',
    metadata: { name: 'infra.17f2', namespace: 'flux-system' },
    involvedObject: { kind: 'GitRepository', name: 'infra', namespace: 'flux-system' },
    message: `stored artifact for commit 'main@sha1:${commit}'`,
  };
  const directory = scratch(t);
  const tape = await writeTinyTape(directory, {
    kubernetes_objects: [observed('10:00:00', 'added', event)],
    log_records: [{ time: '10:00:01', body: `deployed ${commit}`, body_type: 's' }],
  });
  const out = join(directory, 'out.tape.tar');
  const { status, stderr } = await runCaptured(['share', tape, '-o', out], { temporary: scratch(t) });
  assert.equal(status, 0, stderr);
});

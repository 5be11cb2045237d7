import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordedTwice } from '../../../src/collect/recorded_twice.js';
import type { Manifest } from '../../../src/tape/manifest.js';

/** What pod `pod` recorded of a node in these seconds. */
function recorded(pod: string, node: string, from: number, to: number | null, source = 'probe packet_drops') {
  const at = (second: number) => `2026-11-22T10:00:${second}.000000000Z`;
  const manifest: Manifest = {
    format: 'ktape',
    version: 1,
    tool: 'ktape test',
    state: to === null ? 'recording' : 'complete',
    started: at(from),
    ended: to === null ? null : at(to),
    nodes: [{ name: node, kernel: '6.1.0', architecture: 'x64', boot_time: null }],
    sources: [{ name: source, state: 'recorded', detail: '' }],
    journal_sealed: 0,
    seen_until: to === null ? at(59) : null,
    removed: [],
    tables: {},
  };
  return { pod, manifest };
}

test('two recorders on one node at one time are told, with the time', () => {
  assert.deepEqual(recordedTwice([recorded('a', 'n1', 10, 30), recorded('b', 'n1', 20, null)]), [
    'a and b both recorded the kernel of n1, from 2026-11-22T10:00:20.000000000Z to 2026-11-22T10:00:30.000000000Z: its rows are there twice',
  ]);
});

test('one after the other, on other nodes, or with other sources they are in order', () => {
  assert.deepEqual(
    recordedTwice([
      recorded('a', 'n1', 10, 30),
      recorded('b', 'n1', 30, 40),
      recorded('c', 'n2', 10, 40),
      recorded('d', 'n1', 10, 40, 'otlp grpc'),
    ]),
    [],
  );
});

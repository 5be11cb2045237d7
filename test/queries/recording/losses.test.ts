import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportOn, rowObjects } from '../answer.js';

test('losses that touch the window are listed', async () => {
  const losses = [
    {
      time: '10:00:01',
      until: '10:00:02',
      source: 'probe',
      table_name: 'packet_drops',
      reason: 'ring full',
      count: 7n,
    },
    { time: '10:00:08', until: '10:00:09', source: 'otlp', reason: 'refused' },
  ];
  const report = await reportOn({ losses }, 'recording/losses', { until: '2026-11-22T10:00:05Z' });
  assert.deepEqual(rowObjects(report, 'since', 'source', 'table_name', 'count'), [
    { since: '2026-11-22T10:00:01.000000000Z', source: 'probe', table_name: 'packet_drops', count: '7' },
  ]);
  assert.deepEqual(report.coverage, {
    complete: false,
    gaps: [
      '7 rows of packet_drops were lost from 2026-11-22T10:00:01.000000000Z to 2026-11-22T10:00:02.000000000Z (probe: ring full).',
    ],
    notes: [],
  });
});

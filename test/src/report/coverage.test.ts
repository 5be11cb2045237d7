import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderReport } from '../../../src/report/render_report.js';
import { reportOn } from '../../queries/answer.js';
import type { TinyRow } from '../../tiny_tape.js';

const loss = (more: TinyRow): TinyRow => ({
  time: '10:00:04',
  until: '10:00:05',
  source: 'probe',
  reason: 'full',
  ...more,
});
const drops = [
  { time: '10:00:00', reason: 'NO_SOCKET', segments: 1 },
  { time: '10:00:09', reason: 'NO_SOCKET', segments: 1 },
];

const gapsWith = async (losses: TinyRow[], given: Readonly<Record<string, string>> = {}) =>
  (await reportOn({ packet_drops: drops, losses }, 'network/drops', given)).coverage.gaps;

test('losses of the tables that the answer leans on, within its window', async () => {
  assert.deepEqual(
    await gapsWith([
      loss({ table_name: 'packet_drops', count: 2n }),
      loss({ table_name: 'packet_drops', count: 3n, time: '10:00:05', until: '10:00:06' }),
      loss({ table_name: 'packet_drops', subject: 'NO_SOCKET' }),
      loss({ source: 'recorder', reason: 'killed' }),
      loss({ source: 'otlp', reason: 'refused', count: 9n }),
      loss({ table_name: 'spans', count: 9n }),
    ]),
    [
      '5 rows of packet_drops were lost from 2026-11-22T10:00:04.000000000Z to 2026-11-22T10:00:06.000000000Z (probe: full).',
      'An unknown number of rows were lost from 2026-11-22T10:00:04.000000000Z to 2026-11-22T10:00:05.000000000Z (recorder: killed).',
      'An unknown number of rows of packet_drops were lost from 2026-11-22T10:00:04.000000000Z to 2026-11-22T10:00:05.000000000Z (probe: full, NO_SOCKET).',
    ],
  );
  assert.deepEqual(await gapsWith([loss({ count: 2n })], { since: '2026-11-22T10:00:08Z' }), []);
});

test('a window beyond the recording', async () => {
  assert.deepEqual(await gapsWith([], { since: '2026-11-22T09:00:00Z', until: '2026-11-22T11:00:00Z' }), [
    'Nothing is known before 2026-11-22T10:00:00.000000000Z, where the recording begins.',
    'Nothing is known after 2026-11-22T10:01:00.000000000Z, where the recording ends.',
  ]);
});

test('a tape that was not completed, and a source that could not be recorded', async () => {
  const sources = [
    { name: 'probe packet_drops', state: 'unavailable', detail: 'not permitted' },
    { name: 'otlp grpc', state: 'unavailable', detail: 'port in use' },
  ] as const;
  const report = await reportOn({ packet_drops: [] }, 'network/drops', {}, { state: 'recording', sources });
  assert.deepEqual(report.coverage, {
    complete: false,
    gaps: [
      'This tape was not completed: what the recorder had not sealed yet is missing.',
      'The tape holds no rows.',
      'The source probe packet_drops could not be recorded: not permitted.',
    ],
    notes: [],
  });
});

test('nothing found over a gap does not look like nothing happened', async () => {
  const report = await reportOn({ packet_drops: drops, losses: [loss({ count: 2n })] }, 'network/drops', {
    since: '2026-11-22T10:00:04Z',
    until: '2026-11-22T10:00:06Z',
  });
  assert.equal(
    renderReport(report, 'table', { width: 80, colour: false }).stdout,
    `Packets that the kernel dropped, by reason and by who sent them to whom
From 2026-11-22T10:00:04Z to 2026-11-22T10:00:06Z; top: 20

The kernel dropped no packet in the window.

The recording has gaps that this answer leans on. That nothing was found does
not mean that nothing happened.
  - 2 rows were lost from 2026-11-22T10:00:04Z to 2026-11-22T10:00:05Z (probe:
    full).
`,
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderReport } from '../../../src/report/render_report.js';
import type { Source } from '../../../src/tape/manifest.js';
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
      'At least 5 rows of packet_drops were lost between 2026-11-22T10:00:04.000000000Z and 2026-11-22T10:00:06.000000000Z (probe: full: NO_SOCKET).',
      'Not observed from 2026-11-22T10:00:04.000000000Z to 2026-11-22T10:00:05.000000000Z (recorder: killed).',
    ],
  );
  assert.deepEqual(await gapsWith([loss({ count: 2n })], { since: '2026-11-22T10:00:08Z' }), []);
});

test('a gap of several kinds is one sentence', async () => {
  const gap = { source: 'kubernetes', table_name: 'kubernetes_objects', reason: 'watch gap' };
  const losses = ['Pod', 'DaemonSet', 'Deployment'].map((subject) => loss({ ...gap, subject }));
  const tables = { packet_drops: drops, kubernetes_objects: [], losses };
  assert.deepEqual((await reportOn(tables, 'network/dropped_by_policy')).coverage.gaps, [
    'kubernetes_objects not observed from 2026-11-22T10:00:04.000000000Z to 2026-11-22T10:00:05.000000000Z (kubernetes: watch gap: DaemonSet, Deployment, Pod).',
  ]);
});

test('a record with a wrong clock does not make the recording longer', async () => {
  const wrong = ['2019-01-01T00:00:00Z', '2031-01-01T00:00:00Z'].map((time) => ({ time }));
  const tables = { packet_drops: drops, log_records: wrong };
  const asked = await reportOn(tables, 'network/drops', { since: '2020-01-01', until: '2030-01-01' });
  assert.deepEqual(asked.coverage.gaps, [
    'Nothing is known before 2026-11-22T10:00:00.000000000Z, where the recording begins.',
    'Nothing is known after 2026-11-22T10:01:00.000000000Z, where the recording ends.',
  ]);
  const others = await reportOn(tables, 'network/drops');
  assert.deepEqual(others.coverage, { complete: true, gaps: [], notes: [] });
  const byDefault = await reportOn({ packet_drops: [...drops, ...wrong] }, 'network/drops', { top: '9' });
  assert.deepEqual(byDefault.coverage, {
    complete: true,
    gaps: [],
    notes: [],
    within: { since: '2026-11-22T10:00:00.000000000Z', until: '2026-11-22T10:01:00.000000000Z' },
  });
  const text = renderReport(byDefault, 'table', { width: 80, colour: false }).stdout;
  assert.match(
    text,
    /\n\nNothing is known to be missing from what this answer leans on, from\n2026-11-22T10:00:00Z to 2026-11-22T10:01:00Z; of times before and after nothing\nis known\.\n$/,
  );
});

test('an unfinished recording ends where the recorder last measured itself', async () => {
  const tables = {
    packet_drops: drops,
    recorder_health: [{ time: '10:00:20' }],
    log_records: [{ time: '2031-01-01T00:00:00Z' }],
  };
  const given = { since: '2026-11-22T10:00:00Z', until: '2026-11-22T11:00:00Z' };
  const report = await reportOn(tables, 'network/drops', given, { state: 'recording' });
  assert.equal(
    report.coverage.gaps.at(-1),
    'Nothing is known after 2026-11-22T10:00:20.000000000Z, where the recording ends.',
  );
});

test('an imported tape vouches for the times of the rows that the answer leans on', async () => {
  const sources = [{ name: 'import otlp', state: 'recorded', detail: 'a.json' }] as const;
  const tables = { packet_drops: drops, log_records: [{ time: '2019-01-01T00:00:00Z' }] };
  const given = { since: '2020-01-01', until: '2026-11-22T10:00:05Z' };
  assert.deepEqual((await reportOn(tables, 'network/drops', given, { sources })).coverage.gaps, [
    'Nothing is known before 2026-11-22T10:00:00.000000000Z, where what was imported begins.',
  ]);
  const empty = await reportOn({ ...tables, packet_drops: [] }, 'network/drops', {}, { sources });
  assert.deepEqual(empty.coverage.gaps, ['The imported files gave no rows that this answer leans on.']);
});

test('why a question cannot be answered: the source in its own words, or an imported tape', async () => {
  const lacking = async (...sources: Source[]) =>
    (await reportOn({ spans: [] }, 'network/drops', {}, { sources })).coverage.gaps;
  assert.deepEqual(
    await lacking({ name: 'probe packet_drops', state: 'unavailable', detail: 'Operation not permitted' }),
    [
      'packet_drops was not captured in this tape, which was recorded without the kernel probes; probe packet_drops: Operation not permitted.',
    ],
  );
  assert.deepEqual(await lacking({ name: 'import otlp', state: 'recorded', detail: 'a.json' }), [
    'packet_drops was not captured in this tape, an imported tape.',
  ]);
});

test('notes stand apart from gaps', async () => {
  const packet_drops = [...drops, { time: '10:00:05', reason: 'NETFILTER_DROP', segments: 1 }];
  const report = await reportOn({ packet_drops }, 'network/drops', { top: '1' });
  assert.match(
    renderReport(report, 'table', { width: 80, colour: false }).stdout,
    /\nNothing is known to be missing from what this answer leans on\.\nAlso:\n {2}- 1 more row; --param top=2 shows all\.\n$/,
  );
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
      'The tape was not completed: what came after 2026-11-22T10:00:00.000000000Z is not in it.',
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

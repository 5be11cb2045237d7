import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TinyRow } from '../../tiny_tape.js';
import { reportOn, rowObjects } from '../answer.js';

const REPORT = 'traces/slow_spans';
const MS = 1_000_000n;

/** Each second one request: a server span whose client span calls a database, which fails and hangs from 10 to 19. */
function requests(): TinyRow[] {
  return Array.from({ length: 30 }, (_, second) => {
    const hangs = second >= 10 && second < 20;
    const time = `10:00:${String(second).padStart(2, '0')}`;
    const status_code = hangs ? 'ERROR' : 'UNSET';
    const call = hangs ? 500n * MS : 5n * MS;
    const common = { time, trace_id: `trace-${second}`, service_name: 'web', status_code };
    return [
      { ...common, row_id: second * 2, span_id: 'a', name: 'GET /', kind: 'SERVER', duration_ns: call + MS },
      {
        ...common,
        row_id: second * 2 + 1,
        span_id: 'b',
        parent_span_id: 'a',
        name: 'SELECT',
        kind: 'CLIENT',
        duration_ns: call + BigInt(second),
      },
    ];
  }).flat();
}

test('the operation whose own time grew comes first; those that waited for it have not grown', async () => {
  const report = await reportOn({ spans: requests() }, REPORT);
  assert.deepEqual(report.parameters, {
    since: '2026-11-22T10:00:10.000000000Z',
    until: '2026-11-22T10:00:19.501000001Z',
    top: 10,
  });
  assert.deepEqual(
    rowObjects(
      report,
      'operation',
      'kind',
      'growth_ns',
      'mean_ns',
      'spans',
      'spans_outside',
      'errors',
      'errors_outside',
    ),
    [
      {
        operation: 'SELECT',
        kind: 'CLIENT',
        growth_ns: '495000000',
        mean_ns: '500000014',
        spans: '10',
        spans_outside: '20',
        errors: '10',
        errors_outside: '0',
      },
      {
        operation: 'GET /',
        kind: 'SERVER',
        growth_ns: '0',
        mean_ns: '999986',
        spans: '10',
        spans_outside: '20',
        errors: '10',
        errors_outside: '0',
      },
    ],
  );
  assert.deepEqual(rowObjects(report, 'exemplar_trace_id')[0], { exemplar_trace_id: 'trace-19' });
  assert.deepEqual(report.coverage, {
    complete: true,
    gaps: [],
    notes: ['Window: where failed spans stand out; choose another with --since and --until.'],
  });
});

test('the window given goes before the one that stands out', async () => {
  const report = await reportOn({ spans: requests() }, REPORT, {
    since: '2026-11-22T10:00:00Z',
    until: '2026-11-22T10:00:05Z',
    top: '1',
  });
  assert.deepEqual(rowObjects(report, 'operation', 'spans', 'spans_outside'), [
    { operation: 'GET /', spans: '5', spans_outside: '25' },
  ]);
});

test('without failed spans the window is everything, and that is said', async () => {
  const spans = requests().filter(({ status_code }) => status_code === 'UNSET');
  const endless = { time: '10:00:00', name: 'endless', kind: 'SERVER', status_code: 'UNSET' };
  const report = await reportOn({ spans: [...spans, endless] }, REPORT, { top: '1' });
  assert.deepEqual(rowObjects(report, 'operation', 'growth_ns', 'spans', 'spans_outside'), [
    { operation: 'SELECT', growth_ns: null, spans: '20', spans_outside: '0' },
  ]);
  assert.deepEqual(report.coverage.notes, [
    '2 more rows; --param top=3 shows all.',
    'Left out: 1 span without a duration.',
    'No span lies outside the window, so there is nothing to compare with; give --since and --until.',
  ]);
});

test('a loss anywhere in the recording counts, since all of it is compared', async () => {
  const losses = [{ time: '10:00:28', until: '10:00:29', source: 'otlp', reason: 'refused', count: 3n }];
  const { coverage } = await reportOn({ spans: requests(), losses }, REPORT);
  assert.deepEqual(coverage.gaps, [
    '3 rows were lost from 2026-11-22T10:00:28.000000000Z to 2026-11-22T10:00:29.000000000Z (otlp: refused).',
  ]);
});

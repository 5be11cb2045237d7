import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LossTally } from '../../../capture/storage/loss_tally.js';
import { losses } from '../../../src/schema/tables/losses.js';
import { OpenBatches } from '../../../src/tape/open_batches.js';

test('losses of one kind become one row of all their time, with the sum where all have a count', () => {
  const tally = new LossTally();
  const refused = { source: 'otlp', reason: 'request refused' } as const;
  tally.add({ ...refused, since: 5n, until: 6n, count: 1n, detail: 'full' });
  tally.add({ ...refused, since: 2n, until: 9n, count: 3n, detail: 'late' });
  tally.add({ ...refused, subject: 'traces', since: 7n, until: 7n, count: 1n });
  tally.add({ ...refused, subject: 'traces', since: 8n, until: 8n });
  tally.add({ source: 'clock', reason: 'clock jump', since: 1n, until: 1n, detail: 'by 5 ns' });
  const batches = new OpenBatches('n1');
  tally.flush(batches);
  tally.flush(batches);
  const batch = batches.of(losses);
  const rows = Array.from({ length: batch.rows }, (_, row) => batch.row(row));
  assert.deepEqual(
    rows.map(({ time, until, source, subject, count, detail }) => [
      time,
      until,
      source,
      subject,
      count,
      detail,
    ]),
    [
      [2n, 9n, 'otlp', null, 4n, '2 times, first: full'],
      [7n, 8n, 'otlp', 'traces', null, '2 times, first: '],
      [1n, 1n, 'clock', null, null, 'by 5 ns'],
    ],
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { losses } from '../../../src/schema/tables/losses.js';
import { recordLoss } from '../../../src/tape/loss_row.js';
import { OpenBatches } from '../../../src/tape/open_batches.js';

function lose(batches: OpenBatches, reason: string, count?: bigint): void {
  recordLoss(batches, {
    source: 'probe',
    reason,
    since: 1n,
    until: 2n,
    ...(count === undefined ? {} : { count }),
  });
}

function rowsOf(batches: OpenBatches) {
  const batch = batches.of(losses);
  return Array.from({ length: batch.rows }, (_, row) => batch.row(row));
}

const reasons = (batches: OpenBatches) => rowsOf(batches).map(({ reason }) => reason);

test('taken rows are no longer open, and what is given back holds nothing of them', () => {
  const batches = new OpenBatches('n1');
  lose(batches, 'first');
  lose(batches, 'second', 3n);
  const { generation } = batches;
  const taken = batches.take();
  assert.deepEqual(
    taken.map(({ table, rows }) => [table.name, rows]),
    [['losses', 2]],
  );
  assert.notEqual(batches.generation, generation);
  batches.giveBack(taken);
  lose(batches, 'third');
  assert.equal(batches.of(losses), taken[0]);
  assert.deepEqual(reasons(batches), ['third']);
  assert.deepEqual(
    rowsOf(batches).map(({ count }) => count),
    [null],
  );
});

test('rows since a mark are taken back, also of tables that the mark does not know', () => {
  const batches = new OpenBatches('n1');
  const empty = batches.mark();
  lose(batches, 'kept');
  const mark = batches.mark();
  lose(batches, 'taken back');
  batches.takeBack(mark);
  assert.deepEqual(reasons(batches), ['kept']);
  batches.takeBack(empty);
  assert.deepEqual(reasons(batches), []);
});

test('of a table two batches are kept to be used again, whichever was given back first', () => {
  const batches = new OpenBatches('n1');
  const taken = Array.from({ length: 3 }, () => {
    lose(batches, 'any');
    return batches.take();
  });
  for (const each of taken) batches.giveBack(each);
  const again = Array.from({ length: 3 }, () => {
    lose(batches, 'any');
    return batches.take();
  });
  assert.deepEqual(
    again.map(([batch]) => taken.findIndex(([known]) => known === batch)),
    [1, 0, -1],
  );
});

test('batches of a table that got no rows since the last taking are not kept', () => {
  const batches = new OpenBatches('n1');
  lose(batches, 'any');
  const taken = batches.take();
  batches.giveBack(taken);
  batches.take();
  assert.notEqual(batches.of(losses), taken[0]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShedRows } from '../../../capture/kubernetes/shed_rows.js';
import { until } from '../until.js';
import { watching } from './watching.js';

const BACKOFF = { firstMs: 100, mostMs: 100, refusedMs: 100, shedMostMs: 1000 };

/** Rows of pods, and the gaps that are told of them as `from-to`. */
function pods() {
  const told: string[] = [];
  return { rows: new ShedRows('Pod', ({ since, until }) => told.push(`${since}-${until}`), BACKOFF), told };
}

test('lists that are shed too are twice as far apart each time, up to a limit, and soon again after a while', () => {
  const { rows } = pods();
  /** How long after shedding the list is due, which half is chance; the list begins then. */
  const waited = (shed: number) => {
    rows.shed(0n, shed);
    for (let now = shed; ; now++) {
      if (!rows.isListDue(now)) continue;
      rows.beginList(now);
      return now;
    }
  };
  let now = 5000;
  for (const most of [100, 200, 400, 800, 1000, 1000]) {
    const begun = waited(now);
    assert.ok(begun - now >= most / 2 && begun - now <= most, `${begun - now} ms for ${most}`);
    now = begun + 10;
  }
  now += BACKOFF.shedMostMs;
  assert.ok(waited(now) - now <= 100);
  assert.equal(rows.isListDue(Number.POSITIVE_INFINITY), false);
});

test('the gap is from the first row shed to the list that was kept', () => {
  const { rows, told } = pods();
  rows.shed(10n, 0);
  rows.shed(12n, 0);
  rows.beginList(500);
  rows.shed(20n, 600);
  rows.endList(20n);
  assert.deepEqual(told, []);
  rows.beginList(5000);
  rows.endList(30n);
  assert.deepEqual(told, ['10-30']);
});

test('objects whose rows were not kept are listed as at first once there is room, and only they', async () => {
  const recording = await watching((api) => {
    for (const name of ['same', 'changed', 'gone']) api.put(name);
  });
  const { api } = recording;
  recording.hasRoom = false;
  api.put('changed', { v: '2' });
  api.remove('gone');
  await until('both are seen', () => recording.rows.length === 6);
  const since = recording.rows[4]?.time ?? 0n;
  recording.watch.rowsShed('Deployment', since);
  recording.watch.rowsShed('Pod', since);
  api.endWatches();
  await until('it watches again', () => api.watching === 1);
  assert.equal(recording.rows.length, 6);

  recording.hasRoom = true;
  await until('it has listed again', () => recording.rows.length === 9);
  api.put('later');
  await until('it watches on', () => recording.rows.length === 10);
  await recording.end();
  assert.deepEqual(recording.seen.slice(6), [
    'listed same',
    'listed changed v=2',
    'listed PodList',
    'added later',
  ]);
  const gaps = recording.gaps.filter(({ reason }) => reason === 'objects were seen and not kept');
  assert.deepEqual([gaps[0]?.since, gaps.at(-1)?.until], [since, recording.rows[8]?.time]);
  assert.deepEqual(recording.notices, []);
});

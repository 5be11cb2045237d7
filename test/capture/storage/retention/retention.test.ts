import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Retention } from '../../../../capture/storage/retention/retention.js';
import { recordedTime } from '../../../../src/query/recorded_time.js';
import { verifyTape } from '../../../../src/query/verify.js';
import { removePin, writePin } from '../../../../src/tape/pins.js';
import { openTape } from '../../../../src/tape/tape.js';
import { formatTime } from '../../../../src/tape/time.js';
import { scratch } from '../../../scratch.js';
import { observed, tinyTime } from '../../../tiny_tape.js';
import { smallTape } from './small_tape.js';

const MINUTE = 60_000_000_000n;
const NO_FLOOR = { minFree: { bytes: 0 } };

/** A span of that time with an attribute. */
function span(time: string) {
  return { time, name: 'GET', attributes: [['http.route', '/cart']] as const };
}

/** A version of a ConfigMap. */
function seen(time: string, how: string, name: string, color: string) {
  return observed(time, how, {
    kind: 'ConfigMap',
    metadata: { name, namespace: 'shop', labels: { color } },
  });
}

function listed(time: string, how: string) {
  return { time, observed: how, kind: 'ConfigMapList', api_version: 'v1', name: null, object: '{}' };
}

test('the tape begins later, says so, and knows what was valid when it begins', async (t) => {
  const tape = await smallTape(t, { ...NO_FLOOR, keepNs: 3n * MINUTE });
  await tape.seal('10:01:00', {
    spans: [span('10:00:30')],
    kubernetes_objects: [
      seen('10:00:01', 'listed', 'stays', 'red'),
      seen('10:00:01', 'listed', 'changes', 'red'),
      seen('10:00:01', 'listed', 'goes', 'red'),
      listed('10:00:01', 'listed'),
    ],
    cgroups: [{ time: '10:00:01', cgroup_id: 7, path: '/kubepods' }],
  });
  await tape.seal('10:02:00', { kubernetes_objects: [seen('10:01:30', 'modified', 'changes', 'blue')] });
  await tape.seal('10:03:00', { kubernetes_objects: [seen('10:02:30', 'deleted', 'goes', 'red')] });
  await tape.seal('10:04:00', {
    spans: [span('10:03:30')],
    kubernetes_objects: [seen('10:03:30', 'modified', 'changes', 'green')],
    cgroups: [{ time: '10:03:30', cgroup_id: 7, path: '/kubepods/after-a-reboot' }],
  });
  for (const minute of ['05', '06', '07', '08', '09']) {
    await tape.seal(`10:${minute}:00`, { spans: [span(`10:${minute}:00`)] });
  }
  await tape.seal('10:09:30', { kubernetes_objects: [seen('10:09:10', 'deleted', 'stays', 'red')] });
  await tape.merging.mergeAll();

  assert.deepEqual(await tape.rows('SELECT strftime(time, $$%H:%M:%S$$) FROM spans ORDER BY time'), [
    ['10:07:00'],
    ['10:08:00'],
    ['10:09:00'],
  ]);
  assert.deepEqual(
    await tape.rows(`
      SELECT name, object ->> '$.metadata.labels.color', strftime(valid_from, '%H:%M:%S'), strftime(valid_to, '%H:%M:%S')
      FROM kubernetes_versions ORDER BY name`),
    [
      ['changes', 'green', '10:03:30', null],
      ['stays', 'red', '10:00:01', '10:09:10'],
    ],
  );
  assert.deepEqual(await tape.rows(`SELECT kind, observed FROM kubernetes_objects WHERE name IS NULL`), [
    ['ConfigMapList', 'listed'],
  ]);
  const { manifest } = await openTape(tape.directory);
  assert.deepEqual(manifest.removed, [
    {
      node: 'node-1',
      since: '2026-11-22T10:00:00.000000000Z',
      until: '2026-11-22T10:06:00.000000000Z',
      limit: '--keep',
    },
  ]);
  assert.equal(
    formatTime(recordedTime(await openTape(tape.directory))?.first ?? 0n),
    manifest.removed[0]?.until,
  );
  assert.deepEqual(await tape.rows('SELECT source, reason, subject FROM losses'), [
    ['recorder', 'removed to stay within a limit', '--keep'],
  ]);
  assert.deepEqual(tape.said, ['--keep: from now on the oldest is removed']);
});

test('cgroups of jobs that are gone are not carried forward for ever, those that live are', async (t) => {
  const tape = await smallTape(t, { ...NO_FLOOR, keepNs: 3n * MINUTE });
  /** A row for each of these cgroups, told at that time. */
  const told = (time: string, ...ids: readonly number[]) =>
    ids.map((cgroup_id) => ({ time, cgroup_id, path: cgroup_id === 1 ? '/' : `/kubepods/${cgroup_id}` }));
  for (let i = 1; i <= 40; i++) {
    const minute = `10:${String(i).padStart(2, '0')}`;
    // Every fourth minute all are told that are there; of jobs there is one a minute.
    const all = i % 4 === 1 ? told(`${minute}:00`, 1, 2) : [];
    await tape.seal(`${minute}:30`, {
      spans: [span(`${minute}:10`)],
      cgroups: [...all, ...told(`${minute}:20`, 100 + i)],
    });
    await tape.merging.mergeAll();
  }
  const ids = await tape.rows('SELECT DISTINCT cgroup_id FROM cgroups ORDER BY 1');
  // The three minutes that are kept, and jobs that no list older than that shows to be gone.
  assert.deepEqual(ids.flat().map(Number), [1, 2, 133, 134, 135, 136, 137, 138, 139, 140]);
});

test('a pin keeps a stretch until it is let go; the files are then gone from the disk', async (t) => {
  const tape = await smallTape(t, { ...NO_FLOOR, keepNs: 2n * MINUTE });
  const minutes = ['01', '02', '03', '04', '05', '06', '07', '08'];
  for (const minute of minutes) {
    await tape.seal(`10:${minute}:00`, { spans: [span(`10:${minute}:00`)] });
    if (minute !== '03') continue;
    const pin = { name: 'outage', since: tinyTime('10:02:10'), until: tinyTime('10:02:50'), by: 'me' };
    await writePin(tape.directory, pin);
  }
  const held = `SELECT strftime(time, '%M') FROM spans ORDER BY time`;
  assert.deepEqual((await tape.rows(held)).flat(), ['03', '06', '07', '08']);
  assert.deepEqual(
    (await openTape(tape.directory)).manifest.removed.map(({ since, until }) => [
      since.slice(11, 16),
      until.slice(11, 16),
    ]),
    [
      ['10:00', '10:02'],
      ['10:03', '10:05'],
    ],
  );
  await removePin(tape.directory, 'outage');
  await writeFile(join(tape.directory, 'pins', 'broken.json'), '{"since": 5}');
  await tape.seal('10:09:00', { spans: [span('10:09:00')] });
  assert.deepEqual((await tape.rows(held)).flat(), ['07', '08', '09']);
  assert.equal((await readdir(join(tape.directory, 'spans'))).length, 3);
  assert.match(
    tape.said.at(-1) ?? '',
    /broken\.json: not a pin: since is 5; expected a string; it holds nothing$/,
  );
});

test('where the disk has less free than --min-free nothing more is taken, and what to do is said', async (t) => {
  const tape = await smallTape(t, { minFree: { bytes: 2 ** 60 } });
  await assert.rejects(
    tape.seal('10:01:00', {}),
    /would be left free on the disk; --min-free is 1048576 TiB$/,
  );
});

test('ten segments become one with every row once, each value as it was, in the order of time', async (t) => {
  const tape = await smallTape(t, NO_FLOOR);
  for (let i = 0; i < 10; i++) {
    const late = span(`10:00:${String(59 - i).padStart(2, '0')}.123456789`);
    await tape.seal(`10:0${i}:30`, {
      spans: [late, { ...span('10:00:10'), name: `span ${i}`, duration_ns: 2n ** 62n }],
    });
  }
  const all = 'SELECT * FROM spans ORDER BY time, name';
  const before = await tape.rows(all);
  await tape.merging.mergeAll();
  assert.deepEqual(await tape.rows(all), before);
  const opened = await openTape(tape.directory);
  assert.deepEqual(
    opened.manifest.tables.spans?.map(({ path, rows, received_since, received_until }) => [
      path,
      rows,
      received_since,
      received_until,
    ]),
    [
      [
        'spans/node-1-1795341600000-00011.parquet',
        20,
        '2026-11-22T10:00:00.000000000Z',
        '2026-11-22T10:09:30.000000000Z',
      ],
    ],
  );
  for await (const { problem } of verifyTape(opened, scratch(t))) assert.equal(problem, null);
  // Those who opened the tape before still find the ten, for a while.
  assert.equal((await readdir(join(tape.directory, 'spans'))).length, 11);
  await tape.merging.stop();
  assert.deepEqual(await readdir(join(tape.directory, 'spans')), ['node-1-1795341600000-00011.parquet']);
  assert.deepEqual((await readdir(tape.directory)).sort(), ['spans', 'tape.json']);
});

test('a merge of a damaged segment changes nothing and names it', async (t) => {
  const tape = await smallTape(t, NO_FLOOR);
  for (let i = 0; i < 10; i++) await tape.seal(`10:0${i}:30`, { spans: [span('10:00:10')] });
  const [damaged] = tape.writer.segments.get('spans') ?? [];
  await writeFile(join(tape.directory, damaged?.path ?? ''), 'PAR1 and no more');
  await assert.rejects(tape.merging.mergeAll(), new RegExp(damaged?.path ?? 'none'));
  assert.equal((await openTape(tape.directory)).manifest.tables.spans?.length, 10);
  assert.equal((await readdir(join(tape.directory, 'spans'))).length, 10);
});

test('a pin is written once, when the kernel has told of all that happened until it was seen', async (t) => {
  const { directory, writer } = await smallTape(t, NO_FLOOR);
  let [seen, asked, sealed] = [4n, 0, 0];
  const retention = new Retention(writer, NO_FLOOR, {
    say: () => undefined,
    clock: () => 5n,
    seenUntil: () => {
      asked++;
      return seen;
    },
    seal: () => sealed++,
  });
  await writePin(directory, { name: 'incident', since: 1n, until: 5n, by: 'test' });
  for (; asked === 0; await sleep(10)) retention.tend();
  assert.equal(sealed, 0);
  seen = 5n;
  for (const _ of [1, 2]) retention.tend();
  assert.equal(sealed, 1);
  await retention.stop();
});

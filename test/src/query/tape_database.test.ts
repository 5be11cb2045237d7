import assert from 'node:assert/strict';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { InvalidFileError } from '../../../src/errors.js';
import { TapeDatabase } from '../../../src/query/tape_database.js';
import { openTape } from '../../../src/tape/tape.js';
import { scratch } from '../../scratch.js';
import { rowsOf, withTinyTape, writeTinyTape } from '../../tiny_tape.js';

test('a captured table without rows is empty and typed', async () => {
  assert.deepEqual(await rowsOf({ spans: [] }, 'SELECT time, attributes FROM spans'), []);
  assert.deepEqual(
    await rowsOf({ spans: [] }, "SELECT column_type FROM (DESCRIBE spans) WHERE column_name = 'attributes'"),
    [['MAP(VARCHAR, VARCHAR)']],
  );
});

test('a table that is not there: not captured, or no table at all', () =>
  withTinyTape({ spans: [] }, async (database) => {
    const failures: Record<string, string> = {};
    for (const table of ['log_records', 'pods', 'policy_verdicts', 'spanz', 'nothing']) {
      await assert.rejects(
        () => database.rows(`FROM ${table}`),
        (error: Error) => {
          failures[table] = error.message;
          return true;
        },
      );
    }
    assert.deepEqual(failures, {
      log_records: 'log_records was not captured in this tape, which was recorded without OTLP logs',
      pods: 'pods needs kubernetes_objects, not captured in this tape, which was recorded without the Kubernetes API',
      policy_verdicts:
        'policy_verdicts needs packet_drops and kubernetes_objects, not captured in this tape, which was recorded without the kernel probes and the Kubernetes API',
      spanz: 'no table "spanz" (did you mean spans?); this tape captured spans',
      nothing: 'no table "nothing"; this tape captured spans',
    });
  }));

for (const { damage, spoil, problem } of [
  {
    damage: 'truncated',
    spoil: (file: string) => truncateSync(file, 100),
    problem: /^not a Parquet file that can be read \(Invalid Input Error: .*\)$/,
  },
  {
    damage: 'foreign',
    spoil: (file: string) => writeFileSync(file, 'not Parquet'),
    problem: /^not a Parquet file that can be read \(Invalid Input Error: .*\)$/,
  },
] as const) {
  test(`a ${damage} segment is named by what needs it; the other tables answer`, async (t) => {
    const directory = await writeTinyTape(scratch(t), {
      kubernetes_objects: [{ time: '10:00:00', observed: 'listed', kind: 'Pod', name: 'a', object: '{}' }],
      losses: [],
    });
    const tape = await openTape(directory);
    const file = join(tape.directory, tape.manifest.tables.kubernetes_objects?.[0]?.path ?? '');
    spoil(file);
    const database = await TapeDatabase.open(tape, scratch(t));
    t.after(() => database.close());
    for (const name of ['kubernetes_objects', 'pods']) {
      await assert.rejects(
        () => database.rows(`FROM ${name}`),
        (error) => error instanceof InvalidFileError && error.file === file && problem.test(error.problem),
      );
    }
    assert.deepEqual(await database.rows('FROM losses'), []);
  });
}

test('a segment of another table is named with the column that gives it away', async (t) => {
  const directory = await writeTinyTape(scratch(t), {
    losses: [{ time: '10:00:00', until: '10:00:00', source: 'clock', reason: 'jump' }],
    recorder_health: [{ time: '10:00:00' }],
  });
  const { manifest, ...rest } = await openTape(directory);
  const tables = { losses: manifest.tables.recorder_health ?? [] };
  const database = await TapeDatabase.open({ ...rest, manifest: { ...manifest, tables } }, scratch(t));
  t.after(() => database.close());
  await assert.rejects(
    () => database.rows('FROM losses'),
    /parquet: it has no column until, which losses has$/,
  );
});

test('a later segment that is damaged is found when it is read', async (t) => {
  const directory = await writeTinyTape(scratch(t), {
    losses: [{ time: '10:00:00', until: '10:00:00', source: 'clock', reason: 'jump' }],
    recorder_health: [{ time: '10:00:00' }],
  });
  const { manifest, ...rest } = await openTape(directory);
  const [first = [], second = []] = Object.values(manifest.tables);
  const database = await TapeDatabase.open(
    { ...rest, manifest: { ...manifest, tables: { losses: [...first, ...second] } } },
    scratch(t),
  );
  t.after(() => database.close());
  await assert.rejects(
    () => database.rows('FROM losses'),
    (error) => error instanceof InvalidFileError && /recorder_health.*parquet$/.test(error.file),
  );
});

test('a statement needs a value for each parameter', () =>
  withTinyTape({}, async (database) => {
    assert.deepEqual(await database.rows('SELECT $a || $b', { a: 'x', b: 'y', c: 'unused' }), [['xy']]);
    await assert.rejects(() => database.rows('SELECT $a || $b', { a: 'x' }), {
      message: 'the statement has the parameter $b and no value for it',
    });
  }));

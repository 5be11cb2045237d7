import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../../src/errors.js';
import { cellOf } from '../../../src/query/cell.js';
import { resolveParameters } from '../../../src/query/parameters.js';
import { withTinyTape } from '../../tiny_tape.js';

const tables = {
  losses: ['10:00:01', '10:00:09'].map((time) => ({ time, until: time, source: 'clock', reason: 'jump' })),
};
const declared = [
  { name: 'top', type: 'INTEGER', default: '5 + 5', doc: '', least: 1 },
  { name: 'grades', type: 'VARCHAR', default: "'proven'", doc: '', words: ['proven', 'not a policy'] },
  { name: 'since', type: 'TIMESTAMP_NS', default: '(SELECT max(time) FROM losses)', doc: '' },
];

const resolve = (given: Record<string, string>, parameters = declared) =>
  withTinyTape(tables, async (database) => {
    const values = await resolveParameters(database, parameters, new Map(Object.entries(given)));
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, cellOf(value)]));
  });

test('a default is an expression; without one the window is the whole tape', async () => {
  assert.deepEqual(await resolve({}, []), {
    since: '2026-11-22T10:00:00.000000000Z',
    until: '2026-11-22T10:01:00.000000000Z',
  });
  assert.deepEqual(await resolve({}), {
    since: '2026-11-22T10:00:09.000000000Z',
    until: '2026-11-22T10:01:00.000000000Z',
    top: 10,
    grades: 'proven',
  });
});

test('what is given goes before the default', async () => {
  assert.deepEqual(
    await resolve({
      since: '2026-11-22 10:00',
      until: '2026-11-22T11:30+01:00',
      top: '3',
      grades: 'not a policy, proven',
    }),
    {
      since: '2026-11-22T10:00:00.000000000Z',
      until: '2026-11-22T10:30:00.000000000Z',
      top: 3,
      grades: 'not a policy, proven',
    },
  );
});

test('what cannot be a value is a misuse that names it', async () => {
  for (const [given, message] of [
    [{ top: 'many' }, /^top: "many" is no INTEGER \(.*\)$/],
    [{ top: '0' }, 'top: 0 is less than 1'],
    [{ grades: 'proven, foo' }, 'grades: "foo" is none of proven, not a policy'],
    [{ pot: '3' }, 'no parameter "pot" (did you mean top?); besides since and until it has top, grades'],
    [{ since: 'noon' }, '--since: "noon" is not a time; expected one like 2026-11-22T10:15:30.5Z'],
    [
      { since: '2026-11-23', until: '2026-11-22' },
      'since 2026-11-23T00:00:00Z is not before until 2026-11-22T00:00:00Z',
    ],
    [{ since: '2026-11-23' }, '--since 2026-11-23: the recording ends at 2026-11-22T10:01:00Z'],
    [
      { until: '2026-11-22T10:00Z' },
      '--until 2026-11-22T10:00Z: the recording begins at 2026-11-22T10:00:00Z',
    ],
  ] as const) {
    await assert.rejects(
      () => resolve(given),
      (error: Error) => {
        assert.ok(error instanceof UsageError, error.message);
        if (typeof message === 'string') assert.equal(error.message, message);
        else assert.match(error.message, message);
        return true;
      },
    );
  }
});

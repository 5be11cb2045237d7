import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtapeError } from '../../../src/errors.js';
import { parseSqlHeader } from '../../../src/query/sql_header.js';

test('a header is read into what it declares', () => {
  const text = `-- What was dropped
--
-- Needs: packet_drops, pods
--
-- Parameters:
--   top INTEGER = 10 from 1: How many.
--   grades VARCHAR = 'a,b' of a, b, not c: Which.
--   since TIMESTAMP_NS = (SELECT min(time) FROM pods): Start: the
--     first pod.
--
-- Columns:
--   reason VARCHAR: Why.
--   pods MAP(VARCHAR, VARCHAR): Who.
--
-- Read: First line
--   and second.
-- Empty: Nothing.
-- Draw: bars reason
SELECT 1 -- Not: of the header
`;
  assert.deepEqual(parseSqlHeader('a.sql', text), {
    title: 'What was dropped',
    needs: ['packet_drops', 'pods'],
    parameters: [
      { name: 'top', type: 'INTEGER', default: '10', doc: 'How many.', least: 1 },
      { name: 'grades', type: 'VARCHAR', default: "'a,b'", doc: 'Which.', words: ['a', 'b', 'not c'] },
      {
        name: 'since',
        type: 'TIMESTAMP_NS',
        default: '(SELECT min(time) FROM pods)',
        doc: 'Start: the first pod.',
      },
    ],
    columns: [
      { name: 'reason', type: 'VARCHAR', doc: 'Why.' },
      { name: 'pods', type: 'MAP(VARCHAR, VARCHAR)', doc: 'Who.' },
    ],
    read: 'First line and second.',
    empty: 'Nothing.',
    draw: { shape: 'bars', columns: ['reason'] },
  });
});

for (const [line, message] of [
  [
    '-- Colums:',
    'a.sql: "Colums:" begins no section; expected Needs, Parameters, Columns, Read, Empty, Draw',
  ],
  ['-- Columns:\n--   reason: Why.', 'a.sql: "reason: Why." does not declare a name, a type and a sentence'],
  ['-- Draw: pie reason', 'a.sql: no drawing "pie"; expected bars or timeline'],
] as const) {
  test(`a header with ${JSON.stringify(line)} is refused`, () =>
    assert.throws(() => parseSqlHeader('a.sql', `-- Title\n${line}\nSELECT 1`), new KtapeError(message)));
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { lastStates } from '../../../../src/tape/sql/states.js';

/** Observations of pods on two nodes, as they were received. */
const OBJECTS = `
  SELECT *, 0 AS source_file, 'v1' AS api_version, NULL AS namespace, name AS uid FROM (VALUES
    (1, 10, 'n1', 'Pod', 'old', 'listed'), (2, 10, 'n1', 'PodList', NULL, 'listed'),
    (3, 20, 'n1', 'Pod', 'web', 'added'), (4, 30, 'n1', 'Pod', 'web', 'modified'), (5, 30, 'n1', 'Pod', 'web', 'modified'),
    (6, 20, 'n1', 'Pod', 'gone', 'added'), (7, 40, 'n1', 'Pod', 'gone', 'deleted'),
    (8, 20, 'n1', 'PodList', NULL, 'listed'), (9, 10, 'n2', 'Pod', 'far', 'listed')
  ) AS received (source_row, time, node, kind, name, observed)`;

const CGROUPS = `
  SELECT *, 0 AS source_file
  FROM (VALUES
    (1, 10, 'n1', 1, '/'), (2, 10, 'n1', 7, '/job'), (3, 11, 'n1', 8, '/web'), (4, 15, 'n1', 9, '/gone'),
    (5, 20, 'n1', 8, '/web'), (6, 20, 'n1', 1, '/'), (7, 21, 'n1', 7, '/late'), (8, 10, 'n2', 7, '/far')
  ) AS received (source_row, time, node, cgroup_id, path)`;

async function rowsOf(table: string, rows: string, which: 'last' | 'living'): Promise<string> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(
    `SELECT string_agg(source_row, ' ' ORDER BY source_row) FROM (${lastStates(table, rows, which)})`,
  );
  connection.closeSync();
  instance.closeSync();
  return String(reader.getRows()[0]);
}

test('of everything the last row is kept, of rows of one time that received last', async () => {
  assert.equal(await rowsOf('kubernetes_objects', OBJECTS, 'last'), '1 5 7 8 9');
  assert.equal(await rowsOf('cgroups', CGROUPS, 'last'), '4 5 6 7 8');
});

test('what was deleted, or was not in the next list of all there is on its node, lives no more', async () => {
  assert.equal(await rowsOf('kubernetes_objects', OBJECTS, 'living'), '5 8 9');
  // When the root was told again, 9 was not.
  assert.equal(await rowsOf('cgroups', CGROUPS, 'living'), '5 6 7 8');
});

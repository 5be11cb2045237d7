import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { KtapeError } from '../../../src/errors.js';
import { withTinyTape } from '../../tiny_tape.js';

const tables = { losses: [{ time: '10:00:00', until: '10:00:01', source: 'clock', reason: 'jump' }] };

/** Everything in a tape, to see that nothing was changed. */
function contentOf(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .sort()
    .map(
      (name) => `${name} ${name.includes('.') ? readFileSync(join(directory, name)).toString('base64') : ''}`,
    );
}

test('a statement that does not only read is refused, and nothing is written', () =>
  withTinyTape(tables, async (database) => {
    const { directory } = database.tape;
    const segment = join(directory, database.tape.manifest.tables.losses?.[0]?.path ?? '');
    const outside = join(directory, '..', 'written');
    const before = contentOf(directory);
    for (const sql of [
      `COPY losses TO '${outside}'`,
      `COPY losses TO '${segment}'`,
      `COPY (SELECT 1) TO '${directory}/losses/new.parquet'`,
      `EXPLAIN ANALYZE COPY losses TO '${segment}'`,
      `EXPLAIN (ANALYZE) COPY losses TO '${segment}'`,
      `EXPLAIN /**/ ANALYZE COPY losses TO '${segment}'`,
      `explain analyze analyze copy losses to '${segment}'`,
      `-- SELECT\nCOPY losses TO '${segment}'`,
      `SELECT 1; COPY losses TO '${segment}'`,
      `WITH a AS (SELECT 1) INSERT INTO losses FROM a`,
      `ATTACH '${outside}' AS other`,
      `EXPORT DATABASE '${outside}'`,
      `IMPORT DATABASE '${outside}'`,
      'INSTALL httpfs',
      'LOAD json',
      'SET lock_configuration = false',
      'SET enable_external_access = true',
      'RESET allowed_paths',
      'PRAGMA enable_profiling',
      `PRAGMA import_database('${outside}')`,
      'CALL enable_logging()',
      `FROM enable_logging(storage = 'file', storage_config = {'path': '${outside}'})`,
      `FROM enable_profiling(save_location = '${outside}')`,
      `FROM query('SELECT 1')`,
      `FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))`,
      'FROM (SELECT * FROM checkpoint())',
      'SELECT (SELECT count(*) FROM force_checkpoint())',
      'FROM arrow_scan(1, 2, 3)',
      'CREATE TABLE t AS SELECT 1',
      'CREATE VIEW v AS SELECT 1',
      'CREATE MACRO ns(a) AS 1',
      'DROP VIEW losses',
      'DELETE FROM losses',
      'UPDATE losses SET reason = NULL',
      'BEGIN',
      'CHECKPOINT',
      'PREPARE p AS SELECT 1',
      'USE memory',
      'VACUUM',
    ]) {
      await assert.rejects(() => database.rows(sql), KtapeError, sql);
    }
    assert.deepEqual(contentOf(directory), before);
    assert.equal(existsSync(outside), false);
    assert.deepEqual(await database.rows('SELECT reason FROM losses'), [['jump']]);
  }));

test('a query reads nothing but the tape', () =>
  withTinyTape(tables, async (database) => {
    const { directory } = database.tape;
    const beside = join(directory, '..', 'beside.parquet');
    writeFileSync(beside, 'PAR1');
    writeFileSync(join(directory, 'losses', 'stray.parquet'), 'PAR1');
    for (const sql of [
      `FROM read_text('/etc/passwd')`,
      `FROM read_blob('/etc/passwd')`,
      `FROM read_csv('/etc/passwd')`,
      `FROM read_json('/etc/passwd')`,
      `FROM glob('/*')`,
      `FROM sniff_csv('/etc/passwd')`,
      `FROM '/etc/passwd'`,
      `FROM '/etc/passwd.csv'`,
      `FROM read_parquet('${beside}')`,
      `FROM read_parquet('${directory}/losses/stray.parquet')`,
      `FROM read_parquet('${directory}/losses/*.parquet')`,
      `FROM read_parquet('${directory}/losses/../../beside.parquet')`,
      `FROM parquet_schema('${beside}')`,
      `FROM read_parquet('https://example.com/a.parquet')`,
      `FROM duckdb_secrets()`,
      `SELECT getenv('HOME')`,
      `SELECT content FROM read_text('${directory}/tape.json')`,
    ]) {
      await assert.rejects(() => database.rows(sql), KtapeError, sql);
    }
  }));

test('whatever reads is run', () =>
  withTinyTape(tables, async (database) => {
    const segment = join(database.tape.directory, database.tape.manifest.tables.losses?.[0]?.path ?? '');
    for (const sql of [
      'SELECT reason FROM losses',
      'FROM losses SELECT reason',
      'WITH a AS (FROM losses) SELECT reason FROM a;',
      `SELECT reason FROM read_parquet('${segment}')`,
      `SELECT coalesce(reason, '') FROM losses, range(1) -- a comment`,
    ]) {
      assert.deepEqual(await database.rows(sql), [['jump']], sql);
    }
    for (const sql of [
      'VALUES (1)',
      'TABLE losses',
      'DESCRIBE losses',
      'SUMMARIZE losses',
      'SHOW TABLES',
      'EXPLAIN FROM losses',
      'EXPLAIN ANALYZE FROM losses',
      "PIVOT losses ON source IN ('clock', 'probe') USING count(*)",
      'FROM duckdb_functions() LIMIT 1',
    ]) {
      assert.ok((await database.rows(sql)).length > 0, sql);
    }
  }));

test('the refusal says what is run', () =>
  withTinyTape(tables, async (database) => {
    await assert.rejects(() => database.rows('DROP VIEW losses'), {
      message:
        'only statements that read are run: SELECT, WITH, FROM, VALUES, DESCRIBE, SUMMARIZE, SHOW, EXPLAIN, and PIVOT … ON … IN (…)',
    });
    await assert.rejects(() => database.rows('SELECT 1; SELECT 2'), {
      message: '2 statements; expected one',
    });
    await assert.rejects(() => database.rows('SELEC 1'), { message: /syntax error at or near "SELEC"/ });
  }));

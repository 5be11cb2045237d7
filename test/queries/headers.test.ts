import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cannedQueries } from '../../src/query/canned.js';
import { baseTables, relations } from '../../src/query/catalog.js';
import { resolveParameters } from '../../src/query/parameters.js';
import { sqlFiles } from '../../src/query/sql_files.js';
import { views } from '../../src/query/views.js';
import { tables } from '../../src/schema/tables/index.js';
import { withTinyTape } from '../tiny_tape.js';

/** A tape that captured every table and saw nothing. */
const everything = Object.fromEntries(tables.map(({ name }) => [name, []]));

const listed = (columns: readonly { name: string; type: string }[]) =>
  columns.map(({ name, type }) => `${name} ${type}`);

test('the answer to every canned question has the columns that its header declares', () =>
  withTinyTape(everything, async (database) => {
    for (const query of cannedQueries()) {
      const bindings = await resolveParameters(database, query.parameters, new Map());
      const answer = await database.ask(query.sql, bindings);
      assert.deepEqual(listed(answer.columns), listed(query.columns), query.name);
      if (query.coverageSql === undefined) continue;
      const coverage = await database.ask(query.coverageSql, bindings);
      assert.deepEqual(listed(coverage.columns), ['sentence VARCHAR'], query.name);
    }
  }));

test('every table and view has the columns that it declares', () =>
  withTinyTape(everything, async (database) => {
    for (const relation of relations()) {
      const answer = await database.ask(`FROM ${relation.name}`);
      assert.deepEqual(listed(answer.columns), listed(relation.columns), relation.name);
    }
  }));

test('every header says all that a person needs, in sentences', () => {
  for (const { name, title, needs, columns, parameters, read, empty, draw } of cannedQueries()) {
    assert.match(title, /^[A-Z].*[^.]$/, `${name}: title`);
    assert.ok(
      baseTables(needs).every((table) => tables.some((one) => one.name === table)),
      `${name}: needs`,
    );
    assert.ok(needs.length > 0 && columns.length > 0, `${name}: needs and columns`);
    const drawn = draw?.columns ?? [];
    assert.ok(
      drawn.length > 0 && drawn.every((column) => columns.some((one) => one.name === column)),
      `${name}: draw`,
    );
    for (const text of [read, empty, ...columns.map(({ doc }) => doc), ...parameters.map(({ doc }) => doc)]) {
      assert.match(text, /^[^a-z].*\.$/, `${name}: "${text}"`);
    }
  }
  for (const { name, title, needs, columns } of views()) {
    assert.match(title, /^[A-Z].*[^.]$/, `${name}: title`);
    assert.ok(needs.length > 0, `${name}: needs`);
    for (const { doc } of columns) assert.match(doc, /^[^a-z].*\.$/, `${name}: "${doc}"`);
  }
});

/** Subtracting times, adding intervals to them, and functions that round them. */
const LOSSY =
  /\b(date_trunc|time_bucket|date_diff|date_sub|age)\s*\(|\b(time|until|since|\w+_time)\)?\s*[-+]|[-+]\s*INTERVAL/i;

test('no file computes on nanosecond times in a way that falls to microseconds', () => {
  const folders = new Set(cannedQueries().map(({ name }) => `queries/${name.split('/')[0]}`));
  for (const { path, text } of ['queries/views', ...folders].flatMap(sqlFiles)) {
    const statement = text.replace(/--.*$/gm, '').replace(/epoch_ns\(\w+\)/g, 'ns');
    assert.ok(!LOSSY.test(statement), path);
  }
  for (const lossy of ['max(time) - min(time)', "time + INTERVAL '1 second'", "date_trunc('second', time)"]) {
    assert.match(lossy, LOSSY);
  }
});

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { importOtlp } from '../../../src/import/otlp.js';
import { ktapeRows, logRequest } from '../../capture/recorder_process.js';
import { scratch } from '../../scratch.js';

const OPTIONS = { tool: 'ktape test', now: 5n, node: 'n1' };

test('JSON lines become rows; what comes after a broken line is told and noted as a loss', async (t) => {
  const folder = scratch(t);
  const file = join(folder, 'logs.jsonl');
  const lines = [logRequest('a'), logRequest('b')].map((request) => JSON.stringify(request));
  await writeFile(file, `${lines.join('\n')}\n{"resourceLogs": 7}\n`);
  const out = join(folder, 'tape');
  const { records, problems } = await importOtlp([file], out, OPTIONS);
  assert.equal(records, 2);
  assert.match(problems.join(), /logs\.jsonl: line 3: /);
  assert.deepEqual(ktapeRows(out, 'SELECT body, node FROM log_records ORDER BY body'), [
    ['a', 'n1'],
    ['b', 'n1'],
  ]);
  assert.deepEqual(ktapeRows(out, 'SELECT source, reason FROM losses'), [['otlp', 'undecodable request']]);
});

test('a file without a record leaves no tape', async (t) => {
  const folder = scratch(t);
  const file = join(folder, 'other.json');
  await writeFile(file, '{"hello": 1}');
  const out = join(folder, 'tape');
  await assert.rejects(
    importOtlp([file], out, OPTIONS),
    /^KtapeError: \S+other\.json: line 1: expected an object with resourceSpans/,
  );
  assert.equal(existsSync(out), false);
});

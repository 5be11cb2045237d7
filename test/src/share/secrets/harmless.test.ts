import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { cellText } from '../../../../src/query/cell.js';
import { TapeDatabase } from '../../../../src/query/tape_database.js';
import { findSecrets } from '../../../../src/share/secrets/find_secrets.js';
import { openTape } from '../../../../src/tape/tape.js';
import { repository } from '../../../repository.js';
import { scratch } from '../../../scratch.js';

const wordsOf = (text: string) => text.split(/\s+/).filter((word) => word !== '').length;

/** Counts what is cut of rows in which no secret is, and holds it under one row and two words in a hundred. */
function keepsHarmless(t: TestContext, rows: readonly string[]): void {
  let words = 0;
  let cutWords = 0;
  const cuts: string[] = [];
  for (const row of rows) {
    const secrets = findSecrets(row);
    words += wordsOf(row);
    if (secrets.length > 0) cuts.push(row);
    for (const { start, end } of secrets) cutWords += wordsOf(row.slice(start, end));
  }
  t.diagnostic(`${rows.length} rows, ${cuts.length} touched; ${words} words, ${cutWords} cut`);
  assert.ok(words > 500, `only ${words} words to try it on`);
  assert.ok(
    cuts.length <= rows.length * 0.01,
    `${cuts.length} of ${rows.length} rows touched: ${cuts.slice(0, 5).join('\n')}`,
  );
  assert.ok(cutWords < words * 0.02, `${cutWords} of ${words} words cut`);
}

const lines = (text: string) => text.split('\n').filter((line) => line !== '');
const linesOf = (files: readonly string[]) => files.flatMap((file) => lines(readFileSync(file, 'utf8')));

test('harmless: log bodies, statuses, names and objects of the recorded tape', async (t) => {
  const tape = await openTape(join(repository, 'fixtures/tapes/checkout-outage.tape'));
  const database = await TapeDatabase.open(tape, scratch(t));
  t.after(() => database.close());
  const rows = await database.rows(`
    SELECT body FROM log_records UNION ALL SELECT name || ' ' || coalesce(status_message, '') FROM spans
    UNION ALL SELECT attributes::VARCHAR FROM spans UNION ALL SELECT object FROM kubernetes_objects`);
  keepsHarmless(
    t,
    rows.map(([cell]) => (cell == null ? '' : cellText(cell))),
  );
});

test('harmless: the manual, the queries and the manifests', (t) => {
  const files = ['queries', 'capture/deploy', 'fixtures']
    .flatMap((folder) =>
      readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
        join(folder, file),
      ),
    )
    .filter((file) => /\.(?:sql|ya?ml)$/.test(file));
  keepsHarmless(
    t,
    linesOf(['README.md', 'package-lock.json', ...files].map((file) => join(repository, file))),
  );
});

test('harmless: what Node.js says when programs fail', (t) => {
  const programs = [
    'null.x',
    'JSON.parse("{")',
    'require("missing")',
    'new URL("x")',
    'Buffer.alloc(-1)',
    'f(',
    'x = 1; x()',
  ];
  const said = Array.from({ length: 3 }, () => programs)
    .flat()
    .flatMap((program) => lines(failureOf(program)));
  keepsHarmless(t, said);
});

function failureOf(program: string): string {
  try {
    return execFileSync(process.execPath, ['-e', program], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    return error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
  }
}

for (const [name, file] of [
  ['the package manager', '/var/log/dpkg.log'],
  ['apt', '/var/log/apt/term.log'],
] as const)
  test(`harmless: the log of ${name}`, { skip: !existsSync(file) && `this machine has no ${file}` }, (t) =>
    keepsHarmless(t, linesOf([file])),
  );

test('harmless: the log of the kernel', (t) => {
  let log: string;
  try {
    log = execFileSync('/bin/dmesg', { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    t.skip('dmesg is not allowed here');
    return;
  }
  if (wordsOf(log) <= 500) t.skip('the kernel log is short here');
  else keepsHarmless(t, lines(log));
});

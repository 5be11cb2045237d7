import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { cannedQueries } from '../../../src/query/canned.js';
import { openTape } from '../../../src/tape/tape.js';
import { toolName } from '../../../src/tape/tool.js';
import { assertGolden } from '../../golden.js';
import { repository } from '../../repository.js';
import { scratch } from '../../scratch.js';
import { writeTinyTape } from '../../tiny_tape.js';
import { runCaptured } from './captured_terminal.js';
import { writeSampleTape } from './sample_tape.js';

const DROPPED = 'network/dropped_by_policy';

/** Command lines by the name of their golden; TAPE stands for the sample tape. */
const COMMANDS: Readonly<Record<string, string>> = {
  help: '--help',
  'help-record': 'help record',
  'help-pin': 'pin --help',
  'help-collect': 'collect --help',
  'help-import': 'import --help',
  'help-import-otlp': 'import otlp --help',
  'help-import-kubernetes': 'import kubernetes --help',
  'help-import-hubble': 'import hubble --help',
  'help-import-netobserv': 'import netobserv --help',
  'help-import-must-gather': 'import must-gather --help',
  'help-import-support-bundle': 'import support-bundle --help',
  'help-import-jaeger': 'import jaeger --help',
  'help-merge': 'merge --help',
  'help-cut': 'cut --help',
  'help-export': 'export --help',
  'help-export-otlp': 'export otlp --help',
  'help-export-parquet': 'export parquet --help',
  'help-export-csv': 'export csv --help',
  'help-export-arrow': 'export arrow --help',
  'help-share': 'share --help',
  'help-unmask': 'unmask --help',
  'help-info': 'info --help',
  'help-verify': 'verify --help',
  'help-schema': 'schema --help',
  'help-queries': 'queries --help',
  'help-report': 'report --help',
  'help-sql': 'sql --help',
  info: 'info TAPE',
  verify: 'verify TAPE',
  'schema-table': 'schema TAPE --table pod_addresses',
  'schema-json': 'schema --table losses --format json',
  'schema-csv': 'schema losses --format csv',
  queries: 'queries',
  'queries-tape': 'queries TAPE',
  'queries-name': 'queries network/drops',
  sql: 'sql TAPE SELECT|time,|name,|duration_ns|FROM|spans|ORDER|BY|time',
  'sql-json': 'sql TAPE SELECT|*|EXCLUDE|object|FROM|pods|ORDER|BY|name --format json',
  'sql-csv': 'sql TAPE FROM|pod_addresses|ORDER|BY|name --format csv',
  'report-dropped': `report TAPE ${DROPPED}`,
  'report-dropped-json': `report TAPE ${DROPPED} --format json`,
  'report-dropped-csv': `report TAPE ${DROPPED} --format csv`,
  'report-slow-spans': 'report TAPE traces/slow_spans',
  'report-drops': 'report TAPE network/drops',
  'report-drops-empty':
    'report TAPE network/drops --since 2026-11-22T10:00:06.2Z --until 2026-11-22T10:00:06.3Z',
  'report-losses-ndjson': 'report TAPE recording/losses --format ndjson',
  'error-verb': 'reprot TAPE',
  'error-option': 'sql TAPE --formt json',
  'error-format': 'sql TAPE FROM|pods --format xml',
  'error-argument': 'report TAPE',
  'error-report': 'report TAPE network/dropped_by_polcy',
  'error-parameter': 'report TAPE network/drops --param pot=3',
  'error-table': 'sql TAPE FROM|span',
  'error-not-captured': 'sql TAPE FROM|log_records',
  'error-writes': 'sql TAPE DROP|VIEW|pods',
  'error-tape': 'info nowhere.tape',
};

async function sampleTape(t: TestContext): Promise<{ tape: string; temporary: string }> {
  const temporary = scratch(t);
  return { tape: await writeSampleTape(temporary), temporary };
}

/** What was written, with what differs from run to run made the same. */
async function settled(text: string, tape: string): Promise<string> {
  const { manifest } = await openTape(tape);
  const sizes = Object.values(manifest.tables).flatMap((segments) => segments.map(({ bytes }) => `${bytes}`));
  return sizes
    .reduce((settled, size) => settled.replaceAll(size, '#'.repeat(4).padStart(size.length)), text)
    .replaceAll(tape, 'TAPE')
    .replaceAll(toolName(), 'ktape VERSION');
}

for (const [name, line] of Object.entries(COMMANDS)) {
  test(`ktape ${line.replaceAll('|', ' ')}`, async (t) => {
    const { tape, temporary } = await sampleTape(t);
    const args = line.split(' ').map((word) => (word === 'TAPE' ? tape : word.replaceAll('|', ' ')));
    const { status, stdout, stderr } = await runCaptured(args, { temporary, width: 80 });
    const parts = [`status ${status}`, `-- stdout\n${stdout}`, `-- stderr\n${stderr}`];
    assertGolden(`test/src/cli/goldens/${name}.txt`, await settled(parts.join('\n'), tape));
  });
}

test('every help page and table fits 80 columns', () => {
  for (const name of Object.keys(COMMANDS).filter((name) =>
    /^help|^(info|report-dropped|queries)$/.test(name),
  )) {
    const long = readFileSync(join(repository, `test/src/cli/goldens/${name}.txt`), 'utf8')
      .split('\n')
      .filter((line) => line.length > 80);
    assert.deepEqual(long, [], name);
  }
});

test('sql takes its statement from a file or from standard input, and its parameters from options', async (t) => {
  const { tape, temporary } = await sampleTape(t);
  const sql = 'SELECT count(*) AS n, $who AS who FROM packet_drops WHERE time >= $since AND time < $until';
  const options = ['--param', 'who=a=b', '--since', '2026-11-22T10:00:05Z', '--format', 'ndjson'];
  const { status, stdout } = await runCaptured(['sql', tape, '-', ...options], { temporary, input: sql });
  assert.deepEqual({ status, stdout }, { status: 0, stdout: '{"n":"3","who":"a=b"}\n' });
  const neither = await runCaptured(['sql', tape], { temporary });
  assert.deepEqual(neither, {
    status: 2,
    stdout: '',
    stderr: 'ktape: give one statement: as an argument, as - for standard input, or by --file\n',
  });
  const missing = await runCaptured(['sql', tape, '--file', join(temporary, 'none.sql')], { temporary });
  assert.equal(missing.status, 2);
  assert.match(missing.stderr, /^ktape: --file .*none\.sql: no such file or directory\n$/);
});

test('a parameter that the statement does not have is a misuse', async (t) => {
  const { tape, temporary } = await sampleTape(t);
  for (const [option, name] of [
    ['--param=id=7', 'id'],
    ['--since=2026-11-22T10:00:05Z', 'since'],
  ] as const) {
    assert.deepEqual(await runCaptured(['sql', tape, 'FROM pods', option], { temporary }), {
      status: 2,
      stdout: '',
      stderr: `ktape: the statement has no parameter $${name}, so that its value would change nothing\n`,
    });
  }
});

test('what a question lacks is a list in JSON, each table once', async (t) => {
  const temporary = scratch(t);
  const tape = await writeTinyTape(temporary, { packet_drops: [] });
  const { stdout } = await runCaptured(['queries', tape, '--format', 'json'], { temporary });
  assert.deepEqual(
    JSON.parse(stdout).map(({ lacks }: { lacks: string[] }) => lacks),
    [['kubernetes_objects'], [], [], ['spans']],
  );
  const file = join(tape, 'tape.json');
  assert.equal(
    (await runCaptured(['queries', file], { temporary })).stderr,
    `ktape: ${file}: not a tape; a tape is a directory, a .tape.tar or a .tape.tar.age\n`,
  );
});

test('one is not many', async (t) => {
  const temporary = scratch(t);
  const tape = await writeTinyTape(temporary, { recorder_health: [{ time: '10:00:00' }] });
  const { stderr } = await runCaptured(['verify', tape], { temporary });
  assert.equal(stderr, '1 segment, 0 damaged\n');
});

test('a canned question can be copied into sql, with its parameters and their defaults', async (t) => {
  const { tape, temporary } = await sampleTape(t);
  for (const { name } of cannedQueries()) {
    const { stdout: input } = await runCaptured(['queries', name], { temporary });
    const copied = await runCaptured(['sql', tape, '-', '--format', 'csv'], { temporary, input });
    const report = await runCaptured(['report', tape, name, '--format', 'csv'], { temporary });
    assert.deepEqual(
      { status: copied.status, stdout: copied.stdout },
      { status: 0, stdout: report.stdout },
      name,
    );
  }
});

test('a report that the tape cannot answer fails, and its JSON has no rows', async (t) => {
  const temporary = scratch(t);
  const tape = await writeSampleTape(temporary);
  const manifest = JSON.parse(readFileSync(join(tape, 'tape.json'), 'utf8'));
  const { spans: _, ...tables } = manifest.tables;
  writeFileSync(join(tape, 'tape.json'), JSON.stringify({ ...manifest, tables }));
  const { status, stdout } = await runCaptured(['report', tape, 'traces/slow_spans', '--format', 'json'], {
    temporary,
  });
  assert.equal(status, 1);
  const { rows, coverage } = JSON.parse(stdout);
  assert.deepEqual({ rows, complete: coverage.complete }, { rows: null, complete: false });
  const text = await runCaptured(['report', tape, 'traces/slow_spans'], { temporary });
  assert.equal(text.stdout, '');
  assert.match(text.stderr, /^traces\/slow_spans cannot be answered from this tape\./);
});

test('escape sequences in data never reach the terminal', async (t) => {
  const { tape, temporary } = await sampleTape(t);
  for (const format of ['table', 'csv', 'json', 'ndjson']) {
    const lines = [
      ['sql', tape, 'SELECT chr(27) || \'[2J\' AS "a\u001b[2J", chr(155) AS b', '--format', format],
      ['report', tape, 'traces/slow_spans', '--format', format],
      ['sql', tape, "SELECT '\u001b[2J' AS b, nothing", '--format', format],
    ];
    for (const args of lines) {
      const { stdout, stderr } = await runCaptured(args, { temporary, width: 80 });
      assert.doesNotMatch(stdout + stderr, /[^\r\n\P{Cc}]/u, args.join(' '));
    }
  }
});

import assert from 'node:assert/strict';
import { appendFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Cell } from '../../../src/query/cell.js';
import { TapeDatabase } from '../../../src/query/tape_database.js';
import { openTape } from '../../../src/tape/tape.js';
import { repository } from '../../repository.js';
import { scratch } from '../../scratch.js';
import { observed, type TinyTables, writeTinyTape } from '../../tiny_tape.js';
import { runCaptured } from '../cli/captured_terminal.js';

const RECORDED = join(repository, 'fixtures/tapes/checkout-outage.tape');

/** Runs `ktape cut` and says what it said; the new tape is `cut.tape` in the directory. */
async function cut(directory: string, tape: string, ...options: readonly string[]): Promise<string> {
  const output = join(directory, 'cut.tape');
  const { stderr } = await runCaptured(['cut', tape, '-o', output, ...options], { temporary: directory });
  return stderr.replaceAll(directory, 'DIR');
}

async function rows(t: TestContext, tape: string, sql: string): Promise<(readonly Cell[])[]> {
  const database = await TapeDatabase.open(await openTape(tape), scratch(t));
  try {
    return await database.rows(sql);
  } finally {
    database.close();
  }
}

const pod = (namespace: string, name: string, address: string) => ({
  kind: 'Pod',
  metadata: { namespace, name },
  status: { phase: 'Running', podIP: address },
});

const drop = (time: string, source: string, destination: string) => ({
  time,
  reason: 'NETFILTER_DROP',
  source_address: source,
  destination_address: destination,
  protocol: 'TCP',
});

const TWO_NAMESPACES: TinyTables = {
  kubernetes_objects: [
    { time: '10:00:01', observed: 'listed', kind: 'PodList', api_version: 'v1', object: '{}' },
    observed('10:00:01', 'listed', pod('shop', 'web', '10.0.0.1')),
    observed('10:00:01', 'listed', pod('bank', 'db', '10.0.0.2')),
    observed('10:00:01', 'listed', pod('bank', 'idle', '10.0.0.3')),
    observed('10:00:10', 'deleted', pod('bank', 'idle', '10.0.0.3')),
    observed('10:00:50', 'modified', pod('shop', 'web', '10.0.0.9')),
  ],
  packet_drops: [
    drop('10:00:20', '10.0.0.1', '10.0.0.2'),
    drop('10:00:21', '10.0.0.2', '10.0.0.8'),
    drop('10:00:40', '10.0.0.2', '10.0.0.1'),
  ],
  spans: [
    { time: '10:00:20', row_id: 1, name: 'GET', k8s_namespace_name: 'shop' },
    { time: '10:00:25', row_id: 2, name: 'SELECT', k8s_namespace_name: 'bank' },
    { time: '10:00:45', row_id: 3, name: 'PUT', k8s_namespace_name: 'shop' },
  ],
  span_events: [
    { time: '10:00:20', span_row_id: 1, name: 'begun' },
    { time: '10:00:26', span_row_id: 2, name: 'queried' },
    { time: '10:00:46', span_row_id: 1, name: 'ended long after' },
  ],
  losses: [],
};

test('a window has the rows of its time, what belongs to them, and the objects that there were', async (t) => {
  const directory = scratch(t);
  const tape = await writeTinyTape(directory, TWO_NAMESPACES);
  assert.equal(
    await cut(directory, tape, '--since', '2026-11-22T10:00:18Z', '--until', '2026-11-22T10:00:30Z'),
    'DIR/cut.tape: 10 rows\n',
  );
  const made = join(directory, 'cut.tape');
  assert.deepEqual(await rows(t, made, `SELECT strftime(time, '%S'), source_address FROM packet_drops`), [
    ['20', '10.0.0.1'],
    ['21', '10.0.0.2'],
  ]);
  assert.deepEqual(await rows(t, made, 'SELECT name FROM spans UNION ALL SELECT name FROM span_events'), [
    ['GET'],
    ['SELECT'],
    ['begun'],
    ['queried'],
    ['ended long after'],
  ]);
  // The pod that had been deleted is not there, nor what it was called later.
  assert.deepEqual(await rows(t, made, 'SELECT namespace, name FROM kubernetes_objects ORDER BY ALL'), [
    ['bank', 'db'],
    ['shop', 'web'],
    [null, null],
  ]);
  const { manifest } = await openTape(made);
  assert.deepEqual(
    [manifest.state, manifest.started, manifest.ended],
    ['complete', '2026-11-22T10:00:18.000000000Z', '2026-11-22T10:00:30.000000000Z'],
  );
});

test('an object that was imported, and that no first list can be without, is there', async (t) => {
  const directory = scratch(t);
  const tape = await writeTinyTape(directory, {
    kubernetes_objects: [
      observed('10:00:01', 'imported', pod('shop', 'web', '10.0.0.1')),
      { time: '10:00:01', observed: 'imported', kind: 'PodList', api_version: 'v1', object: '{}' },
    ],
    packet_drops: [drop('10:00:40', '10.0.0.1', '10.0.0.2')],
    losses: [],
  });
  await cut(directory, tape, '--since', '2026-11-22T10:00:30Z');
  const names = 'SELECT name FROM kubernetes_objects ORDER BY ALL';
  assert.deepEqual(await rows(t, join(directory, 'cut.tape'), names), [['web'], [null]]);
});

test('a namespace has its rows, both ends of its traffic, and says what is left out', async (t) => {
  const directory = scratch(t);
  const tape = await writeTinyTape(directory, TWO_NAMESPACES);
  assert.equal(
    await cut(directory, tape, '--namespace', 'shop'),
    'DIR/cut.tape: 10 rows; left out of the window: 2 of kubernetes_objects, 1 of packet_drops, 1 of spans, 1 of span_events\n',
  );
  const made = join(directory, 'cut.tape');
  assert.deepEqual(await rows(t, made, `SELECT source_address, destination_address FROM packet_drops`), [
    ['10.0.0.1', '10.0.0.2'],
    ['10.0.0.2', '10.0.0.1'],
  ]);
  assert.deepEqual(await rows(t, made, `SELECT DISTINCT namespace, name FROM pods ORDER BY ALL`), [
    ['bank', 'db'],
    ['shop', 'web'],
  ]);
  assert.deepEqual(
    await rows(t, made, `SELECT table_name, reason, count FROM losses WHERE table_name = 'spans'`),
    [['spans', 'left out by cut', '1']],
  );
  const { stdout } = await runCaptured(['report', made, 'network/drops'], { temporary: directory });
  assert.match(stdout, /Left out of this part of the recording: 1 row of packet_drops/);
});

test('segments within the window stay as they are, byte by byte', async (t) => {
  const directory = scratch(t);
  await cut(directory, RECORDED, '--until', '2026-11-22T21:04:41Z');
  const [whole, part] = [await openTape(RECORDED), await openTape(join(directory, 'cut.tape'))];
  assert.deepEqual(part.manifest.tables, whole.manifest.tables);
  const { stdout } = await runCaptured(['verify', part.directory], { temporary: directory });
  assert.match(stdout, /ok/);
});

test('what cannot be cut is told, and leaves nothing behind', async (t) => {
  const directory = scratch(t);
  const tape = await writeTinyTape(directory, TWO_NAMESPACES);
  for (const [options, said] of [
    [['--namespace', 'shp'], /nothing of a namespace "shp" \(did you mean shop\?\); it has bank, shop/],
    [['--table', 'span'], /--table span: no such table \(did you mean spans\?\)/],
    [['--table', 'flows'], /--table flows: not captured in this tape/],
    [
      ['--since', '2027-01-01'],
      /of 2026-11-22T10:00:00Z to 2026-11-22T10:01:00Z; nothing of it is after --since/,
    ],
    [['--since', 'noon'], /"noon" is not a time/],
    [['--since', '2026-11-22T10:00:30Z', '--until', '2026-11-22T10:00:20Z'], /is not before --until/],
  ] as const) {
    assert.match(await cut(directory, tape, ...options), said);
  }
  const { manifest } = await openTape(tape);
  const [segment] = manifest.tables.spans ?? [];
  assert.ok(segment);
  await appendFile(join(tape, segment.path), 'x');
  assert.match(await cut(directory, tape, '--namespace', 'shop'), /spans\S+: not a Parquet file/);
  assert.match(await cut(directory, tape, '--until', '2026-11-22T10:00:30Z'), /spans\S+: \d+ bytes long/);
  assert.match(await cut(directory, tape, '--since', '2026-11-22T09:00:00Z'), /SHA-256 differs/);
  assert.deepEqual(await readdir(directory), ['tape']);
});

test('rows that are chosen from several row groups stay in the order of time', async (t) => {
  const directory = scratch(t);
  const drops = Array.from({ length: 140_000 }, (_, i) =>
    drop(`10:00:${String(20 + i / 7_000).slice(0, 9)}`, i % 2 === 0 ? '10.0.0.1' : '10.0.0.7', '192.0.2.1'),
  );
  const tape = await writeTinyTape(directory, { ...TWO_NAMESPACES, packet_drops: drops });
  assert.match(
    await cut(directory, tape, '--namespace', 'shop'),
    /left out of the window: .*70000 of packet_drops/,
  );
  const { stdout } = await runCaptured(['verify', join(directory, 'cut.tape'), '--format', 'csv'], {
    temporary: directory,
  });
  assert.match(stdout, /^packet_drops\S+,70000,ok/m);
});

test('a cut without a part is refused, and one of a tape that was not completed says so', async (t) => {
  const directory = scratch(t);
  const tape = await writeTinyTape(
    directory,
    { packet_drops: [drop('10:00:20', '10.0.0.1', '10.0.0.2')] },
    {
      state: 'recording',
    },
  );
  assert.equal(
    await cut(directory, tape),
    'ktape: which part? Give --since, --until, --namespace or --table\n',
  );
  assert.equal(
    await cut(directory, tape, '--table', 'packet_drops'),
    'DIR/tape was not completed: what came after 2026-11-22T10:00:00Z is not in it.\nDIR/cut.tape: 1 row\n',
  );
  const { stdout, stderr } = await runCaptured(
    ['sql', join(directory, 'cut.tape'), 'SELECT count(*) AS n FROM packet_drops', '--format', 'csv'],
    { temporary: directory },
  );
  assert.deepEqual(
    [stdout, stderr],
    ['n\r\n1\r\n', 'The tape was not completed: what came after 2026-11-22T10:00:00Z is not in it.\n'],
  );
});

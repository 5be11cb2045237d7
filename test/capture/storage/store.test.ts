import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Journal } from '../../../capture/storage/journal.js';
import { Store } from '../../../capture/storage/store.js';
import { packetDrops } from '../../../src/schema/tables/packet_drops.js';
import type { Loss } from '../../../src/tape/loss_row.js';
import { OpenBatches } from '../../../src/tape/open_batches.js';
import { openTape } from '../../../src/tape/tape.js';
import { TapeWriter } from '../../../src/tape/writer.js';
import { scratch } from '../../scratch.js';

const OPTIONS = { tool: 'ktape 0', started: 0n, nodes: [] };
const ROWS = 1000;

/** Adds a thousand rows of drops, one each nanosecond from `first` on. */
function addDrops(batches: OpenBatches, first: bigint): void {
  const { columns } = batches.of(packetDrops);
  const { time, reason, length, segments, ...others } = columns;
  for (let i = 0; i < ROWS; i++) {
    time.appendBigint(first + BigInt(i));
    reason.appendString('NO_SOCKET');
    length.append(60);
    segments.append(1);
    for (const column of Object.values(others)) column.appendNull();
  }
}

/** A store that seals at a thousand drops, and is full at three times as many. */
async function smallStore(t: TestContext) {
  const directory = join(scratch(t), 'tape');
  const writer = await TapeWriter.create(directory, OPTIONS);
  const journal = await Journal.open(directory, 1);
  t.after(() => journal.close());
  const batches = new OpenBatches('n1');
  const [lost, said]: [Loss[], (string | undefined)[]] = [[], []];
  const sample = new OpenBatches('n1');
  addDrops(sample, 0n);
  const limits = {
    sealAtBytes: sample.bytes,
    journalAtBytes: 1 << 20,
    fullAtBytes: Math.floor(3.5 * sample.bytes),
  };
  const owner = {
    measure: () => undefined,
    seenUntil: () => 7n,
    clock: () => 8n,
    makeRoom: async () => undefined,
    shed: (loss: Loss) => lost.push(loss),
    onProblem: (problem: string | undefined) => said.push(problem),
  };
  return { directory, batches, store: new Store(batches, journal, writer, owner, limits), lost, said };
}

test('while the disk takes nothing the oldest kernel rows are shed and told; later the others are written', async (t) => {
  const { directory, batches, store, lost, said } = await smallStore(t);
  await writeFile(join(directory, 'packet_drops'), 'in the way of the directory');
  addDrops(batches, 1n);
  await assert.rejects(store.seal(), /packet_drops/);
  for (const first of [1001n, 2001n, 3001n, 4001n]) {
    addDrops(batches, first);
    store.tend();
  }
  const shed = { table: 'packet_drops', source: 'recorder', reason: 'memory full', count: 1000n };
  const detail = `kept in memory until it was full: ${said[0]}`;
  assert.deepEqual(lost, [
    { ...shed, since: 1n, until: 1000n, detail },
    { ...shed, since: 1001n, until: 2000n, detail },
  ]);
  assert.equal(store.full, false);
  await rm(join(directory, 'packet_drops'));
  await store.write();
  const { tables, seen_until } = (await openTape(directory)).manifest;
  assert.deepEqual(
    tables.packet_drops?.map(({ rows, first_time }) => [rows, first_time]),
    [
      [1000, '1970-01-01T00:00:00.000002001Z'],
      [1000, '1970-01-01T00:00:00.000003001Z'],
      [1000, '1970-01-01T00:00:00.000004001Z'],
    ],
  );
  assert.equal(seen_until, '1970-01-01T00:00:00.000000007Z');
  assert.equal(said.length, 2);
  assert.equal(said[1], undefined);
});

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { cutTape } from '../../../src/convert/cut/cut.js';
import type { Wanted } from '../../../src/convert/cut/cutting.js';
import type { Cell } from '../../../src/query/cell.js';
import { TapeDatabase } from '../../../src/query/tape_database.js';
import { openTape } from '../../../src/tape/tape.js';
import { formatTime } from '../../../src/tape/time.js';
import { type TinyTables, tinyTime, writeTinyTape } from '../../tiny_tape.js';
import { NAMESPACES, randomCluster } from './random_cluster.js';

/** Verdicts of a window, on connections with an end in one of the namespaces. */
async function verdicts(
  path: string,
  temporary: string,
  { since, until, namespaces }: Wanted,
): Promise<(readonly Cell[])[]> {
  const database = await TapeDatabase.open(await openTape(path), temporary);
  const bound = (time: bigint) => `TIMESTAMP_NS '${formatTime(time).slice(0, -1)}'`;
  const either = namespaces.map((name) => `'${name}' IN (source_namespace, destination_namespace)`);
  const conditions = [
    ...(since === undefined ? [] : [`time >= ${bound(since)}`]),
    ...(until === undefined ? [] : [`time < ${bound(until)}`]),
    ...(either.length === 0 ? [] : [`(${either.join(' OR ')})`]),
  ];
  try {
    // What changed before the window, and whether that was before the denial, only the whole tape knows.
    const rows = await database.rows(`
      SELECT * EXCLUDE (changed_time, changed_object, change, allowed_before)
      FROM policy_verdicts WHERE ${['true', ...conditions].join(' AND ')} ORDER BY ALL`);
    return rows.map((row) => row.map(holdersSorted));
  } finally {
    database.close();
  }
}

/** Nor who was first seen with an address that several pods claim: they are told in that order. */
function holdersSorted(cell: Cell): Cell {
  if (typeof cell !== 'string') return cell;
  return cell.replace(/(?<=is held by )[\w/-]+(?: and [\w/-]+)+/g, (names) =>
    names.split(' and ').sort().join(' and '),
  );
}

async function compare(tables: TinyTables, wanted: Wanted): Promise<number> {
  const parent = await mkdtemp(join(tmpdir(), 'ktape-cut-'));
  try {
    const whole = await writeTinyTape(parent, tables);
    const part = join(parent, 'part');
    await cutTape(await openTape(whole), part, wanted, { tool: 'ktape test', temporary: parent });
    const expected = await verdicts(whole, parent, wanted);
    assert.deepEqual(await verdicts(part, parent, wanted), expected);
    return expected.length;
  } finally {
    await rm(parent, { recursive: true });
  }
}

const window = fc
  .tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 40 }))
  .map(([start, seconds]) => {
    const since = tinyTime('10:00:00') + BigInt(start) * 1_000_000_000n;
    return { since, until: since + BigInt(seconds) * 1_000_000_000n };
  });

const OPTIONS = { numRuns: 12, endOnFailure: true };

test('a window of a tape gives the verdicts that the whole tape gives of that window', async (t) => {
  let rows = 0;
  await fc.assert(
    fc.asyncProperty(randomCluster, window, async (tables, bounds) => {
      rows += await compare(tables, { ...bounds, namespaces: [], tables: [] });
    }),
    OPTIONS,
  );
  assert.ok(rows > 0);
  t.diagnostic(`${rows} verdicts compared`);
});

test('a namespace of a tape gives the verdicts that the whole tape gives of its pods', async (t) => {
  let rows = 0;
  const wanted = fc.record({
    namespaces: fc.subarray([...NAMESPACES], { minLength: 1 }),
    bounds: fc.option(window),
  });
  await fc.assert(
    fc.asyncProperty(randomCluster, wanted, async (tables, { namespaces, bounds }) => {
      rows += await compare(tables, { ...bounds, namespaces, tables: [] });
    }),
    OPTIONS,
  );
  assert.ok(rows > 0);
  t.diagnostic(`${rows} verdicts compared`);
});

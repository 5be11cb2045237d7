import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { DiskLimits } from '../../../../capture/storage/retention/limits.js';
import { Merging } from '../../../../capture/storage/retention/merging.js';
import { Retention } from '../../../../capture/storage/retention/retention.js';
import { storedSegments } from '../../../../capture/storage/retention/stored_segment.js';
import type { Cell } from '../../../../src/query/cell.js';
import { TapeDatabase } from '../../../../src/query/tape_database.js';
import { readPins } from '../../../../src/tape/pins.js';
import { openTape } from '../../../../src/tape/tape.js';
import { TapeWriter } from '../../../../src/tape/writer.js';
import { scratch } from '../../../scratch.js';
import { type TinyTables, tinyBatches, tinyTime } from '../../../tiny_tape.js';

/** A recording of one node, kept within limits by a clock that the test sets. */
export interface SmallTape {
  readonly directory: string;
  readonly writer: TapeWriter;
  readonly retention: Retention;
  readonly merging: Merging;
  readonly said: readonly string[];
  /** Makes room and seals these rows, as the recorder does, at that time of day. */
  readonly seal: (time: string, tables: TinyTables) => Promise<void>;
  /** The answer of the tape as it is now. */
  readonly rows: (sql: string) => Promise<(readonly Cell[])[]>;
}

/** A tape begun at ten o'clock that captures these tables. */
export async function smallTape(
  t: TestContext,
  limits: DiskLimits,
  tables: readonly string[] = ['spans', 'kubernetes_objects', 'cgroups', 'losses'],
): Promise<SmallTape> {
  const directory = join(scratch(t), 'tape');
  const nodes = [{ name: 'node-1', kernel: '6.1.0', architecture: 'x64', boot_time: null }];
  const writer = await TapeWriter.create(directory, { tool: 'ktape', started: tinyTime('10:00:00'), nodes });
  await writer.describe([], tables);
  const said: string[] = [];
  const say = (line: string) => said.push(line);
  let now = tinyTime('10:00:00');
  const clock = () => now;
  const retention = new Retention(writer, limits, { say, clock, seenUntil: clock, seal: () => undefined });
  const merging = new Merging(writer, limits, {
    segments: async () => storedSegments(writer.segments, (await readPins(directory)).pins),
    makeRoom: (bytes) => retention.makeRoom(bytes),
    say,
  });
  return {
    directory,
    writer,
    retention,
    merging,
    said,
    seal: async (time, rows) => {
      now = tinyTime(time);
      const batches = tinyBatches(rows);
      await retention.makeRoom(batches.reduce((sum, { bytes }) => sum + bytes, 0));
      await writer.seal(batches, { journal: 0, seen: now, received: now });
    },
    rows: async (sql) => {
      const database = await TapeDatabase.open(await openTape(directory), scratch(t));
      try {
        return await database.rows(sql);
      } finally {
        database.close();
      }
    },
  };
}

import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InvalidFileError } from '../../errors.js';
import { copySegment } from '../../tape/copy_segment.js';
import { makeDirectory, syncedFile, TEMPORARY } from '../../tape/durable_file.js';
import type { Segment } from '../../tape/manifest.js';
import { segmentPath } from '../../tape/segment_path.js';
import { sqlList, sqlText } from '../../tape/sql/literals.js';
import { writeRows } from '../../tape/sql/segments.js';
import { segmentFile, type Tape } from '../../tape/tape.js';
import { formatTime } from '../../tape/time.js';
import { segmentDamage } from '../../tape/verify_bytes.js';
import type { SegmentDatabase } from '../segment_database.js';

/** Which rows: all of the window, and those of them that are chosen; conditions in SQL. */
interface Conditions {
  readonly within: string;
  readonly chosen: string;
}

/** Likewise, as statements that select all columns of the table from a list of files. */
interface Selections {
  readonly within: (files: readonly string[]) => string;
  readonly chosen: (files: readonly string[]) => string;
}

/** A segment of the chosen rows, if there are any, and how many others the window has. */
interface Part {
  readonly segment: Segment | undefined;
  readonly leftOut: bigint;
}

/** Takes segments over to another tape, whole or in part. */
export class SegmentCutter {
  private serial = 0;

  constructor(
    private readonly tape: Tape,
    private readonly directory: string,
    private readonly database: SegmentDatabase,
    /** When the window begins: part of the new segments' names. */
    private readonly started: bigint,
  ) {}

  /** Copies the segment's file. */
  async copy(segment: Segment): Promise<Segment> {
    const to = join(this.directory, segment.path);
    await makeDirectory(dirname(to));
    await copySegment(await segmentFile(this.tape, segment), to, segment);
    return segment;
  }

  /** Takes over the chosen rows of a segment. */
  async filter(table: string, segment: Segment, { within, chosen }: Conditions): Promise<Part> {
    const file = sqlList([await this.verified(segment)]);
    const [inWindow, count] = (await this.database.row(
      `SELECT count(*), count(*) FILTER (${chosen}) FROM read_parquet(${file}) WHERE ${within}`,
    )) as [bigint, bigint];
    const leftOut = inWindow - count;
    if (count === 0n) return { segment: undefined, leftOut };
    if (count === BigInt(segment.rows)) return { segment: await this.copy(segment), leftOut };
    // A choice that looks rows up in tables may give them in another order than they are in the file.
    const rows = `
      SELECT * EXCLUDE (file_row_number) FROM read_parquet(${file}, file_row_number = true)
      WHERE (${within}) AND (${chosen}) ${chosen === 'true' ? '' : 'ORDER BY file_row_number'}`;
    return { segment: await this.write(table, segment.node, rows), leftOut };
  }

  /** Makes one segment of the chosen rows of several of one node. */
  async combine(table: string, segments: readonly Segment[], { within, chosen }: Selections): Promise<Part> {
    const [first] = segments;
    if (first === undefined) return { segment: undefined, leftOut: 0n };
    const verified: string[] = [];
    for (const segment of segments) verified.push(await this.verified(segment));
    const [inWindow] = (await this.database.row(`SELECT count(*) FROM (${within(verified)})`)) as [bigint];
    const segment = await this.write(table, first.node, chosen(verified));
    return { segment, leftOut: inWindow - BigInt(segment?.rows ?? 0) };
  }

  private async verified(segment: Segment): Promise<string> {
    const file = await segmentFile(this.tape, segment);
    const damage = await segmentDamage(this.tape, segment);
    if (damage !== undefined)
      throw new InvalidFileError(file, damage.split(`${segment.path}: `).at(-1) ?? '');
    return file;
  }

  /** Writes rows, in the order of time, to a new segment. */
  private async write(table: string, node: string, rows: string): Promise<Segment | undefined> {
    await makeDirectory(join(this.directory, table));
    const temporary = join(this.directory, table, `${++this.serial}${TEMPORARY}`);
    await this.database.run(writeRows(rows, temporary));
    const [count, first, last] = (await this.database.row(
      `SELECT count(*), epoch_ns(min(time)), epoch_ns(max(time)) FROM read_parquet(${sqlText(temporary)})`,
    )) as [bigint, bigint, bigint];
    if (count === 0n) {
      await rm(temporary);
      return undefined;
    }
    const { bytes, sha256 } = await syncedFile(temporary);
    // Cuts of one tape have segments of other names, so that they can be merged.
    const name = `${node}-${sha256.slice(0, 12)}`;
    const path = segmentPath(table, name, this.started, this.serial);
    await rename(temporary, join(this.directory, path));
    return {
      path,
      node,
      rows: Number(count),
      bytes,
      first_time: formatTime(first),
      last_time: formatTime(last),
      sha256,
    };
  }
}

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { InvalidFileError } from '../../errors.js';
import type { Table } from '../../schema/table.js';
import { tableNamed } from '../../schema/tables/index.js';
import { writeDurably } from '../../tape/durable_file.js';
import type { Segment } from '../../tape/manifest.js';
import { readParquet } from '../../tape/parquet/read/read_parquet.js';
import { encodeBatches } from '../../tape/parquet.js';
import type { RowBatch } from '../../tape/row_batch.js';
import { segmentPath } from '../../tape/segment_path.js';
import { segmentBytes } from '../../tape/verify_bytes.js';
import type { Rules } from '../rules.js';
import type { Words } from '../words/words.js';
import type { ColumnCount } from './carrier.js';
import { plannedColumn } from './plan.js';
import type { Redactor } from './redactor.js';
import { rewriteBatch, type TableWork } from './rewrite_batch.js';

/** One segment to be rewritten. */
export interface SegmentJob {
  readonly table: string;
  readonly segment: Segment;
  /** Its file. */
  readonly file: string;
  /** When the recording began, nanoseconds since the epoch, and the new segment's number: for its name. */
  readonly started: bigint;
  readonly serial: number;
}

/** What came of a segment. */
export interface SharedSegment {
  readonly table: string;
  readonly serial: number;
  readonly segment: Segment;
  readonly counts: ReadonlyMap<string, ColumnCount>;
}

/** Rewrites segments, one after the other, into the directory of another tape. */
export class SegmentSharer {
  constructor(
    private readonly directory: string,
    private readonly words: Words,
    private readonly redactor: Redactor,
    private readonly rules: Rules,
  ) {}

  async share({ table: name, segment, file, started, serial }: SegmentJob): Promise<SharedSegment> {
    const table = tableNamed(name);
    if (table === undefined)
      throw new InvalidFileError(file, `of table ${name}, which this ktape does not know`);
    const source = await segmentBytes(file, segment);
    const work = workOf(table, this.rules);
    const node = this.words.name(segment.node);
    const bytes = encodeBatches(table, this.rewritten(readParquet(source, table, file), node, work));
    const path = segmentPath(name, node, started, serial);
    await writeDurably(join(this.directory, path), bytes);
    const counts = new Map([...work].map(([column, { count }]) => [column, count]));
    return {
      table: name,
      serial,
      segment: {
        ...segment,
        path,
        node,
        bytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      },
      counts,
    };
  }

  private *rewritten(batches: Iterable<RowBatch>, node: string, work: TableWork): Generator<RowBatch> {
    for (const batch of batches) yield rewriteBatch(batch, node, work, this.redactor);
  }
}

function workOf(table: Table, rules: Rules): TableWork {
  return new Map(
    Object.entries(table.columns)
      .filter(([name]) => name !== 'node')
      .map(([name, column]) => [
        name,
        { ...plannedColumn(table, name, column, rules), count: { values: 0, replaced: 0, samples: [] } },
      ]),
  );
}

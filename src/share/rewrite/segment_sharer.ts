import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidFileError } from '../../errors.js';
import type { Table } from '../../schema/table.js';
import { tableNamed } from '../../schema/tables/index.js';
import type { Segment } from '../../tape/manifest.js';
import { rewriteParquet } from '../../tape/parquet/rewrite_file.js';
import { segmentPath } from '../../tape/segment_path.js';
import { checkBytes } from '../../tape/verify_bytes.js';
import type { Rules } from '../rules.js';
import type { Words } from '../words/words.js';
import type { ColumnCount } from './column_count.js';
import { type PlannedColumn, plannedColumn } from './plan.js';
import type { Redactor } from './redactor.js';
import { ColumnRewriter, type TableWork } from './rewrite_column.js';

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

const NODE: PlannedColumn = { redaction: 'pseudonym', treatment: 'name' };

/** Rewrites segments, one after the other, into the directory of another tape. */
export class SegmentSharer {
  constructor(
    private readonly directory: string,
    private readonly words: Words,
    private readonly redactor: Redactor,
    private readonly rules: Rules,
  ) {}

  /**
   * @param source the bytes of the segment's file
   * @throws InvalidFileError where they are not those that were written, or hold what no tape does
   */
  share({ table: name, segment, file, started, serial }: SegmentJob, source: Uint8Array): SharedSegment {
    const table = tableNamed(name);
    if (table === undefined)
      throw new InvalidFileError(file, `of table ${name}, which this ktape does not know`);
    checkBytes(source, file, segment);
    const work = workOf(table, this.rules);
    const node = this.words.name(segment.node);
    const bytes = rewriteParquet(
      source,
      table,
      file,
      new ColumnRewriter(table, work, this.redactor).rewritten,
    );
    const path = segmentPath(name, node, started, serial);
    // Only the archive that is made of it is to survive a power cut.
    writeFileSync(join(this.directory, path), bytes);
    const columns = [...work].filter(([column]) => column !== 'node');
    const counts = new Map(columns.map(([column, { count }]) => [column, count]));
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
}

function workOf(table: Table, rules: Rules): TableWork {
  const work = new Map<string, PlannedColumn & { readonly count: ColumnCount }>();
  for (const [name, column] of Object.entries(table.columns)) {
    // The manifest and the files' names have the node's pseudonym whatever the rules say.
    const planned = name === 'node' ? NODE : plannedColumn(table, name, column, rules);
    work.set(name, { ...planned, count: { values: 0, replaced: 0, samples: [] } });
  }
  return work;
}

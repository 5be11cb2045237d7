import { tableNamed } from '../schema/tables/index.js';
import type { Segment } from '../tape/manifest.js';
import { readParquet } from '../tape/parquet/read/read_parquet.js';
import type { RowBatch } from '../tape/row_batch.js';
import { segmentFile, type Tape } from '../tape/tape.js';
import { segmentBytes } from '../tape/verify_bytes.js';
import type { Belonging, Row } from './otlp/records.js';

/** The rows of a segment in batches, its bytes verified before. */
export async function* segmentBatches(
  tape: Tape,
  table: string,
  segment: Segment,
  columns?: readonly string[],
): AsyncGenerator<RowBatch> {
  const declared = tableNamed(table);
  if (declared === undefined) return;
  const file = await segmentFile(tape, segment);
  yield* readParquet(await segmentBytes(file, segment), declared, file, columns);
}

/** A segment of a table whose rows belong to others, and the ids of those. */
interface Indexed {
  readonly segment: Segment;
  readonly least: bigint;
  readonly most: bigint;
}

/** The rows of a table that belong to rows of another one: events and links of spans, exemplars of points. */
export class BelongingRows {
  private index: readonly Indexed[] | undefined;
  private readonly read = new Map<Segment, readonly RowBatch[]>();

  /** @param column the one with the id of the row that each belongs to. */
  constructor(
    private readonly tape: Tape,
    private readonly table: string,
    private readonly column: string,
  ) {}

  /** Those that belong to the rows of these ids. */
  async of(ids: ReadonlySet<bigint>): Promise<Belonging> {
    const found = new Map<bigint, Row[]>();
    for (const batch of await this.batchesOf(ids)) {
      for (let row = 0; row < batch.rows; row++) {
        const id = batch.column(this.column)?.value(row);
        if (typeof id !== 'bigint' || !ids.has(id)) continue;
        const rows = found.get(id) ?? [];
        rows.push(batch.row(row));
        found.set(id, rows);
      }
    }
    return found;
  }

  /** Only the segments at hand are held in memory. */
  private async batchesOf(ids: ReadonlySet<bigint>): Promise<RowBatch[]> {
    const { least, most } = rangeOf(ids);
    const wanted = (await this.indexed()).filter((one) => one.least <= most && least <= one.most);
    for (const segment of this.read.keys()) {
      if (!wanted.some((one) => one.segment === segment)) this.read.delete(segment);
    }
    for (const { segment } of wanted) {
      if (!this.read.has(segment)) this.read.set(segment, await this.all(segment));
    }
    return [...this.read.values()].flat();
  }

  private async indexed(): Promise<readonly Indexed[]> {
    if (this.index !== undefined) return this.index;
    const index: Indexed[] = [];
    for (const segment of this.tape.manifest.tables[this.table] ?? []) {
      const ids = (await this.all(segment, [this.column, 'time'])).flatMap((batch) =>
        Array.from({ length: batch.rows }, (_, row) => batch.column(this.column)?.value(row) as bigint),
      );
      index.push({ segment, ...rangeOf(ids) });
    }
    this.index = index;
    return index;
  }

  private async all(segment: Segment, columns?: readonly string[]): Promise<readonly RowBatch[]> {
    const batches: RowBatch[] = [];
    for await (const batch of segmentBatches(this.tape, this.table, segment, columns)) batches.push(batch);
    return batches;
  }
}

function rangeOf(ids: Iterable<bigint>): { least: bigint; most: bigint } {
  let [least, most] = [2n ** 64n, -1n];
  for (const id of ids) {
    if (id < least) least = id;
    if (id > most) most = id;
  }
  return { least, most };
}

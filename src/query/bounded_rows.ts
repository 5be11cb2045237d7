import type { DuckDBResult, DuckDBValue } from '@duckdb/node-api';
import { KtapeError } from '../errors.js';
import { type Cell, cellOf } from './cell.js';

/** Characters of rows that are passed on together, about. */
const BATCH_CHARACTERS = 4 << 20;
/** Longer than any value that is recorded. A few bytes of Parquet can hold values that fill any memory. */
const MAX_VALUE_CHARACTERS = 64 << 20;
/** Of an answer that is held as a whole. */
const MAX_ANSWER_CHARACTERS = 256 << 20;

/** The rows of a result as DuckDB finds them, in batches that memory holds however long their values are. */
export async function* boundedRows(result: DuckDBResult): AsyncGenerator<Cell[][]> {
  let batch: Cell[][] = [];
  let characters = 0;
  for (let chunk = await result.fetchChunk(); chunk?.rowCount; chunk = await result.fetchChunk()) {
    const columns = Array.from({ length: chunk.columnCount }, (_, i) => chunk.getColumnVector(i));
    for (let row = 0; row < chunk.rowCount; row++) {
      const cells = columns.map((column) => cellOf(column.getItem(row) as DuckDBValue));
      const length = cells.reduce<number>((sum, cell) => sum + charactersOf(cell), 0);
      if (length > MAX_VALUE_CHARACTERS)
        throw new KtapeError(
          `a row has ${length} characters; more than ${MAX_VALUE_CHARACTERS} are not shown`,
        );
      characters += length;
      batch.push(cells);
      if (characters < BATCH_CHARACTERS) continue;
      yield batch;
      batch = [];
      characters = 0;
    }
    if (batch.length > 0) yield batch;
    batch = [];
    characters = 0;
  }
}

/** All rows of an answer. Throws a KtapeError where they are too much to be held. */
export async function allRows(
  batches: AsyncIterable<readonly (readonly Cell[])[]>,
): Promise<(readonly Cell[])[]> {
  const rows: (readonly Cell[])[] = [];
  let characters = 0;
  for await (const batch of batches) {
    for (const row of batch) {
      rows.push(row);
      for (const cell of row) characters += charactersOf(cell);
    }
    if (characters > MAX_ANSWER_CHARACTERS) {
      throw new KtapeError(
        `the answer has more than ${MAX_ANSWER_CHARACTERS} characters: ask for less, or for csv or ndjson, which are written as rows come`,
      );
    }
  }
  return rows;
}

/** About how much memory a cell takes beside its pointer. */
function charactersOf(cell: Cell): number {
  if (typeof cell === 'string') return cell.length;
  if (typeof cell !== 'object' || cell === null) return 8;
  const items: readonly Cell[] = Array.isArray(cell) ? cell : Object.entries(cell).flat();
  return items.reduce<number>((sum, item) => sum + charactersOf(item), 8);
}

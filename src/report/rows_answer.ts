import type { Cell } from '../query/cell.js';
import type { Answer } from '../query/tape_database.js';

/** Rows that are at hand, as an answer. */
export function rowsAnswer(names: readonly string[], rows: readonly (readonly Cell[])[]): Answer {
  return {
    columns: names.map((name) => ({ name, type: 'VARCHAR' })),
    batches: (async function* () {
      if (rows.length > 0) yield rows;
    })(),
  };
}

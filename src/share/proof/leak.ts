/** What was found: part of a name, an id, an address or a secret of the original tape. */
export type IdentifierKind = 'name' | 'id' | 'address' | 'secret';

/** Where in a shared tape something was found. */
export type Place =
  | 'dictionary'
  | 'page'
  | 'statistics'
  | 'footer'
  | 'key-value metadata'
  | 'created_by'
  | 'column name'
  | 'unaccounted bytes'
  | 'file name'
  | 'archive header'
  | 'file';

/** A place in a shared tape. */
export interface Where {
  /** Path within the shared tape. */
  readonly file: string;
  readonly place: Place;
  readonly table?: string;
  readonly column?: string;
  /** Row group of the file, from 0. */
  readonly rowGroup?: number;
}

/**
 * Something of the original that a shared tape still holds. Says where, never what: where the path itself is the leak,
 * that part is masked.
 */
export interface Leak extends Where {
  readonly kind: IdentifierKind;
  /** Which one: its pseudonym, that the private map turns back, or its length. */
  readonly sample: string;
}

/** A leak in one line: `spans/lab-0-1-2.parquet: spans.name, row group 0, dictionary: a name of 7 characters`. */
export function leakText(leak: Leak): string {
  const column =
    leak.column === undefined ? '' : `${leak.table === undefined ? '' : `${leak.table}.`}${leak.column}, `;
  const group = leak.rowGroup === undefined ? '' : `row group ${leak.rowGroup}, `;
  return `${leak.file}: ${column}${group}${leak.place}: ${leak.sample}`;
}

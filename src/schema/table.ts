import type { SemanticType } from './semantic_type.js';

/** One column: its meaning, its sentence, and the OTLP attributes that fill it, if any do. */
export interface Column<S extends SemanticType = SemanticType> {
  readonly type: S;
  readonly doc: string;
  /** Whether a row may lack the value. */
  readonly nullable: boolean;
  /** Attribute keys that fill this column, the first present wins; they stay in the map as well. */
  readonly from: readonly string[];
}

export type Columns = Readonly<Record<string, Column>>;

/** A table as declared in src/schema/tables: the one place that knows its name, columns and sentences. */
export interface Table<C extends Columns = Columns> {
  readonly name: string;
  readonly doc: string;
  /** Who fills it: decides whether the table is there at all in a tape recorded without that source. */
  readonly source:
    | 'kernel'
    | 'traces'
    | 'metrics'
    | 'logs'
    | 'kubernetes'
    | 'cgroups'
    | 'import'
    | 'recorder';
  readonly columns: C;
}

/** A column that every row fills. */
export function column<const S extends SemanticType>(type: S, doc: string): Column<S> {
  return { type, doc, nullable: false, from: [] };
}

/** A column that may be NULL; the sentence says what NULL means where it is not plain. */
export function optional<const S extends SemanticType>(type: S, doc: string): Column<S> {
  return { type, doc, nullable: true, from: [] };
}

/** A column filled from the first of these attributes that is present. */
export function promoted<const S extends SemanticType>(type: S, from: readonly string[]): Column<S> {
  const [first, ...older] = from;
  const also =
    older.length > 0 ? `, or of its older name ${older.map((key) => `\`${key}\``).join(', ')}` : '';
  return { type, doc: `Value of the attribute \`${first}\`${also}.`, nullable: true, from };
}

/** Declares a table; its types carry the columns' names and layouts to everything that fills it. */
export function table<const C extends Columns>(declaration: Table<C>): Table<C> {
  return declaration;
}

import type { Table } from '../../schema/table.js';
import { FileWriter } from './file_writer.js';
import type { ChunkPlace, GroupPlace } from './read/footer.js';
import type { Leaf } from './read/leaves.js';
import { Malformed } from './read/malformed.js';
import { footerOf, inFile, naming } from './read/read_parquet.js';
import { TextChunk } from './read/text_chunk.js';
import { sameNumbers } from './same_numbers.js';
import { leavesOf, type Optional, schemaWith } from './schema.js';
import type { StoredChunk } from './stored_chunk.js';
import type { Thrift } from './thrift.js';

/** Columns of texts that are kept when they were read: one, and the one that tells the types of its values. */
const KEPT_COLUMNS = 2;

const writer = new FileWriter();

/**
 * The same rows in another file, column by column of each row group: each chunk as `rewrite` makes it. Of the file's
 * metadata nothing is taken over but which columns there are, and what in them may be missing. The new file's bytes are
 * good until another one is rewritten.
 * @param file name for messages
 * @param rewrite the new chunks of a column: one, or those of the keys and of the values of a map
 * @throws InvalidFileError naming the column and what is wrong with it. Memory is bounded whatever the file says.
 */
export function rewriteParquet(
  bytes: Uint8Array,
  table: Table,
  file: string,
  rewrite: (name: string, group: SourceGroup) => readonly StoredChunk[],
): Uint8Array {
  try {
    const { leaves, groups } = footerOf(bytes, table);
    const { columns, schema } = layoutOf(leaves, table);
    writer.begin();
    for (const place of groups) {
      const group = new SourceGroup(bytes, place);
      for (const [name, leaves] of columns) {
        const chunks = naming(name, () => rewrite(name, group));
        for (const [i, { path, type }] of leaves.entries()) {
          writer.chunk(chunks[i] ?? missing(name), [name, ...path], type);
        }
      }
      writer.endGroup(place.rows);
    }
    return writer.end(schema, leaves.length);
  } catch (error) {
    throw inFile(file, error);
  }
}

/** The row group of a file that is being rewritten. */
export class SourceGroup {
  private readonly read = new Map<string, readonly TextChunk[]>();
  private readonly byName = new Map<string, ChunkPlace[]>();

  constructor(
    private readonly bytes: Uint8Array,
    private readonly place: GroupPlace,
  ) {
    for (const chunk of place.chunks) {
      const [name = ''] = chunk.leaf.path;
      const known = this.byName.get(name);
      if (known === undefined) this.byName.set(name, [chunk]);
      else known.push(chunk);
    }
  }

  get rows(): number {
    return this.place.rows;
  }

  /** Where the chunks of a column are: none of one that the file has not. */
  places(name: string): readonly ChunkPlace[] {
    const places = this.byName.get(name) ?? [];
    for (const { leaf, values } of places) {
      if (!leaf.repeated && values !== this.rows) {
        throw new Malformed(`${values} values in a row group of ${this.rows}`);
      }
    }
    return places;
  }

  /** The chunks of a column of texts, read once for the column and for the one beside it: each may be large. */
  texts(name: string): readonly TextChunk[] {
    const texts = this.read.get(name) ?? this.places(name).map((place) => new TextChunk(this.bytes, place));
    this.read.delete(name);
    for (const [oldest] of this.read) if (this.read.size >= KEPT_COLUMNS) this.read.delete(oldest);
    this.read.set(name, texts);
    return texts;
  }

  /** A column of numbers: the values are the same. */
  numbers(name: string): StoredChunk[] {
    return this.places(name).map((place) => sameNumbers(this.bytes, place));
  }
}

/** What is the same for most files of a table: their columns, and how a new file tells of them. */
interface Layout {
  readonly table: Table;
  readonly columns: ReturnType<typeof columnsOf>;
  readonly schema: readonly Thrift[];
}

const layouts = new WeakMap<readonly Leaf[], Layout>();

/** @param leaves all of the table's */
function layoutOf(leaves: readonly Leaf[], table: Table): Layout {
  const known = layouts.get(leaves);
  if (known?.table === table) return known;
  const columns = columnsOf(leaves, table);
  const optional = [...columns.keys()].map((name) => [name, optionalIn(name, leaves)] as const);
  const layout = { table, columns, schema: schemaWith(table.name, table.columns, new Map(optional)) };
  layouts.set(leaves, layout);
  return layout;
}

/** The columns that the file has, in its order, each with the leaves that the table says it has. */
function columnsOf(leaves: readonly Leaf[], { columns }: Table): Map<string, ReturnType<typeof leavesOf>> {
  const names = new Set(leaves.map(({ path }) => path[0] ?? ''));
  return new Map(
    [...names].flatMap((name) => {
      const column = columns[name];
      return column === undefined ? [] : [[name, leavesOf(column)] as const];
    }),
  );
}

/** What may be missing in a column, by the levels of its leaves. */
function optionalIn(name: string, leaves: readonly Leaf[]): Optional {
  const own = leaves.filter(({ path }) => path[0] === name);
  const [first, last = first] = own;
  if (first === undefined || last === undefined) return missing(name);
  const { repeated, itemDefinition, mostDefinition, path } = last;
  const column = repeated ? itemDefinition - 1 : mostDefinition;
  const item = repeated ? mostDefinition - itemDefinition : 0;
  const isAlike =
    first === last || (first.itemDefinition === itemDefinition && first.mostDefinition === itemDefinition);
  if (repeated !== path.length > 1 || column > 1 || item > 1 || !isAlike) {
    throw new Malformed(`column ${name}: nested otherwise than a tape's columns`);
  }
  return { column: column === 1, item: item === 1 };
}

function missing(name: string): never {
  throw new Malformed(`column ${name}: a part of it is missing`);
}

import type { Table } from '../../schema/table.js';
import { FileWriter } from './file_writer.js';
import { Type } from './format.js';
import type { ChunkPlace, GroupPlace } from './read/footer.js';
import type { Leaf } from './read/leaves.js';
import { Malformed } from './read/malformed.js';
import { storedPages } from './read/pages.js';
import { footerOf, inFile, naming } from './read/read_parquet.js';
import { TextChunk } from './read/text_chunk.js';
import { leavesOf, type Optional, schemaWith } from './schema.js';
import type { StoredChunk } from './stored_chunk.js';

/** Bytes of numbers by their types, which the extremes of a chunk have too. */
const SIZES = new Map<number, number>([
  [Type.INT32, 4],
  [Type.INT64, 8],
  [Type.DOUBLE, 8],
]);

/** Columns of texts that are kept when they were read: one, and the one that tells the types of its values. */
const KEPT_COLUMNS = 2;

const writer = new FileWriter();

/**
 * The same rows in another file, column by column of each row group: each chunk as `rewrite` makes it. Of the file's
 * metadata nothing is taken over but which columns there are, and what in them may be missing.
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
    const columns = columnsOf(leaves, table);
    const optional = [...columns.keys()].map((name) => [name, optionalIn(name, leaves)] as const);
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
    return writer.end(schemaWith(table.name, table.columns, new Map(optional)), leaves.length);
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

  /** A column of numbers as it is. */
  numbers(name: string): StoredChunk[] {
    return this.places(name).map((place) => {
      const { codec, values, nulls, extremes, leaf } = place;
      const isExtreme = (value: Uint8Array) => value.length === SIZES.get(leaf.type);
      const isKnown = extremes !== undefined && isExtreme(extremes.min) && isExtreme(extremes.max);
      const pages = [...storedPages(this.bytes, place)];
      return { codec, values, nulls, extremes: isKnown ? extremes : undefined, pages };
    });
  }
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

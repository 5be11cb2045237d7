import { deserializeTCompactProtocol } from 'hyparquet/src/thrift.js';
import { InvalidFileError, reasonOf } from '../../../errors.js';

/** A Thrift struct as hyparquet decodes it; fields as parquet.thrift numbers them. */
export type Struct = Readonly<Record<`field_${number}`, unknown>>;

/** The chunk of one leaf column in one row group, as the footer describes it. */
export interface ColumnChunk {
  /** Name of the column, without the path below it. */
  readonly column: string;
  /** `column.key_value.value` and the like: the whole path. */
  readonly path: string;
  readonly rowGroup: number;
  /** Parquet's number of its type. */
  readonly type: number;
  readonly codec: number;
  readonly start: number;
  readonly end: number;
  readonly values: number;
  /** The highest repetition level of a value, and the highest definition level, which tells that it is there. */
  readonly mostRepetition: number;
  readonly mostDefinition: number;
}

export interface Footer {
  readonly chunks: readonly ColumnChunk[];
  /** FileMetaData. */
  readonly metadata: Struct;
  /** Where the metadata begin in the file, and where they end. */
  readonly start: number;
  readonly end: number;
  /** Where they should end: before their length and the magic word. */
  readonly limit: number;
}

const MAGIC = 'PAR1';
const LEADING = MAGIC.length;
/** Length of the footer, then the magic word again. */
const TRAILING = 4 + MAGIC.length;

/** Reads the footer of a Parquet file. */
export function readFooter(bytes: Buffer, file: string): Footer {
  if (bytes.length < LEADING + TRAILING || bytes.toString('latin1', bytes.length - MAGIC.length) !== MAGIC)
    throw new InvalidFileError(file, 'not a Parquet file: it does not end in PAR1');
  if (bytes.toString('latin1', 0, LEADING) !== MAGIC)
    throw new InvalidFileError(file, 'not a Parquet file: it does not begin with PAR1');
  const start = bytes.length - TRAILING - bytes.readUInt32LE(bytes.length - TRAILING);
  if (start < LEADING) throw new InvalidFileError(file, 'the footer would be longer than the file');
  const { struct: footer, end } = readStruct(bytes, start, bytes.length - TRAILING, file);
  const levels = levelsOf(structs(footer.field_2));
  const groups = structs(footer.field_4);
  return {
    chunks: groups.flatMap((group, rowGroup) =>
      structs(group.field_1).map((chunk) => chunkOf(chunk, rowGroup, levels, file)),
    ),
    metadata: footer,
    start,
    end,
    limit: bytes.length - TRAILING,
  };
}

/** Decodes the struct at `start`, which must end before `limit`. */
export function readStruct(
  bytes: Buffer,
  start: number,
  limit: number,
  file: string,
): { struct: Struct; end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, limit);
  const reader = { view, offset: start };
  try {
    return { struct: deserializeTCompactProtocol(reader), end: reader.offset };
  } catch (error) {
    throw new InvalidFileError(file, `metadata at byte ${start} cannot be read: ${reasonOf(error)}`);
  }
}

/** Every byte string within a struct. */
export function byteStrings(value: unknown, into: Uint8Array[] = []): Uint8Array[] {
  if (value instanceof Uint8Array) into.push(value);
  else if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) byteStrings(inner, into);
  }
  return into;
}

/** A field that holds a number, 0 where it is missing. */
export function numberOf(value: unknown): number {
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : 0;
}

/** A field that holds a struct, or an empty one. */
export function structOf(value: unknown): Struct {
  return typeof value === 'object' && value !== null ? (value as Struct) : {};
}

/** A field that holds a list of structs, or an empty one. */
export function structs(value: unknown): readonly Struct[] {
  return Array.isArray(value) ? (value as Struct[]) : [];
}

function chunkOf(
  chunk: Struct,
  rowGroup: number,
  levels: ReadonlyMap<string, Levels>,
  file: string,
): ColumnChunk {
  const metadata = structOf(chunk.field_3);
  const parts = pathOf(metadata.field_3);
  const path = parts.join('.');
  const found = levels.get(path);
  if (found === undefined)
    throw new InvalidFileError(file, `the chunk of column ${path} is not in the schema`);
  const offsets = [metadata.field_9, metadata.field_11].map(numberOf).filter((offset) => offset > 0);
  const start = Math.min(...offsets);
  return {
    column: parts[0] ?? '',
    path,
    rowGroup,
    type: numberOf(metadata.field_1),
    codec: numberOf(metadata.field_4),
    start,
    end: start + numberOf(metadata.field_7),
    values: numberOf(metadata.field_5),
    ...found,
  };
}

/** A field that holds the path of a column. */
export function pathOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(textOf) : [];
}

function textOf(value: unknown): string {
  if (!(value instanceof Uint8Array)) return '';
  return Buffer.from(value.buffer, value.byteOffset, value.length).toString();
}

interface Levels {
  readonly mostRepetition: number;
  readonly mostDefinition: number;
}

const REQUIRED = 0;
const REPEATED = 2;

/** The levels of each leaf: those of all the elements from the root down to it. */
function levelsOf(schema: readonly Struct[]): Map<string, Levels> {
  const leaves = new Map<string, Levels>();
  let next = 1;
  const visit = (path: readonly string[], above: Levels): void => {
    const element = schema[next++];
    if (element === undefined) return;
    const repetition = numberOf(element.field_3);
    const levels = {
      mostRepetition: above.mostRepetition + (repetition === REPEATED ? 1 : 0),
      mostDefinition: above.mostDefinition + (repetition === REQUIRED ? 0 : 1),
    };
    const here = [...path, textOf(element.field_4)];
    const children = numberOf(element.field_5);
    if (children === 0) leaves.set(here.join('.'), levels);
    for (let i = 0; i < children && next < schema.length; i++) visit(here, levels);
  };
  while (next < schema.length) visit([], { mostRepetition: 0, mostDefinition: 0 });
  return leaves;
}

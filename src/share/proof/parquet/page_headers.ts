import { InvalidFileError } from '../../../errors.js';
import { type ColumnChunk, numberOf, readStruct, type Struct, structOf } from './footer.js';

/** Parquet's numbers of the kinds of pages. */
export const PAGE = { data: 0, dictionary: 2, dataV2: 3 } as const;

/** The header of a page as it describes it, and where its bytes are in the file. */
export interface PageHeader {
  readonly header: Struct;
  readonly start: number;
  readonly end: number;
  /** One of PAGE, or another number. */
  readonly kind: number;
  readonly values: number;
  readonly encoding: number;
  /** Bytes before compression, levels counted. */
  readonly size: number;
}

/** A page may become this large: what writers make is a hundred times smaller. */
const MAX_PAGE_BYTES = 1 << 30;

/** The pages of a chunk, which are all that it has. */
export function* pageHeaders(bytes: Buffer, chunk: ColumnChunk, file: string): Generator<PageHeader> {
  const wrong = (reason: string) => new InvalidFileError(file, `column ${chunk.path}: ${reason}`);
  if (!(chunk.start >= 4 && chunk.end <= bytes.length)) throw wrong('its chunk lies outside the file');
  for (let at = chunk.start; at < chunk.end; ) {
    const { struct: header, end: start } = readStruct(bytes, at, chunk.end, file);
    const end = start + numberOf(header.field_3);
    if (!(end >= start && end <= chunk.end)) throw wrong('a page reaches beyond its chunk');
    const size = numberOf(header.field_2);
    if (!(size >= 0 && size <= MAX_PAGE_BYTES)) throw wrong(`a page of ${size} bytes`);
    const of = structOf(header.field_5 ?? header.field_7 ?? header.field_8);
    const values = numberOf(of.field_1);
    if (values < 0) throw wrong(`a page of ${values} values`);
    const encoding = numberOf(header.field_8 === undefined ? of.field_2 : of.field_4);
    yield { header, start, end, kind: numberOf(header.field_1), values, encoding, size };
    at = end;
  }
}

import { reasonOf } from '../../../errors.js';
import { decompress } from './decompress.js';
import { type ColumnChunk, numberOf, structOf } from './footer.js';
import { skippedBytes } from './frames.js';
import { PAGE, type PageHeader } from './page_headers.js';
import { countRuns, eachRun, type Runs } from './runs.js';

/** The bytes of a page, decompressed: good until the next page is. */
export interface Body {
  readonly bytes: Buffer;
  /** Where in these the values begin, behind the levels. */
  readonly start: number;
  /** How many there are: NULLs and empty lists are not. */
  readonly present: number;
  /** Of each value how much of its path is there: of none where it always is. */
  readonly definition: Runs;
  /** Bytes before the values that mean nothing. */
  readonly unaccounted: readonly Uint8Array[];
}

const CODEC = { uncompressed: 0, zstd: 6 } as const;
/** Bytes of the length of levels. */
const LENGTH = 4;

/** @throws RangeError where sizes, levels or compression are not what the headers say */
export function bodyOf(file: Buffer, page: PageHeader, chunk: ColumnChunk): Body {
  if (page.kind === PAGE.dataV2) return bodyOfV2(file, page, chunk);
  const stored = file.subarray(page.start, page.end);
  const bytes = decompressed(stored, page.size, chunk);
  const hasLevels = page.kind === PAGE.data;
  return bodyWith(bytes, levelsIn(bytes, page, hasLevels ? chunk : NO_LEVELS), page, chunk, stored);
}

/** Pages of the second version have their levels, not compressed, before what is. */
function bodyOfV2(file: Buffer, page: PageHeader, chunk: ColumnChunk): Body {
  const header = structOf(page.header.field_8);
  const [repetition, definition] = [numberOf(header.field_6), numberOf(header.field_5)];
  const start = page.start + repetition;
  const end = start + definition;
  if (!(repetition >= 0 && definition >= 0 && end <= page.end && page.size >= end - page.start))
    throw new RangeError(`a page with ${repetition} and ${definition} bytes of levels`);
  const stored = file.subarray(end, page.end);
  const room = page.size - repetition - definition;
  const bytes = header.field_7 === false ? stored : decompressed(stored, room, chunk);
  const levels = {
    repetition: runsOf(file, page.start, start, chunk.mostRepetition, page.values),
    definition: runsOf(file, start, end, chunk.mostDefinition, page.values),
    end: 0,
  };
  return bodyWith(bytes, levels, page, chunk, header.field_7 === false ? NOTHING : stored);
}

interface Levels {
  readonly repetition: Runs;
  readonly definition: Runs;
  /** Where the values begin. */
  readonly end: number;
}

/** Of an entry of a dictionary. */
const NO_LEVELS: Pick<ColumnChunk, 'mostRepetition' | 'mostDefinition'> = {
  mostRepetition: 0,
  mostDefinition: 0,
};
const NOTHING = new Uint8Array();

/** The levels before the values of a page of the first version: each kind behind its length, if there is more than one level. */
function levelsIn(
  bytes: Buffer,
  { values }: PageHeader,
  { mostRepetition, mostDefinition }: typeof NO_LEVELS,
): Levels {
  let at = 0;
  const next = (most: number) => {
    if (most === 0) return runsOf(bytes, at, at, most, values);
    const start = at + LENGTH;
    at = start + (start <= bytes.length ? bytes.readUInt32LE(at) : 0);
    if (at > bytes.length) throw new RangeError('levels reach beyond their page');
    return runsOf(bytes, start, at, most, values);
  };
  return { repetition: next(mostRepetition), definition: next(mostDefinition), end: at };
}

function runsOf(bytes: Uint8Array, start: number, end: number, most: number, values: number): Runs {
  return { bytes, start, end, bits: 32 - Math.clz32(most), count: most === 0 ? 0 : values };
}

function bodyWith(
  bytes: Buffer,
  { repetition, definition, end }: Levels,
  { values, kind }: PageHeader,
  { mostDefinition, codec }: ColumnChunk,
  stored: Uint8Array,
): Body {
  const unaccounted = codec === CODEC.zstd ? skippedBytes(stored) : [];
  const defined = countRuns(definition, mostDefinition);
  unaccounted.push(behind(repetition, eachRun(repetition)), behind(definition, defined.end));
  const present = mostDefinition === 0 || kind === PAGE.dictionary ? values : defined.equal;
  return { bytes, start: end, present, definition, unaccounted };
}

/** What of the bytes of runs belongs to none of their numbers. */
function behind({ bytes, end }: Runs, used: number): Uint8Array {
  return bytes.subarray(used, end);
}

function decompressed(stored: Buffer, room: number, { codec }: ColumnChunk): Buffer {
  if (codec === CODEC.uncompressed || room === 0) return stored;
  if (codec !== CODEC.zstd) throw new RangeError(`compression ${codec} is not ZSTD`);
  try {
    return decompress(stored, room);
  } catch (error) {
    throw new RangeError(`a page cannot be decompressed: ${reasonOf(error)}`);
  }
}

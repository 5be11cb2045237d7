import { Chunk } from './chunk.js';
import { writeWideDeltas } from './delta.js';
import { Encoding, Type } from './format.js';
import { writeBits } from './hybrid.js';
import { Cursor } from './read/cursor.js';
import { isExact, SIZES } from './read/exact.js';
import type { ChunkPlace } from './read/footer.js';
import { type Levels, readLevels } from './read/levels.js';
import { pageBytes, storedPages } from './read/pages.js';
import { type Cells, numberReader } from './read/values.js';
import { type StoredChunk, type StoredPage, storedPage } from './stored_chunk.js';
import { writeEntryLevels } from './text_chunks.js';

/** For one page after the other. */
const chunk = new Chunk();

/** A chunk of the same numbers: its pages as they are stored, unless they hold more than that. */
export function sameNumbers(file: Uint8Array, place: ChunkPlace): StoredChunk {
  const { codec, values, nulls, extremes, leaf } = place;
  const isExtreme = (value: Uint8Array) => value.length === SIZES.get(leaf.type);
  const isKnown = extremes !== undefined && isExtreme(extremes.min) && isExtreme(extremes.max);
  const stored = [...storedPages(file, place)];
  const pages = stored.every((page) => isSeen(page, place)) ? stored : [...rewritten(stored, place)];
  return { codec, values, nulls, extremes: isKnown ? extremes : undefined, pages };
}

/** Whether readers see all that a page holds: not of a dictionary, which may have entries that no value has. */
function isSeen(page: StoredPage, place: ChunkPlace): boolean {
  if (page.isDictionary) return false;
  const bytes = pageBytes(page, place.codec);
  const { present } = readLevels(new Cursor(bytes), place.leaf, page.values);
  return isExact(page, bytes, place, present);
}

/** Pages of the same values, without a dictionary. */
function* rewritten(pages: readonly StoredPage[], { leaf, codec }: ChunkPlace): Generator<StoredPage> {
  const reader = numberReader(leaf.type);
  for (const page of pages) {
    const { values } = page;
    const from = new Cursor(pageBytes(page, codec));
    if (page.isDictionary) {
      reader.readDictionary(from, values);
      continue;
    }
    const levels = readLevels(from, leaf, values);
    const cells = reader.read(from, page.encoding, levels.present);
    chunk.clear();
    writeEntryLevels(chunk.page, leaf, values, levels);
    writeCells(cells, levels, leaf.type);
    yield storedPage(chunk.page.written, codec, { isDictionary: false, values, encoding: chunk.encoding });
  }
}

function writeCells(cells: Cells, { present }: Levels, type: number): void {
  const { page } = chunk;
  if (present === 0) return;
  if (cells instanceof Uint8Array) writeBits(page, cells, present);
  else if (type === Type.INT64 && cells instanceof Int32Array && writeWideDeltas(page, cells, present))
    chunk.encoding = Encoding.DELTA_BINARY_PACKED;
  else page.bytes(new Uint8Array(cells.buffer, cells.byteOffset, cells.byteLength));
}

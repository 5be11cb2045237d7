import { createRequire } from 'node:module';

/**
 * What the module of ZSTD, as Emscripten made it, offers. The functions that the package has for it ask for memory for
 * each page and copy it there and back, which takes as long as half of the decompression.
 */
interface Zstd {
  /** All of its memory: another array once that has grown. */
  readonly HEAPU8: Uint8Array;
  /** The address of so many bytes, 0 if there are none left. */
  _malloc(bytes: number): number;
  _free(address: number): void;
  _compressBound(bytes: number): number;
  /** How many bytes were written, -1 if that failed. */
  _compress(to: number, room: number, from: number, bytes: number, level: number): number;
  _decompress(to: number, room: number, from: number, bytes: number): number;
}

const require = createRequire(import.meta.url);
const zstd = await (require('@foxglove/wasm-zstd/dist/wasm-zstd.js') as () => Promise<Zstd>)();

/** The level that costs least. */
const LEVEL = 1;

/** A place in the module's memory, used again and again. */
class Place {
  private address = 0;
  private room = 0;

  /** Its address, with room for so many bytes; undefined where there is no memory for them. */
  for(bytes: number): number | undefined {
    if (bytes > this.room) {
      zstd._free(this.address);
      this.address = zstd._malloc(bytes);
      this.room = this.address === 0 ? 0 : bytes;
    }
    return bytes > this.room ? undefined : this.address;
  }
}

const source = new Place();
const target = new Place();

/** Compresses at the level that costs least. */
export function compress(bytes: Uint8Array): Uint8Array {
  const room = zstd._compressBound(bytes.length);
  const [to, from] = [target.for(room), source.for(bytes.length)];
  if (to === undefined || from === undefined) throw noMemory(bytes);
  zstd.HEAPU8.set(bytes, from);
  const size = zstd._compress(to, room, from, bytes.length, LEVEL);
  if (size === -1) throw noMemory(bytes);
  return zstd.HEAPU8.slice(to, to + size);
}

function noMemory(bytes: Uint8Array): RangeError {
  return new RangeError(`there is no memory to compress ${bytes.length} bytes`);
}

/**
 * Decompresses to at most `most` bytes, which are good until something else is compressed or decompressed; undefined where
 * the bytes are not ZSTD, or would be more, or than there is memory for.
 */
export function decompress(bytes: Uint8Array, most: number): Uint8Array | undefined {
  const [to, from] = [target.for(most), source.for(bytes.length)];
  if (to === undefined || from === undefined) return undefined;
  zstd.HEAPU8.set(bytes, from);
  const size = zstd._decompress(to, most, from, bytes.length);
  return size === -1 ? undefined : zstd.HEAPU8.subarray(to, to + size);
}

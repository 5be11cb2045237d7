import { createRequire } from 'node:module';

/**
 * What the module of ZSTD, as Emscripten made it, offers. The function that the package has for it copies each page into
 * new memory, which takes as long as half of the decompression: here a page stays where it is until the next one comes.
 */
interface Zstd {
  /** All of its memory: another array once that has grown. */
  readonly HEAPU8: Uint8Array;
  /** The address of so many bytes, 0 if there are none left. */
  _malloc(bytes: number): number;
  _free(address: number): void;
  /** How many bytes were written, -1 if that failed. */
  _decompress(to: number, room: number, from: number, bytes: number): number;
}

const require = createRequire(import.meta.url);
const zstd = await (require('@foxglove/wasm-zstd/dist/wasm-zstd.js') as () => Promise<Zstd>)();

/** A place in the module's memory, used again and again. */
class Place {
  private address = 0;
  private room = 0;

  /** Its address, with room for so many bytes. */
  for(bytes: number): number {
    if (bytes > this.room) {
      zstd._free(this.address);
      this.address = zstd._malloc(bytes);
      this.room = this.address === 0 ? 0 : bytes;
      if (this.address === 0) throw new RangeError(`there is no memory for its ${bytes} bytes`);
    }
    return this.address;
  }
}

const stored = new Place();
const page = new Place();

/** Decompresses a page of at most `room` bytes; what it was is good until the next one is decompressed. */
export function decompress(bytes: Uint8Array, room: number): Buffer {
  const to = page.for(room);
  const from = stored.for(bytes.length);
  zstd.HEAPU8.set(bytes, from);
  const size = zstd._decompress(to, room, from, bytes.length);
  if (size === -1) throw new RangeError('it is not ZSTD, or longer than it says');
  return Buffer.from(zstd.HEAPU8.buffer, to, size);
}

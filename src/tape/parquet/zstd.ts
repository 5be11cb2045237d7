import zstd from '@foxglove/wasm-zstd';

await zstd.isLoaded;

/** Compresses at the level that costs least. */
export function compress(bytes: Uint8Array): Uint8Array {
  return zstd.compress(bytes, 1);
}

/** Decompresses to at most `most` bytes; undefined where the bytes are not ZSTD, or would be more. */
export function decompress(bytes: Uint8Array, most: number): Uint8Array | undefined {
  try {
    return zstd.decompress(bytes, most);
  } catch {
    return undefined;
  }
}

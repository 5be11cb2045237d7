import zstd from '@foxglove/wasm-zstd';

await zstd.isLoaded;

/** Compresses at the level that costs least. */
export function compress(bytes: Uint8Array): Uint8Array {
  return zstd.compress(bytes, 1);
}

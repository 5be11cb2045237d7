/*
 * Numbers of Parquet's metadata.
 * Source: https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
 */

/** With what a file begins and ends. */
export const MAGIC = 'PAR1';
/** Version of the format that segments tell. */
export const VERSION = 2;

export const Type = { BOOLEAN: 0, INT32: 1, INT64: 2, DOUBLE: 5, BYTE_ARRAY: 6 } as const;
export const Repetition = { REQUIRED: 0, OPTIONAL: 1, REPEATED: 2 } as const;
export const Converted = { UTF8: 0, MAP: 1, LIST: 3, UINT_32: 13, UINT_64: 14 } as const;
export const Encoding = {
  PLAIN: 0,
  RLE: 3,
  DELTA_BINARY_PACKED: 5,
  DELTA_LENGTH_BYTE_ARRAY: 6,
  RLE_DICTIONARY: 8,
} as const;
/** An older name of RLE_DICTIONARY, which DuckDB uses. */
export const PLAIN_DICTIONARY = 2;

/** Whether values of that encoding are numbers into the chunk's dictionary. */
export function isOfDictionary(encoding: number): boolean {
  return encoding === Encoding.RLE_DICTIONARY || encoding === PLAIN_DICTIONARY;
}

export const Codec = { UNCOMPRESSED: 0, ZSTD: 6 } as const;
export const PageType = { DATA: 0, DICTIONARY: 2 } as const;

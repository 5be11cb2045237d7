import { deltaBinaryUnpack } from 'hyparquet/src/delta.js';
import { endOfDeltas } from './deltas.js';

/** Texts side by side: text i is `bytes` from `starts[i]` to `ends[i]`. Good until those of the next page are asked for. */
export interface Texts {
  readonly bytes: Buffer;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly count: number;
  /** Bytes that belong to none of them. */
  readonly unaccounted: readonly Uint8Array[];
}

export const NO_TEXTS: Texts = {
  bytes: Buffer.alloc(0),
  starts: new Int32Array(0),
  ends: new Int32Array(0),
  count: 0,
  unaccounted: [],
};

/** Where the texts of a page begin and end: one memory for all pages, of which there are tens of thousands. */
const places = { starts: new Int32Array(0), ends: new Int32Array(0) };

/** The memory, with room for so many texts. */
function placesFor(count: number): { starts: Int32Array; ends: Int32Array } {
  if (places.starts.length < count) {
    places.starts = new Int32Array(2 * count);
    places.ends = new Int32Array(2 * count);
  }
  return places;
}

/** PLAIN: the length of each text in four bytes before it. */
export function plainTexts(bytes: Buffer, start: number, values: number): Texts {
  const most = Math.min(values, bytes.length >> 2);
  const { starts, ends } = placesFor(most);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let count = 0;
  let at = start;
  while (count < most && at + 4 <= bytes.length) {
    const end = at + 4 + view.getUint32(at, true);
    if (end > bytes.length) break;
    starts[count] = at + 4;
    ends[count++] = end;
    at = end;
  }
  return { bytes, starts, ends, count, unaccounted: [bytes.subarray(at)] };
}

/** DELTA_LENGTH_BYTE_ARRAY: all lengths, delta-encoded, then all texts; throws a RangeError where these are more than there is. */
export function deltaLengthTexts(bytes: Buffer, start: number, values: number): Texts {
  const deltas = endOfDeltas(bytes, start, bytes.length, values);
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset: start };
  const { starts, ends } = placesFor(values);
  const lengths = ends.subarray(0, deltas.count);
  deltaBinaryUnpack(reader, deltas.count, lengths);
  let end = deltas.end;
  for (let i = 0; i < deltas.count; i++) {
    starts[i] = end;
    ends[i] = end += lengths[i] ?? 0;
  }
  if (end > bytes.length) throw new RangeError('the texts would reach beyond their page');
  const unaccounted = [bytes.subarray(deltas.used, deltas.end), bytes.subarray(end)];
  return { bytes, starts, ends, count: deltas.count, unaccounted };
}

/** A page of texts of one length, which may as well be searched as one. */
export function joinedTexts(bytes: Buffer): Texts {
  const [starts, ends] = [Int32Array.of(0), Int32Array.of(bytes.length)];
  return { bytes, starts, ends, count: 1, unaccounted: [] };
}

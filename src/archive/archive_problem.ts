import type { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import type { Tape } from '../tape/tape.js';
import { archiveBytes, type OpenOptions } from './open_any_tape.js';
import { BLOCK_BYTES, packTape } from './pack_tape.js';
import type { TarEntry } from './tar_entry.js';

/** Where an archive is not what it should be. */
export interface ArchiveProblem {
  /** The file in it, or the archive's own name for what is after all files. */
  readonly path: string;
  readonly problem: string;
}

/**
 * Compares an archive byte for byte with that which ktape writes of the whole tape that was unpacked of it, of which
 * there is one; returns the first place where it differs: headers, padding or end.
 */
export async function archiveProblem(
  path: string,
  tape: Tape,
  options: Pick<OpenOptions, 'identities'>,
): Promise<ArchiveProblem | undefined> {
  const expected = await packTape(tape);
  const found = await archiveBytes(path, options);
  try {
    const at = await firstDifference(found, expected);
    return at === undefined ? undefined : await placeOf(path, tape, at);
  } finally {
    expected.destroy();
    found.destroy();
  }
}

/** Offset of the first byte that one has otherwise, or has not. */
async function firstDifference(one: Readable, other: Readable): Promise<number | undefined> {
  const chunks = other[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let rest: Buffer = Buffer.alloc(0);
  let at = 0;
  for await (const chunk of one as AsyncIterable<Buffer>) {
    for (let start = 0; start < chunk.length; ) {
      if (rest.length === 0) {
        const next = await chunks.next();
        if (next.done === true) return at;
        rest = next.value;
      }
      const length = Math.min(chunk.length - start, rest.length);
      const [a, b] = [chunk.subarray(start, start + length), rest.subarray(0, length)];
      if (!a.equals(b)) return at + a.findIndex((byte, i) => byte !== b[i]);
      rest = rest.subarray(length);
      start += length;
      at += length;
    }
  }
  return rest.length === 0 && (await chunks.next()).done === true ? undefined : at;
}

/** What ktape has at that offset of an archive. */
async function placeOf(path: string, tape: Tape, at: number): Promise<ArchiveProblem> {
  const expected = await packTape(tape);
  try {
    for await (const entry of expected.pipe(extract()) as AsyncIterable<TarEntry>) {
      const { header, offset } = entry;
      const start = offset + BLOCK_BYTES;
      const end = start + Math.ceil(header.size / BLOCK_BYTES) * BLOCK_BYTES;
      const said = (what: string) => ({ path: header.name, problem: `${what} (byte ${at} of the archive)` });
      if (at < start) return said('its header in the archive is not as ktape writes it');
      if (at < end) return said('what fills its last block is not zeros');
      entry.resume();
    }
    return { path, problem: `the archive does not end as ktape writes it (byte ${at})` };
  } finally {
    expected.destroy();
  }
}

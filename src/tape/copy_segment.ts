import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { InvalidFileError } from '../errors.js';
import type { Segment } from './manifest.js';

/**
 * Copies the file of a segment to a directory that is there, and compares it on the way with what the manifest says of
 * it. Throws an InvalidFileError that names the file where its bytes are not those that were written.
 */
export async function copySegment(from: string, to: string, segment: Segment): Promise<void> {
  const file = await open(to, 'wx', 0o644);
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(from, { highWaterMark: 1 << 20 })) {
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  if (hash.digest('hex') !== segment.sha256) {
    throw new InvalidFileError(from, 'its bytes are not those that were written (SHA-256 differs)');
  }
}

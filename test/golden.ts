import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './repository.js';

/** Compares text with the file kept for it; `npm run goldens` writes the files anew. */
export function assertGolden(path: string, actual: string): void {
  const file = join(repository, path);
  if (process.env.KTAPE_UPDATE_GOLDENS === '1') writeFileSync(file, actual);
  assert.equal(actual, readFileSync(file, 'utf8'), `${path} differs; npm run goldens writes it anew`);
}

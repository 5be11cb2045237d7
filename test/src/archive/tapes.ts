import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { OpenOptions } from '../../../src/archive/open_any_tape.js';
import { writeArchive } from '../../../src/archive/write_archive.js';
import { scratch } from '../../scratch.js';
import { writeTinyTape } from '../../tiny_tape.js';

/** A small tape of two tables with a segment each, and a place for its archives. */
export async function smallTape(t: TestContext): Promise<{ directory: string; out: string; parent: string }> {
  const parent = scratch(t);
  const directory = await writeTinyTape(parent, {
    log_records: [{ time: '10:00:01', body: 'hello' }],
    losses: [{ time: '10:00:02', until: '10:00:02', source: 'clock', reason: 'jump' }],
  });
  return { directory, out: join(parent, 'small.tape.tar'), parent };
}

/** A small tape as an archive, signed. */
export async function smallArchive(t: TestContext) {
  const { directory, out, parent } = await smallTape(t);
  const { privateKey, publicKey } = signingKeys();
  await writeArchive({ directory, out, sign: privateKey });
  return { directory, out, parent, publicKey };
}

export function signingKeys(): { privateKey: KeyObject; publicKey: KeyObject } {
  return generateKeyPairSync('ed25519');
}

/** How a test opens tapes: with a cache of its own. */
export function openingIn(parent: string, identities: readonly string[] = []): OpenOptions {
  return { identities, cache: join(parent, 'cache'), temporary: () => parent };
}

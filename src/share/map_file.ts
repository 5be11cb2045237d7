import { open } from 'node:fs/promises';
import { InvalidFileError, unreadable } from '../errors.js';
import { ShareKey } from './key.js';
import { linesIn, type Note } from './notes.js';
import { Ids } from './words/ids.js';

const FORMAT = 'ktape share map';
const BUFFERED = 1 << 16;

/**
 * Writes the private map, which only its owner can read, as JSON lines: first the key, then of everything that was
 * replaced what it became and what it was. Secrets are not in it.
 * @param file not there yet
 */
export async function writeMap(file: string, key: ShareKey, notes: Iterable<Note>): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    let text = `${JSON.stringify({ format: FORMAT, version: 1, key: key.toText().trim() })}\n`;
    for (const [pseudonym, original, kind] of notes) {
      if (kind !== 'secret') text += `${JSON.stringify([pseudonym, original])}\n`;
      if (text.length < BUFFERED) continue;
      await handle.write(text);
      text = '';
    }
    await handle.write(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Ids of spans and traces, which are too many to be in the map: what they were is found by the key. */
const ID = /^(?=.*[a-f])(?:[0-9a-f]{16}|[0-9a-f]{32})$/;

/** What these words, ids and addresses stand for, as far as a private map tells. */
export function originalsOf(file: string, pseudonyms: ReadonlySet<string>): Map<string, string> {
  const originals = new Map<string, string>();
  let key: ShareKey | undefined;
  let line = 0;
  for (const text of readable(file)) {
    line++;
    if (key === undefined) key = keyOf(file, text);
    else {
      const [pseudonym, original] = pairOf(file, line, text);
      if (pseudonyms.has(pseudonym)) originals.set(pseudonym, original);
    }
  }
  const ids = new Ids(key ?? keyOf(file, ''));
  for (const pseudonym of pseudonyms) {
    if (originals.has(pseudonym) || !ID.test(pseudonym)) continue;
    originals.set(pseudonym, ids.original(pseudonym) ?? pseudonym);
  }
  return originals;
}

function* readable(file: string): Generator<string> {
  try {
    yield* linesIn(file);
  } catch (error) {
    unreadable(file, error);
  }
}

function keyOf(file: string, line: string): ShareKey {
  const head = parsed(line);
  const isHead = typeof head === 'object' && head !== null && 'format' in head && head.format === FORMAT;
  if (!isHead || !('key' in head) || typeof head.key !== 'string') {
    throw new InvalidFileError(file, 'not a private map; ktape share writes one beside what it shares');
  }
  return ShareKey.parse(head.key, file);
}

function pairOf(file: string, line: number, text: string): readonly [string, string] {
  const pair = parsed(text);
  if (Array.isArray(pair) && typeof pair[0] === 'string' && typeof pair[1] === 'string')
    return [pair[0], pair[1]];
  throw new InvalidFileError(
    file,
    `line ${line} is ${JSON.stringify(text.slice(0, 40))}; expected ["word","original"]`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

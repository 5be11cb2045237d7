import { createReadStream, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { InvalidFileError, unreadable } from '../errors.js';
import { Addresses, type AddressMode } from './addresses/addresses.js';
import { ShareKey } from './key.js';
import { linesIn, type Notes } from './notes.js';
import type { Unmasking } from './unmask.js';
import { Ids } from './words/ids.js';

const FORMAT = 'ktape share map';
const VERSION = 1;
const BUFFERED = 1 << 20;

/** What the words and addresses of a share were made by. */
export interface MadeBy {
  readonly key: ShareKey;
  readonly addresses: AddressMode;
}

/**
 * Writes the private map, which only its owner can read, as JSON lines: first the key and what addresses became, then of
 * everything that was replaced what it became and what it was. Secrets are not in it.
 * @param file not there yet
 * @param made called once the file is this one's
 */
export async function writeMap(
  file: string,
  { key, addresses }: MadeBy,
  notes: Notes,
  made: () => void = () => undefined,
): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  made();
  try {
    const head = { format: FORMAT, version: VERSION, key: key.toText().trim(), addresses };
    await handle.write(`${JSON.stringify(head)}\n`);
    for (const file of notes.files(['name', 'id', 'address'])) {
      for await (const lines of createReadStream(file, { highWaterMark: BUFFERED }))
        await handle.writeFile(lines);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Ids of spans and traces, which are too many to be in the map: what they were is found by the key. */
const ID = /^(?=.*[a-f])(?:[0-9a-f]{16}|[0-9a-f]{32})$/i;

/** Characters of the longest line that is read, which is for the longest name: no file fills the memory. */
const LONGEST_LINE = 1 << 26;

/** A private map, whose pairs are read anew each time that something is looked up. */
export class PrivateMap implements Unmasking {
  readonly addresses: Addresses;
  readonly #ids: Ids;

  /** Throws an InvalidFileError where the file is not a private map. */
  constructor(private readonly file: string) {
    const lines = this.#lines();
    const { key, addresses } = headOf(file, lines.next().value ?? '');
    lines.return(undefined);
    this.addresses = Addresses.originals(key, addresses);
    this.#ids = new Ids(key);
  }

  /** What these words, ids and addresses stand for, as far as the map tells, or its key does of ids. */
  readonly originals = (pseudonyms: ReadonlySet<string>): Map<string, string> => {
    const originals = new Map<string, string>();
    let line = 0;
    for (const text of this.#lines()) {
      if (++line === 1) continue;
      const [pseudonym, original] = pairOf(this.file, line, text);
      if (pseudonyms.has(pseudonym)) originals.set(pseudonym, original);
    }
    for (const pseudonym of pseudonyms) {
      if (originals.has(pseudonym) || !ID.test(pseudonym)) continue;
      originals.set(pseudonym, this.#ids.original(pseudonym) ?? pseudonym);
    }
    return originals;
  };

  *#lines(): Generator<string> {
    try {
      if (!statSync(this.file).isFile()) {
        throw new InvalidFileError(this.file, 'not a regular file; a private map is read more than once');
      }
      yield* linesIn(this.file, LONGEST_LINE);
    } catch (error) {
      if (error instanceof InvalidFileError) throw error;
      unreadable(this.file, error);
    }
  }
}

function headOf(file: string, line: string): MadeBy {
  const head = parsed(line);
  if (typeof head === 'object' && head !== null && 'format' in head && head.format === FORMAT) {
    if ('version' in head && head.version !== VERSION) {
      throw new InvalidFileError(
        file,
        `version ${JSON.stringify(head.version)}; this ktape reads maps of version ${VERSION}`,
      );
    }
    if ('key' in head && typeof head.key === 'string' && 'addresses' in head) {
      const { addresses } = head;
      if (addresses === 'prefix' || addresses === 'opaque')
        return { key: ShareKey.parse(head.key, file), addresses };
    }
  }
  throw new InvalidFileError(file, 'not a private map; ktape share writes one beside what it shares');
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

import { closeSync, openSync, readdirSync, readSync, writeSync } from 'node:fs';
import { extname, join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { InvalidFileError } from '../errors.js';
import { quoted } from './quoted.js';
import { Tally } from './tally.js';
import type { Noted } from './words/words.js';

/** One thing that was replaced: what by, what it was, and what kind of thing. */
export type Note = Parameters<Noted>;
export type NoteKind = Note[2];

const KINDS: readonly NoteKind[] = ['name', 'id', 'address', 'secret'];
const BUFFERED = 1 << 16;

/**
 * Puts notes into files as they come, since a tape may have more than fit in memory: one file for each kind, whose lines
 * are those of a private map.
 */
export class NotesWriter {
  /** How much was replaced so far. */
  readonly tally = new Tally();
  private readonly files: Readonly<Record<NoteKind, LineFile>>;

  /**
   * @param directory only for files of notes
   * @param name of the files, without their endings; nobody else's
   */
  constructor(directory: string, name: string) {
    const file = (kind: NoteKind) => new LineFile(join(directory, `${name}.${kind}`));
    this.files = { name: file('name'), id: file('id'), address: file('address'), secret: file('secret') };
  }

  readonly note: Noted = (pseudonym, original, kind) => {
    this.tally.add(kind === 'secret' ? pseudonym : kind, original);
    this.files[kind].write(`[${quoted(pseudonym)},${quoted(original)}]`);
  };

  flush(): void {
    for (const kind of KINDS) this.files[kind].flush();
  }

  close(): void {
    for (const kind of KINDS) this.files[kind].close();
  }
}

class LineFile {
  private readonly descriptor: number;
  private text = '';

  /** @param path a file that is not there yet; only its owner can read it. */
  constructor(path: string) {
    this.descriptor = openSync(path, 'wx', 0o600);
  }

  write(line: string): void {
    this.text += `${line}\n`;
    if (this.text.length >= BUFFERED) this.flush();
  }

  flush(): void {
    if (this.text !== '') writeSync(this.descriptor, this.text);
    this.text = '';
  }

  close(): void {
    this.flush();
    closeSync(this.descriptor);
  }
}

/** The notes that are in a directory, read anew each time that they are asked for. The same may come more than once. */
export class Notes implements Iterable<Note> {
  constructor(private readonly directory: string) {}

  *[Symbol.iterator](): Generator<Note> {
    for (const kind of KINDS) {
      for (const file of this.files([kind])) {
        for (const line of linesIn(file)) {
          const [pseudonym, original] = pairIn(line);
          yield [pseudonym, original, kind];
        }
      }
    }
  }

  /** The files with notes of these kinds, each line `["pseudonym","original"]`. */
  files(kinds: readonly NoteKind[]): string[] {
    const names = readdirSync(this.directory).sort();
    return kinds.flatMap((kind) =>
      names.filter((name) => extname(name) === `.${kind}`).map((name) => join(this.directory, name)),
    );
  }
}

const BETWEEN = '","';

/** The texts of a line `["pseudonym","original"]`. Of millions hardly one has anything escaped in it. */
function pairIn(line: string): [string, string] {
  if (line.includes('\\')) return JSON.parse(line);
  const end = line.indexOf(BETWEEN);
  return [line.slice(2, end), line.slice(end + BETWEEN.length, -2)];
}

/**
 * Lines of a file, read as they are asked for.
 *
 * @param longest characters that a line may have; throws an InvalidFileError, soon after these, for one that has more
 */
export function* linesIn(path: string, longest = Number.POSITIVE_INFINITY): Generator<string> {
  const descriptor = openSync(path, 'r');
  try {
    const decoder = new StringDecoder();
    const bytes = Buffer.alloc(BUFFERED);
    let rest = '';
    for (let size = 1; size > 0; ) {
      size = readSync(descriptor, bytes);
      // Only what is new is cut up: a long line would else be gone through for each of its pieces.
      const [first = '', ...others] = decoder.write(bytes.subarray(0, size)).split('\n');
      rest += first;
      if (rest.length > longest) {
        throw new InvalidFileError(path, `has a line of more than ${longest} characters`);
      }
      for (const other of others) {
        yield rest;
        rest = other;
      }
    }
    if (rest !== '') yield rest;
  } finally {
    closeSync(descriptor);
  }
}

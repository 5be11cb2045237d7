import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { InvalidFileError } from '../errors.js';
import type { Noted } from './words/words.js';

/** One thing that was replaced: what by, what it was, and what kind of thing. */
export type Note = Parameters<Noted>;

const BUFFERED = 1 << 16;

/** Puts notes into a file as they come: a tape may have more than fit in memory. */
export class NotesFile {
  private readonly descriptor: number;
  private text = '';

  /** @param path a file that is not there yet; only its owner can read it. */
  constructor(readonly path: string) {
    this.descriptor = openSync(path, 'wx', 0o600);
  }

  readonly note: Noted = (...note) => {
    this.text += `${JSON.stringify(note)}\n`;
    if (this.text.length >= BUFFERED) this.flush();
  };

  flush(): void {
    writeSync(this.descriptor, this.text);
    this.text = '';
  }

  close(): void {
    this.flush();
    closeSync(this.descriptor);
  }
}

/** The notes of files, one file after the other, read as they are asked for. The same may come more than once. */
export function* notesIn(paths: readonly string[]): Generator<Note> {
  for (const path of paths) for (const line of linesIn(path)) yield JSON.parse(line);
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

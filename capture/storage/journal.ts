import { closeSync, fdatasync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import type { Signal } from '../../src/otlp/signal.js';
import { syncDirectory } from '../../src/tape/durable_file.js';

/** Numbers of signals in the journal, which are their places here: never reordered. */
const SIGNALS: readonly Signal[] = ['traces', 'metrics', 'logs'];

/** A request as it was acknowledged: protobuf bytes, and when they came (nanoseconds since the epoch). */
export interface JournalEntry {
  readonly signal: Signal;
  readonly received: bigint;
  readonly request: Uint8Array;
}

/** Length and CRC-32 of what follows them, then the signal's number and the time. */
const HEADER = 4 + 4 + 1 + 8;
const CHECKED_FROM = 8;

const datasync = promisify(fdatasync);

/**
 * Requests that were acknowledged and are not yet in segments, in numbered files of one directory.
 * `append` puts a request into the current file; `synced` waits until the disk has it, together with
 * all others that wait. Rotating begins a new file, so that the one before can be sealed and removed.
 */
export class Journal {
  /** Syncs run one after the other, so that one serves everybody who came while the last was running. */
  private syncing: Promise<void> = Promise.resolve();

  private constructor(
    private readonly directory: string,
    private file: JournalFile,
  ) {}

  /** Opens the journal of a tape at a new file, numbered `number`. */
  static async open(tape: string, number: number): Promise<Journal> {
    const directory = journalDirectory(tape);
    await mkdir(directory, { recursive: true });
    const journal = new Journal(directory, newFile(directory, number));
    await syncDirectory(directory);
    await syncDirectory(tape);
    return journal;
  }

  /** Appends an entry; throws, and leaves the file as it was, where the disk does not take it. */
  append(entry: JournalEntry): void {
    const { file } = this;
    const frame = encodeFrame(entry);
    try {
      for (let written = 0; written < frame.length; ) {
        written += writeSync(file.fd, frame, written, frame.length - written, file.size + written);
      }
    } catch (error) {
      ftruncateSync(file.fd, file.size);
      throw error;
    }
    file.size += frame.length;
    file.dirty = true;
  }

  /** Resolves when everything appended so far is on the disk. */
  synced(): Promise<void> {
    const { file } = this;
    const turn = this.syncing.then(() => syncFile(file));
    this.syncing = turn.catch(() => undefined);
    return turn;
  }

  /**
   * Begins a new file at once. `sealed` is the number of the one before, to which nothing is added any
   * more; `settled` resolves when both are safe on the disk.
   */
  rotate(): { sealed: number; settled: Promise<void> } {
    const old = this.file;
    this.file = newFile(this.directory, old.number + 1);
    const settled = this.syncing.then(() => syncFile(old)).finally(() => closeSync(old.fd));
    this.syncing = settled.catch(() => undefined);
    return { sealed: old.number, settled: settled.then(() => syncDirectory(this.directory)) };
  }

  /** Closes the current file, which stays for the next start unless it is removed. */
  async close(): Promise<void> {
    await this.syncing;
    closeSync(this.file.fd);
  }
}

interface JournalFile {
  readonly number: number;
  readonly fd: number;
  size: number;
  dirty: boolean;
}

function newFile(directory: string, number: number): JournalFile {
  return { number, fd: openSync(join(directory, fileName(number)), 'wx'), size: 0, dirty: false };
}

async function syncFile(file: JournalFile): Promise<void> {
  if (!file.dirty) return;
  file.dirty = false;
  try {
    await datasync(file.fd);
  } catch (error) {
    file.dirty = true;
    throw error;
  }
}

function encodeFrame({ signal, received, request }: JournalEntry): Buffer {
  const frame = Buffer.allocUnsafe(HEADER + request.length);
  frame.writeUInt32LE(frame.length - CHECKED_FROM, 0);
  frame.writeUInt8(SIGNALS.indexOf(signal), CHECKED_FROM);
  frame.writeBigInt64LE(received, CHECKED_FROM + 1);
  frame.set(request, HEADER);
  frame.writeUInt32LE(crc32(frame.subarray(CHECKED_FROM)), 4);
  return frame;
}

/** Removes the journal files that are in segments: those up to `sealed`. */
export async function removeSealed(tape: string, sealed: number): Promise<void> {
  for (const number of await journalNumbers(tape)) {
    if (number <= sealed) await rm(join(journalDirectory(tape), fileName(number)));
  }
}

/** Removes the whole journal, when its tape is complete. */
export async function removeJournal(tape: string): Promise<void> {
  await rm(journalDirectory(tape), { recursive: true, force: true });
}

/** Numbers of the journal files that are there, in order. */
export async function journalNumbers(tape: string): Promise<number[]> {
  const names = await readdir(journalDirectory(tape)).catch(() => []);
  return names
    .map((name) => Number(/^(\d+)\.journal$/.exec(name)?.[1] ?? Number.NaN))
    .filter((number) => !Number.isNaN(number))
    .sort((a, b) => a - b);
}

/**
 * Entries of one journal file. A last frame that is cut short or whose checksum is wrong was never
 * acknowledged: reading ends there, and `torn` tells how many bytes were left over.
 */
export async function readJournal(
  tape: string,
  number: number,
): Promise<{ entries: JournalEntry[]; torn: number }> {
  const bytes = await readFile(join(journalDirectory(tape), fileName(number)));
  const entries: JournalEntry[] = [];
  let at = 0;
  while (at + HEADER <= bytes.length) {
    const end = at + CHECKED_FROM + bytes.readUInt32LE(at);
    if (end < at + HEADER || end > bytes.length) break;
    if (bytes.readUInt32LE(at + 4) !== crc32(bytes.subarray(at + CHECKED_FROM, end))) break;
    const signal = SIGNALS[bytes.readUInt8(at + CHECKED_FROM)];
    if (signal === undefined) break;
    const received = bytes.readBigInt64LE(at + CHECKED_FROM + 1);
    entries.push({ signal, received, request: bytes.subarray(at + HEADER, end) });
    at = end;
  }
  return { entries, torn: bytes.length - at };
}

function journalDirectory(tape: string): string {
  return join(tape, 'journal');
}

function fileName(number: number): string {
  return `${String(number).padStart(6, '0')}.journal`;
}

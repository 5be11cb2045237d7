import { closeSync, fdatasync, ftruncateSync, openSync, writevSync } from 'node:fs';
import { promisify } from 'node:util';
import { makeDirectory, syncDirectory } from '../../src/tape/durable_file.js';
import { frameHeader, type JournalEntry, journalDirectory, journalFile } from './journal_files.js';

const datasync = promisify(fdatasync);

/**
 * Requests that were acknowledged and are not yet in segments, in numbered files of one directory.
 * `append` puts a request into the current file; `synced` waits until the disk has it, together with
 * all others that wait. After `rotate` the next request begins a new file, so that the one before can
 * be sealed and removed.
 */
export class Journal {
  /** Where the next entry goes; undefined where that needs a new file. */
  private file: JournalFile | undefined;
  /** Where the last entry went. */
  private newest: JournalFile | undefined;
  /** Syncs run one after the other, so that one serves everybody who came while the last was running. */
  private syncing: Promise<void> = Promise.resolve();

  private constructor(
    private readonly tape: string,
    private last: number,
  ) {}

  /** Opens the journal of a tape, whose next file will be numbered `next`. */
  static async open(tape: string, next: number): Promise<Journal> {
    await makeDirectory(journalDirectory(tape));
    return new Journal(tape, next - 1);
  }

  /** Bytes in the current file. */
  get bytes(): number {
    return this.file?.size ?? 0;
  }

  /** Appends an entry; throws, and leaves the file as it was, where the disk does not take it. */
  append(entry: JournalEntry): void {
    this.file ??= this.newFile();
    const { file } = this;
    this.newest = file;
    try {
      file.size += writeFrame(file.fd, entry, file.size);
      file.dirty = true;
    } catch (error) {
      try {
        ftruncateSync(file.fd, file.size);
      } catch {
        this.leave(file);
      }
      throw error;
    }
  }

  /** Resolves when everything appended so far is on the disk, under a name that is there too. */
  synced(): Promise<void> {
    const file = this.newest;
    return file === undefined ? this.syncing : this.syncInTurn(file);
  }

  /** Ends the current file and returns its number: what is appended from now on goes to later ones. */
  rotate(): number {
    this.leave(this.file);
    return this.last;
  }

  /** Closes the current file, which stays for the next start unless it is removed. */
  async close(): Promise<void> {
    this.leave(this.file);
    await this.syncing;
  }

  private newFile(): JournalFile {
    const fd = openSync(journalFile(this.tape, this.last + 1), 'wx');
    this.last++;
    return { fd, size: 0, dirty: false, named: false, failure: undefined };
  }

  /** Appends no more to the file, and closes it when those who wait for it have been served. */
  private leave(file: JournalFile | undefined): void {
    if (file === undefined || file !== this.file) return;
    this.file = undefined;
    this.syncInTurn(file).catch(() => undefined);
    this.syncing = this.syncing.then(() => closeSync(file.fd));
  }

  private syncInTurn(file: JournalFile): Promise<void> {
    const turn = this.syncing.then(() => this.sync(file));
    this.syncing = turn.catch(() => undefined);
    return turn;
  }

  private async sync(file: JournalFile): Promise<void> {
    if (file.failure !== undefined) throw file.failure;
    if (!file.dirty) return;
    file.dirty = false;
    try {
      await datasync(file.fd);
      if (!file.named) await syncDirectory(journalDirectory(this.tape));
      file.named = true;
    } catch (error) {
      // The kernel may have dropped what it could not write: a second sync of this file would prove nothing.
      file.failure = error;
      this.leave(file);
      throw error;
    }
  }
}

interface JournalFile {
  readonly fd: number;
  size: number;
  dirty: boolean;
  /** Whether the disk has its name. */
  named: boolean;
  /** Why a sync of it failed. */
  failure: unknown;
}

/** Writes an entry at that place, without copying the request; returns how long it is there. */
function writeFrame(fd: number, entry: JournalEntry, at: number): number {
  const header = frameHeader(entry);
  const length = header.length + entry.request.length;
  for (let written = 0; written < length; ) {
    const rest =
      written < header.length
        ? [header.subarray(written), entry.request]
        : [entry.request.subarray(written - header.length)];
    written += writevSync(fd, rest, at + written);
  }
  return length;
}

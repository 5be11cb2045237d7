import { readFile } from 'node:fs/promises';
import { type Gathered, Gathering } from '../identifiers/gathering.js';
import type { Identifiers } from '../identifiers/identifiers.js';
import { type Find, Scan } from '../scan.js';
import { bytesOf, type TapeFile } from '../tape_files.js';

/** A segment of the original tape. */
export interface OriginalSegment {
  readonly table: string;
  /** Path on disk. */
  readonly file: string;
}

/** What was found in one file. */
export interface FileFinds {
  readonly finds: readonly Find[];
  /** Bytes of text, after decompression, that were searched. */
  readonly bytes: number;
}

/** The part of a proof that one thread does: it gathers from segments of the original, then scans files. */
export class Searcher {
  private readonly gathering: Gathering;
  private scanning: Scan | undefined;

  /** @param kept columns that may stay, as `spans.trace_id` */
  constructor(private readonly kept: ReadonlySet<string>) {
    this.gathering = new Gathering(kept);
  }

  async gather({ table, file }: OriginalSegment): Promise<void> {
    this.gathering.segment(table, await readFile(file), file);
  }

  async handOver(_: undefined): Promise<Gathered> {
    return this.gathering.handOver();
  }

  async lookFor(identifiers: Identifiers): Promise<void> {
    this.scanning = new Scan(identifiers, this.kept);
  }

  async scan(file: TapeFile): Promise<FileFinds> {
    if (this.scanning === undefined) throw new Error('nothing to look for');
    const before = this.scanning.bytes;
    const finds = this.scanning.file(file.path, await bytesOf(file), file.header);
    return { finds, bytes: this.scanning.bytes - before };
  }
}

import { FileReader } from '../../../tape/file_reader.js';
import { type Gathered, Gathering } from '../identifiers/gathering.js';
import { Scan } from '../scan.js';
import { type Compared, Comparison, type PartsToCompare } from '../search/comparison.js';
import type { SpillFile } from '../search/spill_file.js';
import { type Parts, SpilledHashes } from '../search/spilled_hashes.js';
import type { TapeFile } from '../tape_files.js';
import type { Find, Wanted } from '../text_search.js';

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

/** What a thread is told before it begins. */
export interface Setting {
  /** Columns that may stay, as `spans.trace_id`. */
  readonly kept: ReadonlySet<string>;
  /** Where hashes of ids go. */
  readonly spill: SpillFile;
}

/** The part of a proof that one thread does: it gathers from segments of the original, then scans files. */
export class Searcher {
  private readonly files = new FileReader();
  private readonly ids: SpilledHashes;
  private readonly gathering: Gathering;
  private readonly comparison: Comparison;
  private scanning: Scan | undefined;

  constructor(private readonly setting: Setting) {
    this.ids = new SpilledHashes(setting.spill);
    this.gathering = new Gathering(setting.kept, this.ids);
    this.comparison = new Comparison(setting.spill);
  }

  /** Gathers from a segment; answers hashes of its whole values that are no ids. */
  async gather({ table, file }: OriginalSegment): Promise<Int32Array<ArrayBuffer>> {
    return this.gathering.segment(table, this.files.read(file), file);
  }

  async gathered(_: undefined): Promise<Gathered> {
    return this.gathering.handOver();
  }

  async lookFor(wanted: Wanted): Promise<void> {
    this.scanning = new Scan(wanted, this.setting.kept, this.ids);
  }

  async scan({ path, content, header }: TapeFile): Promise<FileFinds> {
    if (this.scanning === undefined) throw new Error('nothing to look for');
    const before = this.scanning.bytes;
    const bytes =
      typeof content === 'string'
        ? this.files.read(content)
        : Buffer.from(content.buffer, content.byteOffset, content.length);
    const finds = this.scanning.file(path, bytes, header);
    return { finds, bytes: this.scanning.bytes - before };
  }

  /** Hashes of the ids that were met since this was asked last. */
  async metIds(_: undefined): Promise<Parts> {
    return this.ids.handOver();
  }

  async compareIds(parts: readonly PartsToCompare[]): Promise<Compared> {
    return this.comparison.compare(parts);
  }
}

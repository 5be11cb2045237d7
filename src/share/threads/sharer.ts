import { tableNamed } from '../../schema/tables/index.js';
import { FileReader } from '../../tape/file_reader.js';
import { gatherSegment } from '../gather/gather_segment.js';
import { Gathered, type GatheredData } from '../gather/gathered.js';
import { ShareKey } from '../key.js';
import { NotesWriter } from '../notes.js';
import { Redactor } from '../rewrite/redactor.js';
import { type SegmentJob, SegmentSharer, type SharedSegment } from '../rewrite/segment_sharer.js';
import type { Rules } from '../rules.js';
import type { TallyData } from '../tally.js';
import { Words } from '../words/words.js';

/** What a thread is told at its start. */
export interface Setting {
  /** A directory for the shared segments. */
  readonly directory: string;
  /** A directory for what was replaced, files for each thread. */
  readonly notes: string;
  readonly key: string;
  readonly addresses: 'prefix' | 'opaque';
  readonly rules: Rules;
  /** Secrets that are cut wherever they stand, and what by. */
  readonly secrets: ReadonlyMap<string, string>;
}

/**
 * The part of a share that one thread does: it gathers from segments, hands that over, is told what all threads gathered,
 * and then rewrites segments.
 */
export class Sharer {
  private readonly files = new FileReader();
  private gathered = new Gathered();
  private rewriting: { readonly segments: SegmentSharer; readonly notes: NotesWriter } | undefined;

  /** @param name of the files of notes, without their endings */
  constructor(
    private readonly setting: Setting,
    private readonly name: string,
  ) {}

  async gather({ table: name, file }: SegmentJob): Promise<void> {
    const table = tableNamed(name);
    // Rewriting refuses a table that nobody knows.
    if (table !== undefined)
      gatherSegment(this.files.read(file), table, file, this.gathered, this.setting.rules);
  }

  /** What this thread gathered, which then is no more here. */
  async handOver(): Promise<GatheredData> {
    const { data } = this.gathered;
    this.gathered = new Gathered();
    return data;
  }

  /** @param all that was gathered from the whole tape */
  async know(all: GatheredData): Promise<void> {
    const { directory, notes: folder, key, addresses, rules, secrets } = this.setting;
    this.gathered.add(all);
    const { vocabulary, facts } = this.gathered;
    const notes = new NotesWriter(folder, this.name);
    const words = new Words({
      key: ShareKey.parse(key, 'the key'),
      vocabulary,
      addresses,
      note: notes.note,
      published: new Set(rules.published),
      secrets,
    });
    const segments = new SegmentSharer(directory, words, new Redactor(words, facts, rules), rules);
    this.rewriting = { segments, notes };
  }

  async rewrite(job: SegmentJob): Promise<SharedSegment> {
    if (this.rewriting === undefined) throw new Error('asked to rewrite before anything is known');
    const { segments, notes } = this.rewriting;
    const shared = segments.share(job, this.files.read(job.file));
    notes.flush();
    return shared;
  }

  /** How much this thread replaced. */
  async replaced(): Promise<TallyData> {
    return this.rewriting?.notes.tally.data ?? new Map();
  }
}

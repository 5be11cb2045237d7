import { stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { KtapeError } from '../../../src/errors.js';
import { PINS, type Pin, readPins } from '../../../src/tape/pins.js';
import { sizeText } from '../../../src/tape/units.js';
import type { TapeWriter } from '../../../src/tape/writer.js';
import { sayingOnce } from '../../say_once.js';
import type { Say } from '../../source.js';
import { bytesOutsideSegments } from './directory_size.js';
import { bytesToLeave, type DiskLimits } from './limits.js';
import { Merging } from './merging.js';
import { type DiskState, mayTake, planRemoval, type Removal, stretchesOf } from './plan_removal.js';
import { type StoredSegment, storedSegments } from './stored_segment.js';

const LOOK_FOR_PINS_MS = 1_000;

/** What retention asks of the recorder. */
export interface RetentionOwner {
  readonly say: Say;
  /** Nanoseconds since the epoch. */
  readonly clock: () => bigint;
  /** Everything of the time before this has become rows, nanoseconds since the epoch. */
  readonly seenUntil: () => bigint;
  /** Writes all rows so far to the tape: somebody has set a pin. */
  readonly seal: () => void;
}

/** Keeps a recording within its limits: removes the oldest segments that no pin holds, and merges small ones. */
export class Retention {
  private readonly merging: Merging;
  private readonly sayOnce: Say;
  private looked = performance.now();
  /** When the directory of pins was last changed, as far as was seen. */
  private pinned: number | undefined;
  /** When a pin was seen that is not heeded yet, nanoseconds since the epoch. */
  private unheeded: bigint | undefined;

  constructor(
    private readonly writer: TapeWriter,
    private readonly limits: DiskLimits,
    private readonly owner: RetentionOwner,
  ) {
    this.sayOnce = sayingOnce(owner.say);
    this.merging = new Merging(writer, limits, {
      segments: () => this.segments(),
      makeRoom: (bytes) => this.makeRoom(bytes),
      say: this.sayOnce,
    });
  }

  /**
   * Removes what limits demand, so that there is room for `bytes` more. Throws a KtapeError where too little would be
   * free all the same.
   */
  async makeRoom(bytes: number): Promise<void> {
    let planned = await this.plan(bytes);
    if (planned.list.some(({ limit }) => limit !== '--keep') && (await this.merging.removeSources())) {
      planned = await this.plan(bytes);
    }
    const { list, disk, segments } = planned;
    if (list.length > 0) await this.remove(list, segments);
    const freed = list.reduce((sum, { stored }) => sum + stored.segment.bytes, 0);
    if (disk.free + freed < disk.minFree) {
      throw new KtapeError(
        `${sizeText(Math.max(0, disk.free + freed))} would be left free on the disk; --min-free is ${sizeText(disk.minFree)}`,
      );
    }
  }

  /** Call it several times a second: heeds new pins, merges what has become many. */
  tend(): void {
    this.merging.tend();
    this.heedPins();
    const now = performance.now();
    if (now - this.looked < LOOK_FOR_PINS_MS) return;
    this.looked = now;
    stat(join(this.writer.directory, PINS)).then(
      ({ mtimeMs }) => {
        if (this.pinned !== mtimeMs) this.unheeded = this.owner.clock();
        this.pinned = mtimeMs;
      },
      () => undefined,
    );
  }

  /** A pin is sealed when the kernel's events have come too, which are handed over later than they happened. */
  private heedPins(): void {
    if (this.unheeded === undefined || this.owner.seenUntil() < this.unheeded) return;
    this.unheeded = undefined;
    this.owner.seal();
  }

  /** Ends what runs beside; nothing is removed or merged afterwards. */
  async stop(): Promise<void> {
    await this.merging.stop();
  }

  private async plan(
    bytes: number,
  ): Promise<{ list: Removal[]; disk: DiskState; segments: readonly StoredSegment[] }> {
    const segments = await this.segments();
    const disk = await this.disk(bytes);
    this.tellOfPins(segments);
    return { list: planRemoval(segments, this.limits, disk), disk, segments };
  }

  private async segments(): Promise<StoredSegment[]> {
    return storedSegments(this.writer.segments, await this.pins());
  }

  private async pins(): Promise<readonly Pin[]> {
    const { pins, problems } = await readPins(this.writer.directory);
    for (const { message } of problems) this.sayOnce(`${message}; it holds nothing`);
    return pins;
  }

  private async disk(bytes: number): Promise<DiskState> {
    const { directory } = this.writer;
    const { bavail, blocks, bsize } = await statfs(directory);
    const coming = bytes + this.merging.reserved;
    return {
      now: this.owner.clock(),
      otherBytes: (await bytesOutsideSegments(directory)) + this.merging.sourceBytes + coming,
      free: bavail * bsize - coming,
      minFree: bytesToLeave(this.limits.minFree, blocks * bsize),
    };
  }

  private async remove(removals: readonly Removal[], segments: readonly StoredSegment[]): Promise<void> {
    for (const limit of new Set(removals.map((removal) => removal.limit))) {
      this.sayOnce(`${limit}: from now on the oldest is removed`);
    }
    await this.writer.remove(
      removals.map(({ stored }) => stored.segment),
      stretchesOf(removals, segments),
    );
  }

  private tellOfPins(segments: readonly StoredSegment[]): void {
    const { maxBytes } = this.limits;
    const bytes = mayTake(segments, this.limits);
    if (maxBytes === undefined || bytes <= maxBytes) return;
    const names = [...new Set(segments.flatMap(({ pinnedBy }) => pinnedBy))].join(', ');
    this.sayOnce(
      `PINS TAKE MORE THAN --max-size ${sizeText(maxBytes)} ALLOWS (${names || 'and what is carried forward'}): the tape may grow beyond it; ktape pin --remove NAME lets one go`,
    );
  }
}

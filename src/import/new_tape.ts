import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { arch } from 'node:os';
import { notWritten } from '../errors.js';
import type { Source } from '../tape/manifest.js';
import { OpenBatches } from '../tape/open_batches.js';
import { TapeWriter } from '../tape/writer.js';

/** Rows are sealed when they take this much memory. */
const SEAL_AT_BYTES = 128 << 20;

export interface NewTapeOptions {
  /** Program that writes, such as `ktape 0.1.0`. */
  readonly tool: string;
  /** Time of the import, nanoseconds since the epoch. */
  readonly now: bigint;
  /** Name of the node that the rows get. */
  readonly node: string;
}

/** A tape that is filled from files; removed again where that fails. */
export class NewTape {
  readonly batches: OpenBatches;
  /** Where the ids of rows begin: tapes that are merged have others. */
  readonly rowIds = { next: randomInt(2 ** 20) * 2 ** 32 };

  private constructor(
    private readonly writer: TapeWriter,
    node: string,
  ) {
    this.batches = new OpenBatches(node);
  }

  /** Makes the tape, has `fill` fill it, and completes it. The directory must be new or empty. */
  static async write<R>(
    directory: string,
    options: NewTapeOptions,
    sources: readonly Source[],
    tables: readonly string[],
    fill: (tape: NewTape) => Promise<R>,
  ): Promise<R> {
    const node = { name: options.node, kernel: 'unknown', architecture: arch(), boot_time: null };
    const { tool, now } = options;
    const fail = (error: unknown) => {
      throw notWritten(directory, error);
    };
    const isNew = !existsSync(directory);
    const started = { tool, started: now, nodes: [node] };
    const writer = await TapeWriter.create(directory, started).catch(async (error) => {
      if (isNew) await rm(directory, { recursive: true, force: true });
      return fail(error);
    });
    try {
      const tape = new NewTape(writer, options.node);
      await writer.describe(sources, tables).catch(fail);
      const result = await fill(tape);
      await writer.seal(tape.batches.take()).catch(fail);
      await writer.complete(now).catch(fail);
      return result;
    } catch (error) {
      await rm(directory, { recursive: true, force: true });
      throw error;
    }
  }

  /** Seals what is there if it has grown large; call it between requests. */
  async sealIfLarge(): Promise<void> {
    if (this.batches.bytes <= SEAL_AT_BYTES) return;
    const taken = this.batches.take();
    await this.writer.seal(taken).catch((error) => {
      throw notWritten(this.writer.directory, error);
    });
    this.batches.giveBack(taken);
  }
}

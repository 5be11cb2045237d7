import { randomInt } from 'node:crypto';
import { DecodeError, reasonOf } from '../../src/errors.js';
import type { Decoded } from '../../src/otlp/decoded.js';
import { RequestDecoder } from '../../src/otlp/request_decoder.js';
import type { Signal } from '../../src/otlp/signal.js';
import type { Taken } from '../../src/otlp/status.js';
import { epochNow } from '../clock.js';
import type { JournalEntry } from '../storage/journal_files.js';
import type { Session } from '../storage/session.js';
import type { Intake } from './accept.js';
import { OverloadError, UnavailableError } from './refusals.js';

/** The table that a signal mostly fills, for losses. */
const MAIN_TABLE = { traces: 'spans', metrics: 'metric_points', logs: 'log_records' } as const;

/** Takes requests in: decoded, in the journal and on the disk before they are acknowledged. */
export class OtlpIntake implements Intake {
  private readonly decoder: RequestDecoder;

  constructor(private readonly session: Session) {
    // Row ids start at random, so that rows of two recordings can stand in one tape.
    this.decoder = new RequestDecoder(session.batches, { next: randomInt(2 ** 20) * 2 ** 32 });
  }

  /**
   * Resolves when the request is safe. Throws a DecodeError where it never can be taken, an OverloadError or
   * UnavailableError where it may be later.
   */
  readonly accept = async (signal: Signal, request: Uint8Array, received: bigint): Promise<Taken> => {
    const { store, counts } = this.session;
    const { replacedTexts } = this.keep({ signal, request, received });
    store.sealIfLarge();
    await store.journal.synced().catch((error) => {
      throw new UnavailableError(`the journal cannot be synced: ${reasonOf(error)}`);
    });
    counts.otlpRequests++;
    counts.otlpBytes += BigInt(request.length);
    const message =
      replacedTexts === 0 ? '' : `${replacedTexts} texts were not UTF-8; what was not is U+FFFD now`;
    return { rejected: 0, message };
  };

  readonly refused = (signal: Signal | undefined, error: unknown): void => {
    const now = epochNow();
    this.session.counts.otlpRefused++;
    this.session.lost({
      source: 'otlp',
      ...(signal === undefined ? {} : { table: MAIN_TABLE[signal] }),
      reason: error instanceof DecodeError ? 'undecodable request' : 'request refused',
      since: now,
      until: now,
      detail: reasonOf(error),
    });
  };

  /** Takes in what an earlier recorder had acknowledged: its journal has it until the next sealing. */
  replay(entry: JournalEntry): void {
    try {
      this.decode(entry);
    } catch (error) {
      this.refused(entry.signal, error);
    }
  }

  /** Decodes and puts into the journal, both or neither, in one step. */
  private keep(entry: JournalEntry): Decoded {
    const { store, batches } = this.session;
    if (store.full && store.problem !== undefined) {
      throw new UnavailableError(`too much waits to be written: ${store.problem}`);
    }
    if (store.full) throw new OverloadError('too much waits to be written: the disk is slow');
    const mark = batches.mark();
    const decoded = this.decode(entry);
    try {
      store.journal.append(entry);
      return decoded;
    } catch (error) {
      batches.takeBack(mark);
      throw new UnavailableError(`the journal cannot be written: ${reasonOf(error)}`);
    }
  }

  private decode(entry: JournalEntry): Decoded {
    const decoded = this.decoder.decode(entry.signal, entry.request, entry.received);
    this.noteReplaced(entry, decoded);
    return decoded;
  }

  private noteReplaced({ signal, received }: JournalEntry, { replacedTexts }: Decoded): void {
    if (replacedTexts === 0) return;
    this.session.lost({
      source: 'otlp',
      table: MAIN_TABLE[signal],
      reason: 'invalid UTF-8 replaced',
      since: received,
      until: received,
      detail: `${replacedTexts} texts; what was not UTF-8 in them is U+FFFD now`,
    });
  }
}

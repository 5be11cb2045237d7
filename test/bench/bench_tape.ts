import { OtlpIntake } from '../../capture/otlp/intake.js';
import { Session } from '../../capture/storage/session.js';
import type { OpenBatches } from '../../src/tape/open_batches.js';
import { openTape, type Tape } from '../../src/tape/tape.js';
import { logRequests, traceRequests } from './traffic.js';

/** Megabytes of the tapes that are made: `KTAPE_BENCH_MB`, 16 unless told. */
const MEGABYTES = Number(process.env.KTAPE_BENCH_MB ?? 16);

/** When everything on these tapes was received. */
export const RECEIVED = 1_760_000_000_000_000_000n;

/** Requests that an application sends at the same time. */
const AT_ONCE = 8;

/** What comes before each sealing: batches of spans and of log records, and other rows. */
export interface Round {
  readonly traces: number;
  readonly logs: number;
  readonly others?: (batches: OpenBatches) => void;
}

/** Makes a tape; each round becomes a segment of each table. */
export async function makeBenchTape(directory: string, { traces, logs, others }: Round): Promise<Tape> {
  const session = await Session.open(directory, 'node-a', () => undefined);
  const intake = new OtlpIntake(session);
  while (bytesOf(await openTape(directory)) < MEGABYTES * 1e6) {
    const requests = traceRequests(traces);
    for (let first = 0; first < requests.length; first += AT_ONCE) {
      const together = requests.slice(first, first + AT_ONCE);
      await Promise.all(together.map((request) => intake.accept('traces', request, RECEIVED)));
    }
    for (const request of logRequests(logs)) await intake.accept('logs', request, RECEIVED);
    others?.(session.batches);
    await session.store.seal();
  }
  await session.complete();
  return openTape(directory);
}

/** Bytes of a tape's segments. */
export function bytesOf({ manifest }: Tape): number {
  const segments = Object.values(manifest.tables).flat();
  return segments.reduce((sum, { bytes }) => sum + bytes, 0);
}

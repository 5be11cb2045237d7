import { OtlpIntake } from '../../capture/otlp/intake.js';
import { Session } from '../../capture/storage/session.js';
import type { Signal } from '../../src/otlp/signal.js';
import { openTape } from '../../src/tape/tape.js';
import { writeByLibraries } from './baseline.js';
import { cpuSeconds, inDirectory, median, pinToOneCpu, printFigure } from './measure.js';
import { BATCH, logRequests, metricRequests, traceRequests } from './traffic.js';

/*
 * OTLP requests through the recorder's own path: into the journal and synced, decoded into columns, sealed to Parquet
 * on the disk; the process bound to one processor. In turn with it, the same requests by protobufjs and parquetjs-lite.
 * Rates are records for each second of processor time.
 */

const RECEIVED = 1_760_000_000_000_000_000n;
/** Requests that are under way at once: their journal entries are synced together. */
const AT_ONCE = 8;
const REQUESTS = 240;
const BASELINE_REQUESTS = 4;
const WARM_UP = 2;
const ROUNDS = 5;

/** Records the requests and seals them. */
async function record(
  session: Session,
  intake: OtlpIntake,
  signal: Signal,
  requests: readonly Uint8Array[],
): Promise<void> {
  for (let first = 0; first < requests.length; first += AT_ONCE) {
    const together = requests.slice(first, first + AT_ONCE);
    await Promise.all(together.map((request) => intake.accept(signal, request, RECEIVED)));
  }
  await session.store.seal();
}

/** Bytes of the segments that a table has on the tape. */
async function segmentBytes(directory: string, table: string): Promise<number> {
  const { manifest } = await openTape(directory);
  return (manifest.tables[table] ?? []).reduce((sum, { bytes }) => sum + bytes, 0);
}

const SIGNALS: readonly {
  signal: Signal;
  name: string;
  unit: string;
  make: (count: number) => Uint8Array[];
}[] = [
  { signal: 'traces', name: 'otlp.spans', unit: 'spans/s', make: traceRequests },
  { signal: 'logs', name: 'otlp.logs', unit: 'records/s', make: logRequests },
  { signal: 'metrics', name: 'otlp.metrics', unit: 'points/s', make: metricRequests },
];

/** Measures a signal, ours and the baseline in turn, in one recording; prints the middle of the rounds. */
async function measure(
  { signal, name, unit, make }: (typeof SIGNALS)[number],
  directory: string,
): Promise<void> {
  const requests = make(REQUESTS);
  const baseline = requests.slice(0, BASELINE_REQUESTS);
  const session = await Session.open(directory, 'node-a', () => undefined);
  const intake = new OtlpIntake(session);
  const rounds = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    const ours = await cpuSeconds(() => record(session, intake, signal, requests));
    const theirs = await inDirectory((scratch) =>
      cpuSeconds(() => writeByLibraries(signal, baseline, scratch)),
    );
    const rate = (BATCH * REQUESTS) / ours;
    rounds.push({ rate, ratio: (rate * theirs) / (BATCH * BASELINE_REQUESTS) });
  }
  await session.complete();
  const measured = rounds.slice(WARM_UP);
  printFigure({
    name,
    value: median(measured.map(({ rate }) => rate)),
    unit,
    ratio: median(measured.map(({ ratio }) => ratio)),
    against: 'protobufjs and parquetjs-lite',
  });
  if (signal !== 'traces') return;
  const bytes = (await segmentBytes(directory, 'spans')) / (WARM_UP + ROUNDS);
  const sent = requests.reduce((sum, { length }) => sum + length, 0);
  printFigure({
    name: 'otlp.bytes_per_span',
    value: bytes / (BATCH * REQUESTS),
    unit: 'B',
    ratio: bytes / sent,
    against: 'OTLP protobuf',
  });
}

pinToOneCpu();
for (const each of SIGNALS) await inDirectory((directory) => measure(each, directory));

import { KtapeError } from '../../errors.js';
import type { Signal } from '../../otlp/signal.js';
import type { Receiver, Sent } from './receiver.js';
import type { ExportRequest } from './requests.js';

/** Waits between attempts, where the receiver does not say for how long: from one second up to half a minute. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

export interface DeliveryOptions {
  /** Records a second at most; undefined: as fast as they are taken. */
  readonly rate?: number | undefined;
  /** Records to pass over: those that were sent before. */
  readonly skip: number;
  /** How long a request is sent again and again, milliseconds. */
  readonly patienceMs: number;
  /** A clock in milliseconds, and how to wait for so long. */
  readonly clock: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
  /** Hears why a request is to be sent again, before that is waited for. */
  readonly onWait: (why: string) => void;
}

/** What was delivered. */
export interface Delivered {
  /** Records sent, by signal; those that the receiver rejected are among them. */
  readonly sent: ReadonlyMap<Signal, number>;
  readonly rejected: number;
  /** What the receiver said of those that it rejected, each once. */
  readonly messages: readonly string[];
}

/**
 * Sends requests one after the other, no faster than the rate, again where the receiver asks for it. Throws a
 * KtapeError that says from which record on to resume, where it refuses one or cannot be reached for too long.
 */
export async function deliver(
  requests: AsyncIterable<ExportRequest>,
  receiver: Receiver,
  options: DeliveryOptions,
): Promise<Delivered> {
  const sent = new Map<Signal, number>();
  const messages = new Set<string>();
  let [passed, rejected] = [0, 0];
  const began = options.clock();
  for await (const { signal, protobuf, records } of requests) {
    // Rather some twice than one not at all.
    if (passed + records > options.skip) {
      if (options.rate !== undefined) await pace(began, passed - options.skip, options.rate, options);
      const answer = await sendPatiently(receiver, signal, protobuf, passed, options);
      rejected += answer.rejected;
      if (answer.message !== '') messages.add(answer.message);
      sent.set(signal, (sent.get(signal) ?? 0) + records);
    }
    passed += records;
  }
  return { sent, rejected, messages: [...messages] };
}

/** Waits until as many records as were sent may have been. */
async function pace(
  began: number,
  records: number,
  rate: number,
  { clock, sleep }: DeliveryOptions,
): Promise<void> {
  const due = began + (records / rate) * 1000;
  if (due > clock()) await sleep(due - clock());
}

async function sendPatiently(
  receiver: Receiver,
  signal: Signal,
  protobuf: Uint8Array,
  passed: number,
  { clock, sleep, patienceMs, onWait }: DeliveryOptions,
): Promise<Extract<Sent, { rejected: number }>> {
  const began = clock();
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(LONGEST_WAIT_MS, wait * 2)) {
    const answer = await receiver.send(signal, protobuf);
    if ('rejected' in answer) return answer;
    const resume = `${passed} records were sent; --skip ${passed} goes on from there`;
    if ('refused' in answer) throw new KtapeError(`${signal} refused: ${answer.refused}; ${resume}`);
    const pause = answer.afterMs ?? wait;
    if (clock() + pause - began > patienceMs)
      throw new KtapeError(`${signal} not taken: ${answer.again}; ${resume}`);
    onWait(answer.again);
    await sleep(pause);
  }
}

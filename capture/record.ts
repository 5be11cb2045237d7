import { KtapeError, reasonOf, systemReason, UsageError } from '../src/errors.js';
import type { Source } from '../src/tape/manifest.js';
import { capturedTables } from './captured_tables.js';
import { startCgroupSource } from './cgroups/source.js';
import { startKubernetesSource } from './kubernetes/source.js';
import { OtlpIntake } from './otlp/intake.js';
import { DEFAULT_LIMITS } from './otlp/limits.js';
import { startOtlpSource } from './otlp/source.js';
import { startKernelSource } from './probes/source.js';
import { OFF, type RecordOptions, standingNode, storageLimits } from './record_options.js';
import type { RunningSource, Say } from './source.js';
import { heldLimit } from './storage/memory_limits.js';
import { Session } from './storage/session.js';
import { takeUp } from './storage/take_up.js';

const MEASURE_EVERY_MS = 5_000;

/** What waits in memory grows by little in so long. */
const TEND_EVERY_MS = 250;

/** Records until `stopped` aborts or the time is over; resolves when the tape is complete. */
export async function record(options: RecordOptions, say: Say, stopped: AbortSignal): Promise<void> {
  if (isAllOff(options)) throw new UsageError('everything is off: there is nothing to record');
  const session = await openSession(options, say);
  const intake = new OtlpIntake(session);
  if (session.unfinished !== undefined) await takeUp(session, session.unfinished, intake, say, stopped);
  const running: RunningSource[] = [];
  const stopSources = () => Promise.all(running.map((source) => source.stop()));
  try {
    if (session.unfinished === undefined) await checkRoom(session, options.out);
    // The network first: a port in use is found before anything else is begun.
    running.push(
      await startOtlpSource(options, intake, {
        ...DEFAULT_LIMITS,
        maxHeldBytes: heldLimit(options.maxMemory),
      }),
    );
    // The cluster before the kernel: what is dropped can then be judged by a cluster that is known.
    running.push(await startKubernetesSource(options, session, say));
    running.push(await startKernelSource(options, session, say, stopped));
    running.push(startCgroupSource(options, session));
  } catch (error) {
    await stopSources();
    await session.discard();
    throw error;
  }
  const sources = running.flatMap((source) => source.sources);
  await session.begin(sources, capturedTables(options, sources));
  announce(options, sources, say);
  await untilStopped(options.for, stopped, session);
  say('stopping');
  await stopSources();
  await session.complete().catch((error) => {
    throw new KtapeError(
      `${options.out}: cannot be completed: ${reasonOf(error)}; start ktape record --out ${options.out} again to take it up`,
    );
  });
  say(`${options.out}: complete`);
}

async function openSession(options: RecordOptions, say: Say): Promise<Session> {
  const { out, node } = options;
  const standing = standingNode(options) !== undefined;
  return Session.open(out, node, say, storageLimits(options), standing).catch((error) => {
    const reason = systemReason(error);
    throw new KtapeError(`--out ${reason.startsWith(out) ? '' : `${out}: `}${reason}`);
  });
}

async function checkRoom(session: Session, out: string): Promise<void> {
  await session.checkRoom().catch((error) => {
    throw new KtapeError(`--out ${out}: ${reasonOf(error)}`);
  });
}

function isAllOff({ otlpGrpc, otlpHttp, kubernetes, probes }: RecordOptions): boolean {
  return [otlpGrpc, otlpHttp, kubernetes].every((setting) => setting === OFF) && probes.length === 0;
}

function announce(options: RecordOptions, sources: readonly Source[], say: Say): void {
  for (const { name, state, detail } of sources) {
    say(state === 'recorded' ? `  ${name}: ${detail}` : `  ${name}: NOT RECORDED, ${detail}`);
  }
  for (const [name, setting] of [
    ['otlp grpc', options.otlpGrpc],
    ['otlp http', options.otlpHttp],
  ]) {
    if (setting === OFF) say(`  ${name}: off`);
  }
  if (options.kubernetes === OFF)
    say('  kubernetes: off; which policy dropped what then needs a recorder with it elsewhere');
  if (options.probes.length === 0)
    say('  probes: off; which packets were dropped cannot be told without them');
  const end = options.for === undefined ? 'until Ctrl-C' : `for ${options.for / 1000} s`;
  say(`recording node ${options.node} to ${options.out} ${end}`);
}

/** Measures and seals now and then, until the time is over or the recorder is told to stop. */
async function untilStopped(
  milliseconds: number | undefined,
  stopped: AbortSignal,
  session: Session,
): Promise<void> {
  const measuring = setInterval(() => session.measure(), MEASURE_EVERY_MS);
  const tending = setInterval(() => session.tend(), TEND_EVERY_MS);
  await new Promise<void>((resolve) => {
    const timer = milliseconds === undefined ? undefined : setTimeout(resolve, milliseconds);
    stopped.addEventListener('abort', () => resolve(), { once: true });
    if (stopped.aborted) resolve();
    stopped.addEventListener('abort', () => clearTimeout(timer), { once: true });
  });
  clearInterval(measuring);
  clearInterval(tending);
}

import { recorderHealth } from '../../src/schema/tables/recorder_health.js';
import type { OpenBatches } from '../../src/tape/open_batches.js';

/** Running counts of what the recorder did since its start. */
export class Counts {
  /** Asked when it is measured. */
  kernelEvents: () => number = () => 0;
  otlpRequests = 0n;
  otlpBytes = 0n;
  otlpRefused = 0n;
  kubernetesObservations = 0n;
}

/** What the process used, as Node.js tells it: microseconds of processor time, bytes of memory. */
export interface Usage {
  readonly cpuMicros: number;
  readonly residentBytes: number;
}

/** Adds a row to `recorder_health`. */
export function recordHealth(batches: OpenBatches, now: bigint, counts: Counts, usage: Usage): void {
  const { columns } = batches.of(recorderHealth);
  columns.time.appendBigint(now);
  columns.cpu_ns.appendBigint(BigInt(Math.round(usage.cpuMicros)) * 1000n);
  columns.resident_bytes.appendBigint(BigInt(usage.residentBytes));
  columns.kernel_events.appendBigint(BigInt(counts.kernelEvents()));
  columns.otlp_requests.appendBigint(counts.otlpRequests);
  columns.otlp_bytes.appendBigint(counts.otlpBytes);
  columns.otlp_refused.appendBigint(counts.otlpRefused);
  columns.kubernetes_observations.appendBigint(counts.kubernetesObservations);
}

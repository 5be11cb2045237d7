import { OFF, type RecordOptions } from '../record_options.js';
import type { RunningSource } from '../source.js';
import type { Receiver } from './accept.js';
import { startGrpcServer } from './grpc_server.js';
import { ByteBudget } from './held_bytes.js';
import { startHttpServer } from './http_server.js';
import type { OtlpIntake } from './intake.js';
import type { ReceiverLimits } from './limits.js';

/** Listens for OTLP where the options say; throws where an address cannot be had. */
export async function startOtlpSource(
  options: RecordOptions,
  intake: OtlpIntake,
  limits: ReceiverLimits,
): Promise<RunningSource> {
  const receivers: [name: string, receiver: Receiver][] = [];
  const budget = new ByteBudget(limits.maxHeldBytes);
  const stop = async () => {
    await Promise.all(receivers.map(([, receiver]) => receiver.close()));
  };
  try {
    if (options.otlpGrpc !== OFF) {
      receivers.push(['otlp grpc', await startGrpcServer(options.otlpGrpc, intake, limits, budget)]);
    }
    if (options.otlpHttp !== OFF) {
      receivers.push(['otlp http', await startHttpServer(options.otlpHttp, intake, limits, budget)]);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const sources = receivers.map(
    ([name, { address }]) => ({ name, state: 'recorded', detail: address }) as const,
  );
  return { sources, stop };
}

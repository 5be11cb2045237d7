import type { Source } from '../src/tape/manifest.js';
import { startGrpcServer } from './otlp/grpc_server.js';
import { startHttpServer } from './otlp/http_server.js';
import type { OtlpIntake } from './otlp_intake.js';
import type { RunningSource } from './record.js';
import type { RecordOptions } from './record_options.js';

/** Listens for OTLP where the options say; throws where an address cannot be had. */
export async function startOtlpSource(options: RecordOptions, intake: OtlpIntake): Promise<RunningSource> {
  const sources: Source[] = [];
  const servers: { close(): Promise<void> }[] = [];
  const stop = async () => {
    await Promise.all(servers.map((server) => server.close()));
  };
  try {
    if (options.otlpGrpc !== undefined) {
      servers.push(await startGrpcServer(options.otlpGrpc, intake.accept));
      sources.push({ name: 'otlp grpc', state: 'recorded', detail: options.otlpGrpc });
    }
    if (options.otlpHttp !== undefined) {
      servers.push(await startHttpServer(options.otlpHttp, intake.accept));
      sources.push({ name: 'otlp http', state: 'recorded', detail: options.otlpHttp });
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { sources, stop };
}

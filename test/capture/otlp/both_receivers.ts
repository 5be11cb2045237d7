import type { TestContext } from 'node:test';
import type { Accept } from '../../../capture/otlp/accept.js';
import { startGrpcServer } from '../../../capture/otlp/grpc_server.js';
import { ByteBudget } from '../../../capture/otlp/held_bytes.js';
import { startHttpServer } from '../../../capture/otlp/http_server.js';
import type { ReceiverLimits } from '../../../capture/otlp/limits.js';
import { collecting, LIMITS } from './client.js';

/** Both receivers with one budget, as the recorder starts them; they are closed when the test ends. */
export async function startBoth(t: TestContext, changed: Partial<ReceiverLimits> = {}, instead?: Accept) {
  const limits = { ...LIMITS, ...changed };
  const intake = collecting(instead);
  const budget = new ByteBudget(limits.maxHeldBytes);
  const grpc = await startGrpcServer('127.0.0.1:0', intake, limits, budget);
  const http = await startHttpServer('127.0.0.1:0', intake, limits, budget);
  const close = () => Promise.all([grpc.close(), http.close()]);
  t.after(close);
  return { ...intake, grpc: grpc.address, http: http.address, close };
}

/** An `accept` that waits until it is told to go on. */
export function waiting() {
  let begun = () => {};
  const underWay = new Promise<void>((resolve) => {
    begun = resolve;
  });
  let goOn = () => {};
  const finished = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const accept: Accept = async () => {
    begun();
    await finished;
    return { rejected: 0, message: '' };
  };
  return { accept, underWay, goOn };
}

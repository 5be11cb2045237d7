import { connect, type IncomingHttpHeaders } from 'node:http2';

export const EXPORT_TRACES = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';

/** A message with its prefix, as gRPC sends it. */
export function frame(message: Uint8Array, compressed = 0): Buffer {
  const prefix = Buffer.from([compressed, 0, 0, 0, 0]);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** A call by HTTP/2 whose bytes are the test's own; resolves to the last headers it gets, or to how it was reset. */
export async function rawCall(
  address: string,
  body: readonly Uint8Array[],
  headers: Record<string, string> = {},
): Promise<IncomingHttpHeaders> {
  const session = connect(`http://${address}`);
  session.on('error', () => undefined);
  try {
    const call = session.request({
      ':method': 'POST',
      ':path': EXPORT_TRACES,
      'content-type': 'application/grpc',
      te: 'trailers',
      ...headers,
    });
    let answer: IncomingHttpHeaders = {};
    call.on('response', (given) => {
      answer = given;
    });
    call.on('trailers', (given) => {
      answer = given;
    });
    call.on('error', () => undefined);
    call.resume();
    for (const part of body) call.write(part);
    call.end();
    await new Promise((resolve) => call.once('close', resolve));
    return answer;
  } finally {
    session.destroy();
  }
}

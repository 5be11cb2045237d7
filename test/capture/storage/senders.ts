import { Agent, request as httpRequest } from 'node:http';
import * as grpc from '@grpc/grpc-js';
import { encodeByReference } from '../../src/otlp/reference.js';

/** A client with a connection of its own. */
export interface Sender {
  /** Sends a log record with this body; resolves to whether it was acknowledged. */
  readonly send: (body: string) => Promise<boolean>;
  readonly close: () => void;
}

function logsOf(body: string): Buffer {
  const logRecords = [{ timeUnixNano: '1795342530123456789', body: { stringValue: body } }];
  return Buffer.from(encodeByReference('logs', { resourceLogs: [{ scopeLogs: [{ logRecords }] }] }));
}

export function httpSender(address: string): Sender {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const headers = { 'content-type': 'application/x-protobuf' };
  const send = (body: string) =>
    new Promise<boolean>((resolve) => {
      const sent = httpRequest(
        `http://${address}/v1/logs`,
        { method: 'POST', headers, agent },
        (response) => {
          response.resume().on('end', () => resolve(response.statusCode === 200));
          response.on('error', () => resolve(false));
        },
      );
      sent.on('error', () => resolve(false));
      sent.end(logsOf(body));
    });
  return { send, close: () => agent.destroy() };
}

const EXPORT = '/opentelemetry.proto.collector.logs.v1.LogsService/Export';

export function grpcSender(address: string): Sender {
  const client = new grpc.Client(address, grpc.credentials.createInsecure(), {
    'grpc.use_local_subchannel_pool': 1,
  });
  const pass = (bytes: Buffer) => bytes;
  const send = (body: string) =>
    new Promise<boolean>((resolve) => {
      client.makeUnaryRequest(EXPORT, pass, pass, logsOf(body), (error) => resolve(error === null));
    });
  return { send, close: () => client.close() };
}

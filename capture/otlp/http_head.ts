import type { IncomingMessage } from 'node:http';
import type { Signal } from '../../src/otlp/signal.js';
import { Code, type Encoding, type Failure } from '../../src/otlp/status.js';
import { type ContentEncoding, ENCODINGS, encodingNamed } from './decompress.js';
import { RefusedError } from './refusals.js';

const PATHS: Readonly<Record<string, Signal | undefined>> = {
  '/v1/traces': 'traces',
  '/v1/metrics': 'metrics',
  '/v1/logs': 'logs',
};

/** The content type of each way to write a message. */
export const CONTENT_TYPES: Record<Encoding, string> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
};

/** A request that is refused by what its head says. */
export class HeadError extends RefusedError {
  constructor(
    readonly status: number,
    code: Failure['code'],
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(code, message);
  }
}

/** The signal that a request exports. Throws HeadError where it is no such request. */
export function signalOf({ url = '/', method }: IncomingMessage): Signal {
  const [path = '/'] = url.split('?');
  const signal = Object.hasOwn(PATHS, path) ? PATHS[path] : undefined;
  if (signal === undefined) {
    const paths = Object.keys(PATHS).join(', ');
    throw new HeadError(404, Code.NOT_FOUND, `${path}: nothing is here; OTLP goes to ${paths}`);
  }
  if (method !== 'POST') {
    const message = `${method} ${path}: OTLP is sent by POST`;
    throw new HeadError(405, Code.UNIMPLEMENTED, message, { allow: 'POST' });
  }
  return signal;
}

/** How the messages of a request are written, where its content type is one that is taken. */
export function encodingOf({ headers }: IncomingMessage): Encoding | undefined {
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  const given = type.trim().toLowerCase();
  return (Object.keys(CONTENT_TYPES) as Encoding[]).find((encoding) => CONTENT_TYPES[encoding] === given);
}

/** Throws HeadError where a request is written in another way. */
export function refuseOtherTypes(request: IncomingMessage): void {
  if (encodingOf(request) !== undefined) return;
  const given = request.headers['content-type'] ?? 'none';
  const types = Object.values(CONTENT_TYPES).join(' or ');
  throw new HeadError(415, Code.INVALID_ARGUMENT, `content-type: expected ${types}; found ${given}`);
}

/** How the body of a request is compressed. */
export function contentEncodingOf({ headers }: IncomingMessage): ContentEncoding {
  const given = headers['content-encoding'] ?? 'identity';
  const encoding = encodingNamed(given);
  if (encoding !== undefined) return encoding;
  const names = ENCODINGS.join(', ');
  const message = `content-encoding: expected ${names}; found ${given}`;
  throw new HeadError(415, Code.INVALID_ARGUMENT, message, { 'accept-encoding': names });
}

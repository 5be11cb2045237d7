import type { IncomingMessage } from 'node:http';
import { reasonOf } from '../../src/errors.js';
import { type JsonObject, objectAt } from '../../src/kubernetes/json.js';
import { ApiError, parseObject, wordsOf } from './api_server.js';

const MAX_LINE_BYTES = 64 << 20;

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: JsonObject;
}

/**
 * The events of a watch, one a line, until the server ends it. Throws ApiError when the stream breaks off, at a line
 * that is no event, and at the server's own ERROR event.
 */
export async function* watchEvents(response: IncomingMessage): AsyncGenerator<WatchEvent> {
  let rest: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunksOf(response)) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      rest.push(chunk.subarray(start, end));
      const line = Buffer.concat(rest).toString('utf8').trim();
      [rest, size, start] = [[], 0, end + 1];
      if (line !== '') yield eventOf(line);
    }
    rest.push(chunk.subarray(start));
    size += chunk.length - start;
    if (size > MAX_LINE_BYTES) {
      throw new ApiError(
        `the API server sent an event of more than ${MAX_LINE_BYTES} bytes`,
        undefined,
        true,
      );
    }
  }
}

async function* chunksOf(response: IncomingMessage): AsyncGenerator<Buffer> {
  try {
    yield* response as AsyncIterable<Buffer>;
  } catch (error) {
    throw new ApiError(`the watch broke off: ${reasonOf(error)}`);
  }
}

function eventOf(line: string): WatchEvent {
  const event = parseObject(line, 'a watch');
  const object = objectAt(event, 'object');
  const { type } = event;
  if (type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED' || type === 'BOOKMARK')
    return { type, object };
  const status = typeof object.code === 'number' ? object.code : undefined;
  const words = wordsOf(object) ?? `an event of type ${JSON.stringify(type)?.slice(0, 80)}`;
  throw new ApiError(`the API server ended the watch: ${words}`, status, true);
}

import { DecodeError, InvalidFileError } from '../errors.js';
import { type JsonText, jsonTexts } from './json_texts.js';
import { jsonToProtobuf, textOfJson } from './json_to_protobuf.js';
import { parseLossless } from './parse_json.js';
import { REQUESTS, SIGNALS, type Signal } from './signal.js';
import { signalOf } from './signal_of.js';

/** The length before each request of `format: proto`. */
const LENGTH_BYTES = 4;

/** One request found in a file. */
export interface FileRequest {
  readonly signal: Signal;
  readonly protobuf: Uint8Array;
  /** Where it begins, for messages: `line 3`, `byte 0`. */
  readonly place: string;
}

export interface CollectorFileOptions {
  /** Largest request that is read, in bytes; a larger one is an error. Memory is a few times that at most. */
  readonly maxRequestBytes: number;
  /** The signal of protobuf requests, where their bytes do not tell. */
  readonly signal?: Signal;
}

/**
 * The requests in a file of OTLP: JSON objects one after another, on a line each as the Collector's file exporter
 * writes them or spread over lines; one protobuf request; or protobuf requests each after its length in four bytes,
 * as the file exporter writes `format: proto`. Throws InvalidFileError, which names the file and the place in it.
 */
export async function* readCollectorFile(
  file: string,
  chunks: AsyncIterable<Uint8Array>,
  options: CollectorFileOptions,
): AsyncGenerator<FileRequest> {
  const { head, all } = await peek(chunks);
  if (head.length === 0)
    throw new InvalidFileError(file, 'empty; expected OTLP requests as JSON or protobuf');
  try {
    switch (formatOf(head)) {
      case 'json':
        for await (const text of jsonTexts(all, options.maxRequestBytes)) yield* requestsOf(text);
        break;
      case 'message':
        yield* oneMessage(all, options);
        break;
      case 'length prefixed':
        yield* lengthPrefixed(all, options);
    }
  } catch (error) {
    if (error instanceof DecodeError) throw new InvalidFileError(file, error.message);
    throw error;
  }
}

/** Enough of a file to tell its format. */
const HEAD_BYTES = 64;

async function peek(chunks: AsyncIterable<Uint8Array>) {
  const iterator = chunks[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  let next = await iterator.next();
  for (; next.done !== true && head.length < HEAD_BYTES; next = await iterator.next()) {
    head = Buffer.concat([head, next.value]);
  }
  async function* all() {
    yield head;
    for (; next.done !== true; next = await iterator.next()) yield next.value;
  }
  return { head, all: all() };
}

/**
 * A request in protobuf begins with a newline, the tag of its first field; so may JSON, but then what follows cannot be
 * protobuf. The first byte of a length is small, and no text begins with it.
 */
function formatOf(head: Buffer): 'json' | 'message' | 'length prefixed' {
  const [first = 0] = head;
  if (first < 0x09) return 'length prefixed';
  if (first !== 0x0a) return 'json';
  return /^\s*(?:\{\s*(?:"[A-Za-z_]|\})|\[\s*[[{\]])/.test(head.toString()) ? 'json' : 'message';
}

function* requestsOf({ bytes, line }: JsonText): Generator<FileRequest> {
  const place = `line ${line}`;
  try {
    const text = textOfJson(bytes);
    const json = parseLossless(text);
    const found = SIGNALS.filter((signal) =>
      keysOf(signal).some((key) => Object.hasOwn(json as object, key)),
    );
    if (found.length === 0) {
      const keys = SIGNALS.map((signal) => keysOf(signal)[0]).join(', ');
      throw new DecodeError(`expected an object with ${keys}; found ${text.slice(0, 60)}`);
    }
    for (const signal of found) yield { signal, protobuf: jsonToProtobuf(REQUESTS[signal], json), place };
  } catch (error) {
    if (error instanceof DecodeError) throw new DecodeError(`${place}: ${error.message}`);
    throw error;
  }
}

/** What a signal's request is told by: `resourceSpans`, also as `resource_spans`. */
function keysOf(signal: Signal): string[] {
  const [key = ''] = Object.keys(REQUESTS[signal]);
  return [key, key.replace(/[A-Z]/, (letter) => `_${letter.toLowerCase()}`)];
}

async function* oneMessage(
  chunks: AsyncIterable<Uint8Array>,
  options: CollectorFileOptions,
): AsyncGenerator<FileRequest> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    refuseLarge(size, options, 'byte 0');
    parts.push(chunk);
  }
  yield fromProtobuf(Buffer.concat(parts), options, 'byte 0');
}

async function* lengthPrefixed(
  chunks: AsyncIterable<Uint8Array>,
  options: CollectorFileOptions,
): AsyncGenerator<FileRequest> {
  let parts: Uint8Array[] = [];
  let size = 0;
  let needed = LENGTH_BYTES;
  let at = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    size += chunk.length;
    if (size < needed) continue;
    let rest = Buffer.concat(parts);
    for (needed = LENGTH_BYTES; rest.length >= needed; needed = LENGTH_BYTES) {
      const place = `byte ${at}`;
      needed += rest.readUInt32BE(0);
      refuseLarge(needed - LENGTH_BYTES, options, place);
      if (rest.length < needed) break;
      yield fromProtobuf(rest.subarray(LENGTH_BYTES, needed), options, place);
      rest = rest.subarray(needed);
      at += needed;
    }
    parts = [rest];
    size = rest.length;
  }
  if (size > 0) throw new DecodeError(`byte ${at}: a request cut short by the end of the file`);
}

function fromProtobuf(protobuf: Uint8Array, { signal }: CollectorFileOptions, place: string): FileRequest {
  const found = signal ?? signalOf(protobuf);
  if (found === undefined) {
    throw new DecodeError(`${place}: neither JSON nor a protobuf request whose signal its bytes tell`);
  }
  return { signal: found, protobuf, place };
}

function refuseLarge(size: number, { maxRequestBytes }: CollectorFileOptions, place: string): void {
  if (size <= maxRequestBytes) return;
  throw new DecodeError(`${place}: a request of ${size} bytes or more; at most ${maxRequestBytes} are read`);
}

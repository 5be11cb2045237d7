import { createWriteStream, rmSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'lossless-json';
import { KtapeError, systemReason } from '../../errors.js';
import type { Signal } from '../../otlp/signal.js';
import { syncDirectory, TEMPORARY } from '../../tape/durable_file.js';
import type { OnExit } from '../new_directory.js';
import type { ExportRequest } from './requests.js';

/**
 * Writes requests to a file, OTLP/JSON a line each, as the Collector's file exporter does. The file is there when it is
 * whole. Returns the number of records of each signal.
 */
export async function writeLines(
  requests: AsyncIterable<ExportRequest>,
  file: string,
  onExit: OnExit,
): Promise<ReadonlyMap<Signal, number>> {
  const written = new Map<Signal, number>();
  const temporary = `${file}${TEMPORARY}`;
  onExit(() => rmSync(temporary, { force: true }));
  async function* lines() {
    for await (const { signal, json, records } of requests) {
      written.set(signal, (written.get(signal) ?? 0) + records);
      yield `${stringify(json)}\n`;
    }
  }
  try {
    await pipeline(Readable.from(lines()), createWriteStream(temporary, { flush: true }));
    await rename(temporary, file);
    await syncDirectory(dirname(file));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error instanceof KtapeError
      ? error
      : new KtapeError(`${file}: not written: ${systemReason(error)}`);
  }
  return written;
}

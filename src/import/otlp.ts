import { createReadStream } from 'node:fs';
import { DecodeError, InvalidFileError } from '../errors.js';
import { readCollectorFile } from '../otlp/collector_file.js';
import { RequestDecoder } from '../otlp/request_decoder.js';
import { tables } from '../schema/tables/index.js';
import { recordLoss } from '../tape/loss_row.js';
import { checkReadable } from './check_readable.js';
import { NewTape, type NewTapeOptions } from './new_tape.js';
import { nothingImported } from './nothing_imported.js';

const MAX_REQUEST_BYTES = 256 << 20;

/** What an import did. */
export interface OtlpImport {
  /** Spans, data points and log records. */
  readonly records: number;
  /** What could not be read, each with its file and place; what came before it is on the tape. */
  readonly problems: readonly string[];
}

/**
 * Writes a tape of OTLP files: JSON, JSON lines or protobuf. What cannot be read is told and noted in
 * `losses`. Throws where a file is not there or nothing could be read.
 */
export async function importOtlp(
  files: readonly string[],
  out: string,
  options: NewTapeOptions,
): Promise<OtlpImport> {
  for (const file of files) await checkReadable(file);
  const source = { name: 'import otlp', state: 'recorded', detail: files.join(' ') } as const;
  return NewTape.write(out, options, [source], CAPTURED, async (tape) => {
    const problems: string[] = [];
    const decoder = new RequestDecoder(tape.batches, tape.rowIds);
    let records = 0;
    for (const file of files) {
      try {
        for await (const count of importFile(file, tape, decoder, options.now)) records += count;
      } catch (error) {
        if (!(error instanceof InvalidFileError || error instanceof DecodeError)) throw error;
        problems.push(error.message);
        noteProblem(tape, options.now, error.message);
      }
    }
    if (records === 0) throw nothingImported(files, problems, 'no OTLP records in it');
    return { records, problems };
  });
}

const CAPTURED = tables
  .filter(({ source }) => ['traces', 'metrics', 'logs'].includes(source))
  .map(({ name }) => name)
  .concat('losses');

/** Decodes a file into the tape and yields the number of records of each request. */
async function* importFile(
  file: string,
  tape: NewTape,
  decoder: RequestDecoder,
  received: bigint,
): AsyncGenerator<number> {
  const requests = readCollectorFile(file, createReadStream(file), { maxRequestBytes: MAX_REQUEST_BYTES });
  for await (const { signal, protobuf, place } of requests) {
    try {
      yield decoder.decode(signal, protobuf, received).accepted;
    } catch (error) {
      throw error instanceof DecodeError ? new InvalidFileError(file, `${place}: ${error.message}`) : error;
    }
    await tape.sealIfLarge();
  }
}

function noteProblem(tape: NewTape, now: bigint, detail: string): void {
  const reason = 'undecodable request';
  recordLoss(tape.batches, { source: 'otlp', reason, since: now, until: now, detail });
}

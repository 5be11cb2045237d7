import { createReadStream } from 'node:fs';
import { DecodeError } from '../../errors.js';
import { jsonTexts } from '../../otlp/json_texts.js';
import { jsonToProtobuf, textOfJson } from '../../otlp/json_to_protobuf.js';
import { ExportTraceServiceRequest } from '../../otlp/messages.js';
import { parseLossless } from '../../otlp/parse_json.js';
import { RequestDecoder } from '../../otlp/request_decoder.js';
import { tables } from '../../schema/tables/index.js';
import { recordLoss } from '../../tape/loss_row.js';
import { checkReadable } from '../check_readable.js';
import { NewTape, type NewTapeOptions } from '../new_tape.js';
import { nothingImported } from '../nothing_imported.js';
import { errorsIn, readTrace, tracesIn } from './trace.js';

/** A larger answer than a query service gives is refused, in bytes. */
const MAX_TEXT_BYTES = 256 << 20;

/** What an import did. */
export interface JaegerImport {
  readonly spans: number;
  /** What could not be read, each with its file and place; the rest is on the tape. */
  readonly problems: readonly string[];
}

const CAPTURED = tables
  .filter(({ source }) => source === 'traces')
  .map(({ name }) => name)
  .concat('losses');

/**
 * Writes a tape of the JSON that Jaeger's UI saves and its query service answers, one object or several, as spans the
 * way the OpenTelemetry Collector translates them. What cannot be read is told and noted in `losses`. Throws where a
 * file is not there or has no span.
 */
export async function importJaeger(
  files: readonly string[],
  out: string,
  options: NewTapeOptions,
): Promise<JaegerImport> {
  for (const file of files) await checkReadable(file);
  const source = { name: 'import jaeger', state: 'recorded', detail: files.join(' ') } as const;
  return NewTape.write(out, options, [source], CAPTURED, async (tape) => {
    const problems: string[] = [];
    let spans = 0;
    for (const file of files) {
      const imported = await importFile(file, tape, options.now);
      problems.push(...imported.problems);
      spans += imported.spans;
    }
    if (spans === 0) throw nothingImported(files, problems, 'no span in it');
    const loss = { source: 'otlp', table: 'spans', reason: 'unreadable span' } as const;
    for (const detail of problems)
      recordLoss(tape.batches, { ...loss, since: options.now, until: options.now, detail });
    return { spans, problems };
  });
}

async function importFile(file: string, tape: NewTape, now: bigint): Promise<JaegerImport> {
  const problems: string[] = [];
  const decoder = new RequestDecoder(tape.batches, tape.rowIds);
  let spans = 0;
  try {
    for await (const { bytes, line } of jsonTexts(createReadStream(file), MAX_TEXT_BYTES)) {
      const problem = (message: string) => problems.push(`${file}: line ${line}: ${message}`);
      try {
        const answer = parseLossless(textOfJson(bytes));
        for (const message of errorsIn(answer)) problem(message);
        for (const trace of tracesIn(answer)) {
          const read = readTrace(trace);
          for (const message of read.problems) problem(message);
          decoder.decode('traces', jsonToProtobuf(ExportTraceServiceRequest, read.request), now);
          spans += read.spans;
          await tape.sealIfLarge();
        }
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        problem(error.message);
      }
    }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    problems.push(`${file}: ${error.message}`);
  }
  return { spans, problems };
}

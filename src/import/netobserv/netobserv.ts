import { InvalidFileError } from '../../errors.js';
import { Fields } from '../flows/fields.js';
import {
  type FlowEvent,
  type FlowImport,
  type FlowImportOptions,
  importFlows,
} from '../flows/import_flows.js';
import { jsonRecords, understood } from '../flows/json_records.js';
import { flowRow } from './flow.js';
import { isSqlite, sqliteRows } from './sqlite.js';

export interface NetobservOptions extends FlowImportOptions {
  /** Time of the flows that have none, those of SQLite: nanoseconds since the epoch. */
  readonly at: bigint | null;
}

/**
 * Writes a tape of the flows in netobserv's files: JSON, as an array or one flow a line, or the SQLite database of
 * netobserv-cli. What cannot be read is told and noted in `losses`. Throws where a file is not there or nothing could
 * be read.
 */
export function importNetobserv(
  files: readonly string[],
  out: string,
  options: NetobservOptions,
): Promise<FlowImport> {
  const read = (file: string) => events(file, options.at);
  return importFlows({ name: 'netobserv', read }, files, out, options);
}

async function* events(file: string, at: bigint | null): AsyncGenerator<FlowEvent> {
  if (await isSqlite(file)) yield* sqliteEvents(file, at);
  else yield* jsonRecords(file, (flow) => ({ flow: flowRow(flow, at) }));
}

/** The database keeps no times, and says so on the tape. */
async function* sqliteEvents(file: string, at: bigint | null): AsyncGenerator<FlowEvent> {
  if (at === null) {
    throw new InvalidFileError(
      file,
      'the SQLite of netobserv has no times; say with --at when it was captured, or import the JSON written beside it',
    );
  }
  const detail = `${file}: netobserv keeps no times in SQLite; all rows have the time given to the import`;
  const untimed = { source: 'clock', since: at, until: at, reason: 'flows without times', detail } as const;
  let row = 0;
  for await (const record of sqliteRows(file)) {
    if (row++ === 0) yield { loss: untimed };
    yield understood(`row ${row}`, () => ({ flow: flowRow(Fields.of(record), at) }));
  }
}

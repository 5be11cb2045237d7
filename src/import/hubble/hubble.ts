import { type FlowImport, type FlowImportOptions, importFlows } from '../flows/import_flows.js';
import { jsonRecords } from '../flows/json_records.js';
import { hubbleEvent } from './event.js';

/**
 * Writes a tape of the events in files of Hubble's exporter or of `hubble observe -o json`: flows, and in `losses` what
 * Hubble says that it lost. What cannot be read is told and noted in `losses`. Throws where a file is not there or
 * nothing could be read.
 */
export function importHubble(
  files: readonly string[],
  out: string,
  options: FlowImportOptions,
): Promise<FlowImport> {
  const read = (file: string) => jsonRecords(file, hubbleEvent);
  return importFlows({ name: 'hubble', read }, files, out, options);
}

import { appendRow } from '../../kubernetes/append_row.js';
import { kindName } from '../../kubernetes/kinds.js';
import { listMark } from '../../kubernetes/observation.js';
import { kubernetesObjects } from '../../schema/tables/kubernetes_objects.js';
import { recordLoss } from '../../tape/loss_row.js';
import { shortTime } from '../../tape/time.js';
import type { KubernetesImport } from '../kubernetes.js';
import { NewTape, type NewTapeOptions } from '../new_tape.js';
import { nothingImported } from '../nothing_imported.js';
import { dumpFiles } from './dump_files.js';
import { DumpTime, type TimeFrom } from './dump_time.js';
import { DumpedObjects } from './dumped_objects.js';
import type { Layout } from './layout.js';

export interface DumpOptions extends NewTapeOptions {
  /** When the objects were so, where it is told; nanoseconds since the epoch. */
  readonly at?: bigint | undefined;
}

/** What an import of a dump did. */
export interface DumpImport extends KubernetesImport {
  /** When the objects were so, and what tells it. */
  readonly at: bigint;
  readonly from: TimeFrom;
  /** Documents that could not be read; each is among the problems. */
  readonly unread: number;
}

/**
 * Writes a tape of the Kubernetes objects in dumps of one tool: directories, or archives that are read without being
 * unpacked. All are seen at the time of the dump. Of a kind that was not got from all namespaces the tape does not say
 * that it has all. Throws an InvalidFileError where a dump cannot be read or has no objects.
 */
export async function importDump(
  layout: Layout,
  dumps: readonly string[],
  out: string,
  options: DumpOptions,
): Promise<DumpImport> {
  const time = new DumpTime();
  for (const dump of dumps) time.name(dump);
  const objects = new DumpedObjects();
  for (const dump of dumps) await readDump(layout, dump, objects, time, options.now);
  if (objects.size === 0)
    throw nothingImported(dumps, objects.problems, `no objects where a ${layout.name} has them`);
  const { at, from } = options.at === undefined ? (time.found() ?? atImport(options)) : told(options.at);
  const detail = `${dumps.join(' ')}; of ${shortTime(at)} by ${from}`;
  const source = { name: layout.source, state: 'recorded', detail } as const;
  return NewTape.write(out, options, [source], ['kubernetes_objects', 'losses'], async (tape) => {
    const batch = () => tape.batches.of(kubernetesObjects);
    for (const row of objects.rowsAt(at)) {
      appendRow(batch(), row);
      await tape.sealIfLarge();
    }
    const { whole, parts } = objects.completeness();
    const loss = { source: 'kubernetes', table: 'kubernetes_objects', since: at, until: at } as const;
    for (const { kind, apiVersion } of whole)
      appendRow(batch(), listMark(kind, apiVersion, null, at, 'imported'));
    for (const { kind, lacking } of parts) {
      const namespaces =
        lacking.length === 0 ? 'which namespaces there are is not in it' : `not of ${lacking.join(', ')}`;
      recordLoss(tape.batches, {
        ...loss,
        reason: 'not in the dump',
        subject: kindName(kind.apiVersion, kind.kind),
        detail: namespaces,
      });
    }
    for (const problem of objects.problems)
      recordLoss(tape.batches, { ...loss, reason: 'unreadable document', detail: problem });
    const { size, secrets, problems, unread } = objects;
    return { objects: size, secrets, problems, unread, at, from };
  });
}

async function readDump(
  layout: Layout,
  dump: string,
  objects: DumpedObjects,
  time: DumpTime,
  now: bigint,
): Promise<void> {
  for await (const { path, text, modified } of dumpFiles(dump, (name) => layout.fileAt(name) !== undefined)) {
    const file = layout.fileAt(path);
    const where = `${dump}: ${path}`;
    if (file === undefined) continue;
    time.name(path);
    if ('timestamp' in file) time.timestamp(text);
    else if ('errorsOf' in file) {
      for (const error of errorsIn(text)) objects.problem(`${where}: ${error}`, file.errorsOf);
    } else {
      objects.add(text, { where, kind: file.kind, namespace: file.namespace });
      time.object(text, now);
      time.file(modified);
    }
  }
}

/** The errors that a tool met, by namespace or in a list; empty where all went well. */
function errorsIn(text: string): string[] {
  try {
    const errors: unknown = JSON.parse(text);
    if (typeof errors !== 'object' || errors === null) return [];
    return Array.isArray(errors)
      ? errors.map(String)
      : Object.entries(errors).map(([of, why]) => `${of}: ${why}`);
  } catch {
    return ['not JSON'];
  }
}

function atImport({ now }: NewTapeOptions): { at: bigint; from: TimeFrom } {
  return { at: now, from: 'the time of the import' };
}

function told(at: bigint): { at: bigint; from: TimeFrom } {
  return { at, from: 'the option --at' };
}

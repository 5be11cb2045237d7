import { appendRow } from '../kubernetes/append_row.js';
import { kindName } from '../kubernetes/kinds.js';
import { type KubernetesObjectRow, listMark, observe } from '../kubernetes/observation.js';
import { MANIFESTS_SOURCE } from '../query/sources.js';
import { kubernetesObjects } from '../schema/tables/kubernetes_objects.js';
import { recordLoss } from '../tape/loss_row.js';
import type { Source } from '../tape/manifest.js';
import { manifestFiles, readManifestFile } from './manifest_files.js';
import { NewTape, type NewTapeOptions } from './new_tape.js';
import { nothingImported } from './nothing_imported.js';

/** What an import did. */
export interface KubernetesImport {
  readonly objects: number;
  /** Secrets, which never enter a tape. */
  readonly secrets: number;
  /** Documents that are no Kubernetes objects, each with its file and what is wrong. */
  readonly problems: readonly string[];
}

/**
 * Writes a tape of the objects in manifest files and directories, all as seen at the time `at`
 * (nanoseconds since the epoch). Throws where a path cannot be read or nothing in it is an object.
 */
export function importKubernetes(
  paths: readonly string[],
  out: string,
  options: NewTapeOptions & { readonly at: bigint },
): Promise<KubernetesImport> {
  const tables = ['kubernetes_objects', 'losses'];
  return NewTape.write(out, options, [manifestsSource(paths)], tables, (tape) =>
    addManifests(tape, paths, options),
  );
}

/** How a tape names manifests as a source. */
export function manifestsSource(paths: readonly string[]): Source {
  return { name: MANIFESTS_SOURCE, state: 'recorded', detail: paths.join(' ') };
}

/** Adds the objects in manifest files and directories to a tape that has the tables, all as seen at the time `at`. */
export async function addManifests(
  tape: NewTape,
  paths: readonly string[],
  { at, now }: { readonly at: bigint; readonly now: bigint },
): Promise<KubernetesImport> {
  const result = { objects: 0, secrets: 0, problems: [] as string[] };
  const kinds = new Map<string, KubernetesObjectRow>();
  for (const file of await manifestFiles(paths)) {
    for (const { where, entry } of await readManifestFile(file)) {
      const observed = 'object' in entry ? observe(entry.object, 'imported', at) : entry;
      if ('problem' in observed) result.problems.push(`${where}: ${observed.problem}`);
      else if ('secret' in observed) result.secrets++;
      else {
        appendRow(tape.batches.of(kubernetesObjects), observed.row);
        kinds.set(kindName(observed.row.api_version, observed.row.kind), observed.row);
        result.objects++;
      }
    }
    await tape.sealIfLarge();
  }
  if (result.objects === 0) {
    throw nothingImported(paths, result.problems, 'no Kubernetes objects in it');
  }
  noteProblems(tape, now, result.problems);
  // With a document unread nobody knows whether that was all.
  for (const { kind, api_version } of result.problems.length === 0 ? kinds.values() : []) {
    appendRow(tape.batches.of(kubernetesObjects), listMark(kind, api_version, null, at, 'imported'));
  }
  return result;
}

function noteProblems({ batches }: NewTape, now: bigint, problems: readonly string[]): void {
  const loss = { source: 'kubernetes', table: 'kubernetes_objects', reason: 'unreadable document' } as const;
  for (const detail of problems) recordLoss(batches, { ...loss, since: now, until: now, detail });
}

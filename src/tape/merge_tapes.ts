import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncDirectory, writeDurably } from './durable_file.js';
import { recordLoss } from './loss_row.js';
import { MANIFEST, type Manifest, type Segment } from './manifest.js';
import { mergeManifests, type Unseen } from './merge_manifests.js';
import { OpenBatches } from './open_batches.js';
import { segmentFile, type Tape } from './tape.js';
import { parseTime } from './time.js';
import { TapeWriter } from './writer.js';

/** Puts the file of a segment, which is whole, at its place in the merged tape. */
export type PlaceSegment = (from: string, to: string, segment: Segment) => Promise<void>;

/**
 * Makes one tape of these, side by side, in a directory that has no tape yet; what one of them did not see while
 * another recorded becomes rows of `losses`. The tape is there when its manifest is, which comes last.
 */
export async function mergeTapes(
  tapes: readonly Tape[],
  directory: string,
  tool: string,
  place: PlaceSegment,
): Promise<Manifest> {
  const { manifest, unseen } = mergeManifests(
    tapes.map((tape) => tape.manifest),
    tool,
  );
  const placed = new Set<string>();
  for (const tape of tapes) {
    for (const segment of Object.values(tape.manifest.tables).flat()) {
      if (placed.has(segment.path)) continue;
      placed.add(segment.path);
      const to = join(directory, segment.path);
      await mkdir(dirname(to), { recursive: true });
      await place(await segmentFile(tape, segment), to, segment);
    }
  }
  for (const folder of new Set([...placed].map(dirname))) await syncDirectory(join(directory, folder));
  // Not complete before the losses are in.
  await writeDurably(join(directory, MANIFEST), JSON.stringify({ ...manifest, state: 'recording' }));
  const { nodes } = manifest;
  const writer = await TapeWriter.resume(directory, manifest, {
    tool,
    nodes,
    started: parseTime(manifest.started),
  });
  await writer.seal(lossBatches(unseen));
  if (manifest.ended !== null) await writer.complete(parseTime(manifest.ended));
  return manifest;
}

function lossBatches(unseen: readonly Unseen[]) {
  const byNode = new Map<string, OpenBatches>();
  for (const { node, table, reason, since, until } of unseen) {
    const batches = byNode.get(node) ?? new OpenBatches(node);
    byNode.set(node, batches);
    recordLoss(batches, { source: 'recorder', table, reason, since, until });
  }
  return [...byNode.values()].flatMap((batches) => batches.take());
}

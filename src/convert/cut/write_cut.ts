import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { syncDirectory, writeDurably } from '../../tape/durable_file.js';
import { LEFT_OUT, recordLoss } from '../../tape/loss_row.js';
import { MANIFEST, type Manifest } from '../../tape/manifest.js';
import { OpenBatches } from '../../tape/open_batches.js';
import { timeRange } from '../../tape/tape.js';
import { parseTime } from '../../tape/time.js';
import { TapeWriter } from '../../tape/writer.js';
import type { Wanted } from './cutting.js';

/** Makes a tape of the segments in a directory, and tells in its `losses` what of the window was left out. */
export async function writeCut(
  directory: string,
  manifest: Manifest,
  leftOut: ReadonlyMap<string, bigint>,
  wanted: Wanted,
): Promise<void> {
  const { tool, nodes, ended } = manifest;
  const started = parseTime(manifest.started);
  const paths = Object.values(manifest.tables)
    .flat()
    .map(({ path }) => dirname(path));
  for (const folder of new Set(paths)) await syncDirectory(join(directory, folder));
  // Not complete before the losses are in.
  await writeDurably(join(directory, MANIFEST), JSON.stringify({ ...manifest, state: 'recording' }));
  const named = { tool, nodes, started: started + markOf(wanted) };
  const writer = await TapeWriter.resume(directory, manifest, named);
  writer.startAt(started);
  const batches = new OpenBatches(nodes.map(({ name }) => name).join(', '));
  const rows = timeRange({ directory, manifest });
  const loss = {
    source: 'recorder',
    reason: LEFT_OUT,
    since: wanted.since ?? rows?.first ?? started,
    until: wanted.until ?? rows?.last ?? started,
    detail: [
      ...wanted.namespaces.map((name) => `--namespace ${name}`),
      ...wanted.tables.map((name) => `--table ${name}`),
    ].join(' '),
  } as const;
  for (const [table, count] of leftOut) recordLoss(batches, { ...loss, table, count });
  await writer.seal(batches.take());
  if (manifest.state === 'complete' && ended !== null) await writer.complete(parseTime(ended));
}

/** Milliseconds that tell cuts of one tape apart, in nanoseconds: their losses have other names, so that they can be merged. */
function markOf({ since, until, namespaces, tables }: Wanted): bigint {
  const text = JSON.stringify([String(since), String(until), namespaces, tables]);
  return BigInt(createHash('sha256').update(text).digest().readUInt32BE(0)) * 1_000_000n;
}

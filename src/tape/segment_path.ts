/** Where the segment of that number lies within a tape. `started` is nanoseconds since the epoch. */
export function segmentPath(table: string, node: string, started: bigint, serial: number): string {
  return `${table}/${fileNamePart(node)}-${started / 1_000_000n}-${String(serial).padStart(5, '0')}.parquet`;
}

/** The number in a segment's path. */
export function serialOf(path: string): number {
  return Number(/-(\d+)\.parquet$/.exec(path)?.[1] ?? 0);
}

/** A node name as part of a file name. */
function fileNamePart(node: string): string {
  return node.replace(/[^A-Za-z0-9._]/g, '-').slice(0, 100) || 'node';
}

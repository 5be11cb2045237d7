import type { Manifest, Removed } from './manifest.js';
import { parseTime } from './time.js';

/**
 * From when on the tape vouches for what was recorded, nanoseconds since the epoch: its start, or where limits had
 * the recorder remove what came first, the end of that. Of several nodes the first that does.
 */
export function keptSince({ started, nodes, removed }: Manifest): bigint {
  const start = parseTime(started);
  const names =
    nodes.length > 0 ? nodes.map(({ name }) => name) : [...new Set(removed.map(({ node }) => node))];
  const first = names.map((node) =>
    keptSinceOf(
      removed.filter((stretch) => stretch.node === node),
      start,
    ),
  );
  return first.reduce((earliest, time) => (time < earliest ? time : earliest), first[0] ?? start);
}

function keptSinceOf(removed: readonly Removed[], start: bigint): bigint {
  let kept = start;
  for (const { since, until } of removed) {
    if (parseTime(since) > kept) break;
    const end = parseTime(until);
    if (end > kept) kept = end;
  }
  return kept;
}

/** The stretches with one more, those of its node that meet it as one. In order. */
export function joinRemoved(removed: readonly Removed[], more: Removed): Removed[] {
  const [since, until] = [parseTime(more.since), parseTime(more.until)];
  const meets = (other: Removed) =>
    other.node === more.node && parseTime(other.since) <= until && since <= parseTime(other.until);
  const met = [more, ...removed.filter(meets)];
  const joined = {
    ...more,
    since: met.map((one) => one.since).reduce(earlier),
    until: met.map((one) => one.until).reduce(later),
  };
  return [...removed.filter((other) => !meets(other)), joined].sort((a, b) =>
    parseTime(a.since) < parseTime(b.since) ? -1 : 1,
  );
}

function earlier(a: string, b: string): string {
  return parseTime(b) < parseTime(a) ? b : a;
}

function later(a: string, b: string): string {
  return parseTime(b) > parseTime(a) ? b : a;
}

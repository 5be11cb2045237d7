import type { Manifest } from '../tape/manifest.js';
import { parseTime } from '../tape/time.js';

/** A tape and the pod that it came from. */
interface FetchedTape {
  readonly pod: string;
  readonly manifest: Manifest;
}

/**
 * Says of each two tapes that have one node's kernel events of the same time that these rows will be there twice: two
 * recorders, each with a loader, ran beside each other on it.
 */
export function recordedTwice(fetched: readonly FetchedTape[]): string[] {
  return fetched.flatMap((one, index) =>
    fetched.slice(index + 1).flatMap((other) => {
      const since = later(one.manifest.started, other.manifest.started);
      const until = earlier(endOf(one.manifest), endOf(other.manifest));
      if (parseTime(since) >= parseTime(until)) return [];
      return sharedBy(namesOf(one.manifest), namesOf(other.manifest)).map(
        (node) =>
          `${one.pod} and ${other.pod} both recorded the kernel of ${node}, from ${since} to ${until}: its rows are there twice`,
      );
    }),
  );
}

/** The nodes whose kernel was recorded. */
function namesOf({ nodes, sources }: Manifest): string[] {
  const hasProbe = sources.some(({ name, state }) => name.startsWith('probe ') && state === 'recorded');
  return hasProbe ? nodes.map(({ name }) => name) : [];
}

function sharedBy(some: readonly string[], others: readonly string[]): string[] {
  return some.filter((name) => others.includes(name));
}

function endOf({ ended, seen_until, started }: Manifest): string {
  return ended ?? seen_until ?? started;
}

function later(a: string, b: string): string {
  return parseTime(a) > parseTime(b) ? a : b;
}

function earlier(a: string, b: string): string {
  return parseTime(a) < parseTime(b) ? a : b;
}

import type { Manifest, Segment } from '../tape/manifest.js';
import type { Words } from './words/words.js';

/** What `tape.json` of the shared tape says: its segments, and of the rest nothing that names anybody. */
export function sharedManifest(
  manifest: Manifest,
  tables: Readonly<Record<string, readonly Segment[]>>,
  words: Words,
  tool: string,
): Manifest {
  return {
    ...manifest,
    tool,
    nodes: manifest.nodes.map(({ name, kernel, architecture, boot_time }) => ({
      name: words.name(name),
      kernel: words.operation(kernel),
      architecture: words.keep(architecture),
      boot_time,
    })),
    sources: manifest.sources.map(({ name, state, detail }) => ({
      name: words.operation(name),
      state,
      detail: words.operation(detail),
    })),
    removed: manifest.removed.map(({ node, since, until, limit }) => ({
      node: words.name(node),
      since,
      until,
      limit: words.operation(limit),
    })),
    tables,
  };
}

import { SHARED_SOURCES } from '../query/sources.js';
import type { Manifest, Segment, Source } from '../tape/manifest.js';
import type { Words } from './words/words.js';

/** What `tape.json` of the shared tape says: its segments, and of the rest nothing that names anybody. */
export function sharedManifest(
  manifest: Manifest,
  tables: Readonly<Record<string, readonly Segment[]>>,
  words: Words,
  addresses: keyof typeof SHARED_SOURCES,
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
    sources: [
      ...manifest.sources.map(({ name, state, detail }) => ({
        name: words.operation(name),
        state,
        detail: words.operation(detail),
      })),
      sharing(addresses),
    ],
    removed: manifest.removed.map(({ node, since, until, limit }) => ({
      node: words.name(node),
      since,
      until,
      limit: words.operation(limit),
    })),
    tables,
  };
}

/** Tells readers that names are not names of anything. */
function sharing(addresses: keyof typeof SHARED_SOURCES): Source {
  const kept = addresses === 'prefix' ? 'which keep their networks' : 'without their networks';
  const detail = `names, ids and secrets replaced, and addresses, ${kept}`;
  return { name: SHARED_SOURCES[addresses], state: 'recorded', detail };
}

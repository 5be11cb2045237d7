import { type JsonObject, objectsAt } from '../../src/kubernetes/json.js';
import { versionPath, versionsOf, type WatchedKind } from '../../src/kubernetes/kinds.js';
import type { ApiServer } from './api_server.js';

/** Kinds ask at about the same time: one answer is for all of them. */
const ANSWER_HOLDS_MS = 1_000;

/**
 * Which kinds the cluster has, by the API's own description. Asked instead of trying to list, because a role that
 * may not list a kind is told so (403) also where there is no such kind; the description is for all who may log in.
 */
export class Discovery {
  private readonly answers = new Map<
    string,
    { readonly since: number; readonly names: Promise<Set<unknown>> }
  >();

  constructor(
    private readonly server: ApiServer,
    private readonly signal: AbortSignal,
  ) {}

  /**
   * The group and version in which to watch the kind: `current` for as long as it is served, else the first of its
   * versions that is; undefined when the cluster has no such kind. A kind that every cluster has is not asked for.
   * Throws ApiError.
   */
  async servedVersion(kind: WatchedKind, current: string): Promise<string | undefined> {
    if (kind.otherVersions === undefined) return kind.apiVersion;
    const others = versionsOf(kind).filter((version) => version !== current);
    for (const version of [current, ...others]) {
      if (await this.isServed(version, kind.plural)) return version;
    }
    return undefined;
  }

  private async isServed(version: string, plural: string): Promise<boolean> {
    const versions = await this.ask('/apis', (answer) =>
      objectsAt(answer, 'groups').flatMap((group) =>
        objectsAt(group, 'versions').map(({ groupVersion }) => groupVersion),
      ),
    );
    if (!versions.has(version)) return false;
    const resources = await this.ask(versionPath(version), (answer) =>
      objectsAt(answer, 'resources').map(({ name }) => name),
    );
    return resources.has(plural);
  }

  private ask(path: string, namesIn: (answer: JsonObject) => readonly unknown[]): Promise<Set<unknown>> {
    const known = this.answers.get(path);
    const now = performance.now();
    if (known !== undefined && now - known.since < ANSWER_HOLDS_MS) return known.names;
    const names = this.server.get(path, {}, this.signal).then((answer) => new Set(namesIn(answer)));
    this.answers.set(path, { since: now, names });
    return names;
  }
}

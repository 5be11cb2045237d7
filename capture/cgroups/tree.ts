import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';
import { reasonOf } from '../../src/errors.js';

/** What a {@link CgroupTree} tells. */
export interface CgroupListener {
  /** Once for each cgroup. `path` is below the mount: `/system.slice`. */
  readonly onCgroup: (id: bigint, path: string) => void;
  /** Cgroups that are not told, or only late, and why. */
  readonly onProblem: (reason: string, path: string) => void;
}

interface Seen {
  readonly id: bigint;
  readonly watcher: FSWatcher | undefined;
}

/**
 * Follows a cgroup v2 hierarchy: tells of every cgroup that is there and of each as it is made. Made ones are heard
 * of by inotify, so that a container that lives for a moment is not missed; `rescan` finds what inotify dropped.
 */
export class CgroupTree {
  private readonly seen = new Map<string, Seen>();

  /**
   * @param mount where the hierarchy is mounted
   * @param most how many cgroups are kept track of at once
   */
  constructor(
    private readonly mount: string,
    private readonly most: number,
    private readonly listener: CgroupListener,
  ) {
    this.look(mount);
  }

  /** Looks again at all of it. */
  rescan(): void {
    const paths = [...this.seen.keys()];
    for (const path of paths) this.look(path);
    for (const path of paths) this.lookInside(path);
  }

  /** All that are there, as far as was seen. */
  *all(): Generator<{ readonly id: bigint; readonly path: string }> {
    for (const [path, { id }] of this.seen) yield { id, path: this.below(path) };
  }

  close(): void {
    for (const path of [...this.seen.keys()]) this.forget(path);
  }

  /** Something is at this path, or was. */
  private look(path: string): void {
    const id = cgroupId(path);
    if (this.seen.get(path)?.id === id) return;
    this.forget(path);
    if (id === undefined) return;
    if (this.seen.size >= this.most) {
      this.listener.onProblem(`more than ${this.most} cgroups`, path);
      return;
    }
    this.seen.set(path, { id, watcher: this.watch(path) });
    this.listener.onCgroup(id, this.below(path));
    // What was made before the watch began.
    this.lookInside(path);
  }

  private lookInside(path: string): void {
    for (const child of directoriesIn(path)) this.look(join(path, child));
  }

  private watch(path: string): FSWatcher | undefined {
    try {
      const watcher = watch(path, { persistent: false }, (event, name) => {
        if (event === 'rename' && name !== null) this.look(join(path, name));
      });
      return watcher.on('error', () => watcher.close());
    } catch (error) {
      // One that is gone already needs no watch.
      if (cgroupId(path) !== undefined) this.listener.onProblem(reasonOf(error), path);
      return undefined;
    }
  }

  /** The path below the mount. */
  private below(path: string): string {
    return path.slice(this.mount.length) || '/';
  }

  private forget(path: string): void {
    this.seen.get(path)?.watcher?.close();
    this.seen.delete(path);
  }
}

/** The kernel numbers cgroups by their inodes. Undefined when there is no cgroup at the path. */
function cgroupId(path: string): bigint | undefined {
  try {
    const status = statSync(path, { bigint: true });
    return status.isDirectory() ? status.ino : undefined;
  } catch {
    return undefined;
  }
}

/** Empty for a cgroup that is gone. */
function directoriesIn(path: string): string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

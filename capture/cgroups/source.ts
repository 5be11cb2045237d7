import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { cgroupOwner } from '../../src/kubernetes/cgroup_owner.js';
import { cgroups } from '../../src/schema/tables/cgroups.js';
import { epochNow } from '../clock.js';
import { OFF, type RecordOptions } from '../record_options.js';
import type { RunningSource } from '../source.js';
import type { Session } from '../storage/session.js';
import { CgroupTree } from './tree.js';

/** A node has some hundred; each takes an inotify watch. */
const MOST = 20_000;
const RESCAN_EVERY_MS = 60_000;
/** After so many, an hour, all that are there are told again, the root too: what is older than its row was gone by then. */
const RESCANS_A_LISTING = 60;
/** How statfs calls cgroup v2: CGROUP2_SUPER_MAGIC of linux/magic.h. */
const CGROUP2_MAGIC = 0x63677270;

/**
 * Records which cgroups the node has, so that the ids that the kernel gives with its events lead to containers and
 * pods. Without probes there are no such ids, and nothing to do.
 */
export function startCgroupSource(
  { cgroups: at, probes }: Pick<RecordOptions, 'cgroups' | 'probes'>,
  session: Session,
): RunningSource {
  if (at === OFF || probes.length === 0) return { sources: [], stop: async () => undefined };
  const mount = at === undefined ? cgroup2Mount(readMounts()) : hierarchyAt(resolve(at));
  if (mount === undefined) {
    const detail = `${at ?? '/proc/mounts'} has no cgroup v2: cgroup ids will lead to no pod`;
    return { sources: [{ name: 'cgroups', state: 'unavailable', detail }], stop: async () => undefined };
  }
  const tree = new CgroupTree(mount, MOST, {
    onCgroup: (id, path) => appendCgroup(session, epochNow(), id, path),
    onProblem: (reason, path) => {
      const now = epochNow();
      const detail = `${path}: ${reason}`;
      session.lost({
        source: 'cgroups',
        table: 'cgroups',
        reason: 'not followed',
        since: now,
        until: now,
        detail,
      });
    },
  });
  let rescansLeft = RESCANS_A_LISTING;
  session.whenShed(cgroups, () => {
    rescansLeft = 0;
  });
  const rescans = setInterval(() => {
    tree.rescan();
    if (--rescansLeft > 0 || !session.store.hasRoom) return;
    rescansLeft = RESCANS_A_LISTING;
    const time = epochNow();
    for (const { id, path } of tree.all()) appendCgroup(session, time, id, path);
  }, RESCAN_EVERY_MS);
  return {
    sources: [{ name: 'cgroups', state: 'recorded', detail: mount }],
    stop: async () => {
      clearInterval(rescans);
      tree.close();
    },
  };
}

/** Where the content of /proc/mounts says that cgroup v2 is mounted; undefined where it is not. */
export function cgroup2Mount(mounts: string): string | undefined {
  return /^\S+ (\S+) cgroup2 /m.exec(mounts)?.[1];
}

function readMounts(): string {
  return existsSync('/proc/mounts') ? readFileSync('/proc/mounts', 'utf8') : '';
}

/** Cgroup v2 at this path, or where systemd mounts it there among the controllers of v1. */
export function hierarchyAt(path: string): string | undefined {
  return [path, join(path, 'unified')].find(isCgroup2);
}

function isCgroup2(path: string): boolean {
  try {
    return statfsSync(path).type === CGROUP2_MAGIC;
  } catch {
    return false;
  }
}

function appendCgroup(session: Session, time: bigint, id: bigint, path: string): void {
  const { columns } = session.batches.of(cgroups);
  const { podUid, containerId } = cgroupOwner(path);
  columns.time.appendBigint(time);
  columns.cgroup_id.appendBigint(id);
  columns.path.appendString(path);
  columns.pod_uid.appendOptional(podUid);
  columns.container_id.appendOptional(containerId);
}

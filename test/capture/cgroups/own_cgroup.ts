import { mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { cgroup2Mount } from '../../../capture/cgroups/source.js';

const mount = cgroup2Mount(readFileSync('/proc/mounts', 'utf8'));

/** Why a test can make no cgroups; undefined where it can. */
export function whyNoCgroups(): string | undefined {
  if (mount === undefined) return 'cgroup v2 is not mounted';
  return process.getuid?.() === 0 ? undefined : 'this needs root, to make cgroups';
}

/** A cgroup of the test's own, removed with what is in it. */
export function ownCgroup(t: TestContext): string {
  const path = join(mount ?? '', `ktape-test-${process.pid}`);
  mkdirSync(path);
  t.after(() => remove(path));
  return path;
}

function remove(path: string): void {
  const inside = readdirSync(path, { withFileTypes: true });
  for (const entry of inside) if (entry.isDirectory()) remove(join(path, entry.name));
  rmdirSync(path);
}

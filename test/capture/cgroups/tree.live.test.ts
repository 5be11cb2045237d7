import assert from 'node:assert/strict';
import { existsSync, mkdirSync, rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { CgroupTree } from '../../../capture/cgroups/tree.js';
import { skippedLive } from '../../live.js';
import { until } from '../until.js';
import { ownCgroup, whyNoCgroups } from './own_cgroup.js';

/** What a tree has told: cgroups as `path=inode`, and problems. */
function follow(t: TestContext, path: string, most = 100) {
  const cgroups: string[] = [];
  const problems: string[] = [];
  const tree = new CgroupTree(path, most, {
    onCgroup: (id, below) => cgroups.push(`${below}=${id}`),
    onProblem: (reason, at) => problems.push(`${at.slice(path.length)}: ${reason}`),
  });
  t.after(() => tree.close());
  return { tree, cgroups, problems };
}

const inodeOf = (path: string) => statSync(path, { bigint: true }).ino;

test('tells of cgroups that are there and of those that are made, also one in the other', async (t) => {
  if (skippedLive(t, whyNoCgroups())) return;
  const root = ownCgroup(t);
  mkdirSync(join(root, 'there'));
  const { cgroups } = follow(t, root);
  assert.deepEqual(cgroups, [`/=${inodeOf(root)}`, `/there=${inodeOf(join(root, 'there'))}`]);

  mkdirSync(join(root, 'pod/container'), { recursive: true });
  await until('both are told', () => cgroups.length === 4);
  assert.deepEqual(cgroups.slice(2), [
    `/pod=${inodeOf(join(root, 'pod'))}`,
    `/pod/container=${inodeOf(join(root, 'pod/container'))}`,
  ]);
  mkdirSync(join(root, 'pod/container/init'));
  await until('what is made in a new one is told', () => cgroups.length === 5);
});

test('one that is made again at the same path is another one', async (t) => {
  if (skippedLive(t, whyNoCgroups())) return;
  const root = ownCgroup(t);
  const service = join(root, 'service');
  mkdirSync(service);
  const { cgroups } = follow(t, root);
  const first = inodeOf(service);
  rmdirSync(service);
  mkdirSync(service);
  assert.notEqual(inodeOf(service), first);
  await until('it is told again', () => cgroups.length === 3);
  assert.deepEqual(cgroups.slice(1), [`/service=${first}`, `/service=${inodeOf(service)}`]);
});

test('beyond the limit it says which it does not follow, and follows them once others are gone', async (t) => {
  if (skippedLive(t, whyNoCgroups())) return;
  const root = ownCgroup(t);
  mkdirSync(join(root, 'a'));
  const { tree, cgroups, problems } = follow(t, root, 2);
  mkdirSync(join(root, 'b'));
  await until('it is said', () => problems.length === 1);
  assert.deepEqual(problems, ['/b: more than 2 cgroups']);
  rmdirSync(join(root, 'a'));
  assert(!existsSync(join(root, 'a')));
  tree.rescan();
  assert.deepEqual(cgroups.at(-1), `/b=${inodeOf(join(root, 'b'))}`);
});

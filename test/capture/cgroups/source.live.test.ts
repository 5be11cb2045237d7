import assert from 'node:assert/strict';
import { mkdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { startCgroupSource } from '../../../capture/cgroups/source.js';
import { Session } from '../../../capture/storage/session.js';
import { cgroups } from '../../../src/schema/tables/cgroups.js';
import { skippedLive } from '../../live.js';
import { scratch } from '../../scratch.js';
import { ownCgroup, whyNoCgroups } from './own_cgroup.js';

const MINUTE_MS = 60_000;

test('every hour all cgroups that are there are told again, at one time; those that are gone are not', async (t) => {
  if (skippedLive(t, whyNoCgroups())) return;
  const root = ownCgroup(t);
  for (const name of ['stays', 'goes']) mkdirSync(join(root, name));
  const session = await Session.open(join(scratch(t), 'tape'), 'n1', () => undefined);
  t.after(() => session.discard());
  t.mock.timers.enable({ apis: ['setInterval'] });
  const source = startCgroupSource({ cgroups: root, probes: ['packet_drops'] }, session);
  t.after(() => source.stop());
  const { columns } = session.batches.of(cgroups);
  const told = (from: number) =>
    Array.from({ length: columns.path.length - from }, (_, i) => columns.path.value(from + i));
  assert.deepEqual(told(0), ['/', '/goes', '/stays']);

  rmdirSync(join(root, 'goes'));
  t.mock.timers.tick(59 * MINUTE_MS);
  assert.deepEqual(told(3), []);
  t.mock.timers.tick(MINUTE_MS);
  assert.deepEqual(told(3), ['/', '/stays']);
  assert.equal(columns.time.bigint(3), columns.time.bigint(4));
});

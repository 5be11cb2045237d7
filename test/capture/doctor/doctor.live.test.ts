import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Finding } from '../../../capture/doctor/finding.js';
import { skippedLive } from '../../live.js';
import { repository } from '../../repository.js';
import { scratch } from '../../scratch.js';
import { whyNotLive } from '../probes/network.js';

const CLI = join(repository, 'dist/src/cli/main.js');
const OFF = ['--otlp-grpc', 'off', '--otlp-http', 'off', '--kubernetes', 'off'];

/** Runs `ktape doctor` as this user of the system; returns its status and what it found of some checks. */
function doctor(uid: number, out: string, checks: readonly string[]) {
  const args = [CLI, 'doctor', '--out', out, ...OFF, '--format', 'json'];
  const { status, stdout } = spawnSync(process.execPath, args, { uid, gid: uid, encoding: 'utf8' });
  const findings: Finding[] = JSON.parse(stdout);
  const found = checks.map((name) => findings.find(({ check }) => check === name)?.ok);
  return { status, found };
}

test('here root can record, and a user without privileges cannot', async (t) => {
  if (skippedLive(t, await whyNotLive())) return;
  const out = join(scratch(t), 'yet/to/be/made');
  const checks = ['system', 'kernel type information', 'privileges', 'probe packet_drops', `disk ${out}`];
  const root = doctor(0, out, checks);
  assert.equal(root.status, 0);
  assert.deepEqual(root.found.slice(1, 4), ['yes', 'yes', 'yes']);
  assert.deepEqual(readdirSync(join(out, '../../../..')), []);

  const nobody = doctor(65_534, out, checks);
  assert.deepEqual([nobody.status, ...nobody.found.slice(1)], [1, 'yes', 'no', 'no', 'no']);
});

import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { cgroup2Mount } from '../../fixtures/lab/cgroups.js';
import type { Lab } from '../../fixtures/lab/lab.js';
import { labIdentity } from '../../fixtures/lab/lab_number.js';
import { PROGRAM } from '../capture/recorder_process.js';
import { repository } from '../repository.js';

/** How often the benchmark itself visits the shop, beside its load generator. */
const VISIT_EVERY_MS = 40;

/** A request of the benchmark's: when it was sent, in milliseconds since the epoch, and how many it took. */
export interface Visit {
  readonly sentAt: number;
  readonly milliseconds: number;
}

/** Starts to visit the shop's frontend from a pod of it; the list grows as answers come. */
export function visitShop(lab: Lab): readonly Visit[] {
  const visits: Visit[] = [];
  const script = join(repository, 'dist/test/bench/visit.js');
  const visitor = lab.startInPod(
    'shop/loadgenerator',
    process.execPath,
    [script, 'http://frontend/', String(VISIT_EVERY_MS)],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  if (visitor.stdout === null) throw new Error('the visitor has no output');
  createInterface(visitor.stdout).on('line', (line) => {
    const [sentAt = 0, milliseconds = 0] = line.split(' ').map(Number);
    visits.push({ sentAt, milliseconds });
  });
  return visits;
}

/** Starts the recorder on the lab's node with all of its sources. Resolves when it records. */
export async function recordShop(lab: Lab, tape: string): Promise<ChildProcess> {
  const otlp = ['--otlp-grpc', `${lab.nodeAddress}:${lab.otlpGrpcPort}`];
  const args = [PROGRAM, 'record', '--out', tape, ...otlp, '--kubernetes', lab.kubeconfig];
  const recorder = lab.startOnNode(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  if (recorder.stderr === null) throw new Error('the recorder has no output');
  for await (const line of createInterface(recorder.stderr)) if (line.startsWith('recording ')) break;
  recorder.stderr.resume();
  return recorder;
}

/** Ends it; resolves when its tape is complete. */
export async function endRecording(recorder: ChildProcess): Promise<void> {
  const exited = once(recorder, 'exit');
  recorder.kill('SIGTERM');
  await exited;
}

/** How many of the shop's programs have a connection to the recorder for their telemetry. */
export function connectionsTo(recorder: ChildProcess, port: number): number {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const established = new RegExp(`^ *\\d+: \\w+:${hex} \\w+:\\w+ 01 `, 'gm');
  return readFileSync(`/proc/${recorder.pid}/net/tcp`, 'utf8').match(established)?.length ?? 0;
}

/** Waits until that many are connected, or half a minute. */
export async function untilConnected(recorder: ChildProcess, port: number, count: number): Promise<void> {
  for (let tries = 0; tries < 300 && connectionsTo(recorder, port) < count; tries++) await sleep(100);
}

/** Processes of the shop's pods. */
export function podProcesses(lab: Lab): readonly number[] {
  const pods = join(cgroup2Mount() ?? '', labIdentity(lab.number).cgroup, 'kubepods.slice');
  return readdirSync(pods, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('cgroup.procs'))
    .flatMap((path) => readFileSync(join(pods, path), 'utf8').split('\n').filter(Boolean).map(Number));
}

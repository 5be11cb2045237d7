import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { repository } from '../repository.js';
import type { Ending } from './probes/network.js';

export const CLI = join(repository, 'dist/src/cli/main.js');
export const PROGRAM = join(repository, 'dist/capture/main.js');

/** Options that switch these sources off. */
const without = (...sources: readonly string[]) => sources.flatMap((source) => [`--${source}`, 'off']);

/** Options that leave nothing to record but the kernel. */
export const KERNEL_ONLY = without('otlp-grpc', 'otlp-http', 'kubernetes', 'cgroups');

/** Options that leave nothing to record but OTLP by HTTP, on a free port. */
export const HTTP_ONLY = [
  ...without('probes', 'kubernetes', 'cgroups', 'otlp-grpc'),
  '--otlp-http',
  '127.0.0.1:0',
];

/** Options that leave nothing to record but the cluster that `--kubernetes` names. */
export const CLUSTER_ONLY = without('probes', 'otlp-grpc', 'otlp-http');

/** A recorder that a test started; it is killed when the test ends. */
export interface RecorderProcess {
  readonly child: ChildProcess;
  /** What it has said so far. */
  readonly said: string[];
  /** Resolves when it says a line that matches, with the match. */
  readonly says: (pattern: RegExp) => Promise<RegExpExecArray>;
  /** Resolves with its exit status, or the signal that ended it. */
  readonly exited: Promise<number | string>;
}

/** Starts `record` with these arguments, by way of `prefix` where it is to run with other privileges. */
export function startRecorder(
  t: Ending,
  args: readonly string[],
  prefix: readonly string[] = [],
): RecorderProcess {
  const [command = process.execPath, ...rest] = [...prefix, process.execPath, PROGRAM, 'record', ...args];
  const child = spawn(command, rest, { stdio: ['ignore', 'ignore', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  const said: string[] = [];
  const waiting = new Set<() => void>();
  const exited = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  createInterface(child.stderr).on('line', (line) => {
    said.push(line);
    for (const look of waiting) look();
  });
  const says = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const match = said.map((line) => pattern.exec(line)).find((found) => found !== null);
        if (match === undefined || match === null) return;
        waiting.delete(look);
        resolve(match);
      };
      waiting.add(look);
      look();
      exited.then(() => reject(new Error(`ended without saying ${pattern}:\n${said.join('\n')}`)));
    });
  return { child, said, says, exited };
}

/** Where a recorder says that it listens for OTLP by HTTP. */
export const OTLP_AT = /otlp http: (\S+)/;

/** An OTLP/JSON request with one log record, by default of a moment long ago. */
export function logRequest(body: string, time?: Date): object {
  const timeUnixNano = time === undefined ? '1795342530123456789' : `${time.getTime()}000000`;
  const logRecords = [{ timeUnixNano, body: { stringValue: body } }];
  return { resourceLogs: [{ scopeLogs: [{ logRecords }] }] };
}

/** Sends logs by HTTP; returns the status. */
export async function sendLogs(
  address: string | undefined,
  body: object | string,
  type = 'application/json',
): Promise<number> {
  const response = await fetch(`http://${address}/v1/logs`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  await response.arrayBuffer();
  return response.status;
}

/** The rows of an answer of `ktape sql`, each as the list of its values. */
export function ktapeRows(tape: string, sql: string): unknown[][] {
  const args = [CLI, 'sql', tape, sql, '--format', 'json'];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })).map(Object.values);
}

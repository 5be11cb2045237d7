import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Why there is no strace here; undefined where there is. */
export function missingStrace(): string | undefined {
  if (spawnSync('strace', ['-V']).status !== 0) return 'strace is not installed';
  return process.getuid?.() === 0 ? undefined : 'strace needs root to look at a process that runs';
}

/** What to put before a command to have these calls of it logged. The command stays the child of whoever starts it. */
export function straced(log: string, calls: string, more: readonly string[] = []): string[] {
  return ['strace', '-D', ...options(log, calls), ...more];
}

/** Logs these calls of a process that runs; resolves when every thread of it is looked at. It ends with the process. */
export async function attachStrace(
  pid: number | undefined,
  log: string,
  calls: string,
  more: readonly string[],
): Promise<void> {
  const args = [...options(log, calls), ...more, '-p', String(pid)];
  const strace = spawn('strace', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  // It says so when it is attached; when it cannot be, it ends.
  await Promise.race([once(strace.stderr, 'data'), once(strace, 'exit')]);
  strace.stderr.resume();
}

function options(log: string, calls: string): string[] {
  return ['-f', '-y', '-xx', '-s', '1024', '-o', log, '-e', `trace=${calls}`];
}

/** The log of a process that has ended, when strace has seen that too. */
export async function readLog(log: string, pid: number | undefined): Promise<string> {
  const end = new RegExp(`^${pid} +\\+\\+\\+ (exited|killed)`, 'm');
  for (;;) {
    const text = await readFile(log, 'latin1');
    if (end.test(text)) return text;
    await sleep(20);
  }
}

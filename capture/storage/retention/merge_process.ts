import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { KtapeError } from '../../../src/errors.js';
import type { MergeJob, MergeResult } from './merge_job.js';

const PROGRAM = fileURLToPath(new URL('./merge_main.js', import.meta.url));

/** Does merges, one after the other, in a process of its own: what they take of memory ends with it. */
export class MergeProcess {
  private readonly child = spawn(process.execPath, [PROGRAM], { stdio: ['pipe', 'pipe', 'pipe'] });
  private readonly results = createInterface(this.child.stdout)[Symbol.asyncIterator]();
  private said = '';
  private readonly closed = once(this.child, 'close');

  constructor() {
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.said += text;
    });
    // One that has ended says why by its status.
    this.child.stdin.on('error', () => undefined);
    this.closed.catch(() => undefined);
  }

  /** Throws where the process has ended. */
  async merge(job: MergeJob): Promise<MergeResult> {
    this.child.stdin.write(`${JSON.stringify(job)}\n`);
    const { value, done } = await this.results.next();
    if (!done) return JSON.parse(value) as MergeResult;
    const [status, signal] = await this.closed;
    throw new KtapeError(`its process ended with ${status ?? signal}: ${this.said.trim().split('\n')[0]}`);
  }

  /** Ends it, also in the middle of a merge. */
  async end(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.closed.catch(() => undefined);
  }
}

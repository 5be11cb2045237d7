import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Finding, Setup, Trial } from './worker.js';

/** With some mutants a test never ends. A trial takes a second or two at most, on a busy machine some more. */
const PATIENCE_MS = 60_000;

/** A process in which mutants are tried, one after the other. */
export class WorkerProcess {
  private readonly child: ChildProcess;
  private ended = false;

  constructor(setup: Setup) {
    this.child = fork(fileURLToPath(new URL('worker.js', import.meta.url)), {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      serialization: 'advanced',
    });
    this.child.once('exit', () => {
      this.ended = true;
    });
    this.child.send(setup);
  }

  try(trial: Trial): Promise<Finding> {
    return new Promise((resolve) => {
      const settle = (finding: Finding) => {
        clearTimeout(patience);
        this.child.removeAllListeners('message').off('exit', onExit);
        resolve(finding);
      };
      const onExit = () => settle(endedBy('the process ended'));
      const patience = setTimeout(() => {
        settle(endedBy('it never ends'));
        this.stop();
      }, PATIENCE_MS);
      this.child.once('message', settle).once('exit', onExit);
      if (this.ended) onExit();
      else this.child.send(trial);
    });
  }

  stop(): void {
    this.child.kill('SIGKILL');
  }
}

/** Counts as red; the process is gone. */
function endedBy(name: string): Finding {
  return { red: { test: -1, name, error: '' }, isSpoilt: true, reached: [], reachedAtLoad: [] };
}

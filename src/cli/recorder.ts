import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Command } from 'commander';
import { packagePath } from '../query/package_files.js';
import type { Terminal } from './terminal.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** `ktape record` and `ktape doctor`: the recorder is a program of its own, with options of its own. */
export function defineRecorder(command: Command, _: Terminal, setStatus: (status: number) => void): void {
  command
    .usage('[options]')
    .argument('[args...]')
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (args: string[]) => setStatus(await runRecorder([command.name(), ...args])));
}

/** Runs the recorder on this process's own terminal; returns its exit status. */
function runRecorder(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [packagePath('dist/capture/main.js'), ...args], { stdio: 'inherit' });
  for (const signal of SIGNALS) {
    // Ctrl-C reaches the recorder by the terminal itself.
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}

import { mkdtempSync, rmSync } from 'node:fs';
import { constants, homedir, tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Output } from '../report/output.js';
import type { Terminal } from './terminal.js';

/** The terminal, or the pipes, of this process. */
export function processTerminal(): Terminal {
  const { stdout, stderr, stdin, env } = process;
  for (const stream of [stdout, stderr]) stream.on('error', endQuietlyWithoutReader);
  const isPlain = !stdout.isTTY || (env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb';
  return {
    stdout: outputOf(stdout),
    stderr: outputOf(stderr),
    layout: { width: stdout.isTTY ? stdout.columns : Number.POSITIVE_INFINITY, colour: !isPlain },
    isWatched: stderr.isTTY,
    readInput: () => text(stdin),
    inputChunks: () => stdin,
    temporaryDirectory,
    cacheDirectory,
    onExit,
  };
}

function outputOf(stream: NodeJS.WriteStream): Output {
  return { write: (chunk) => new Promise((resolve) => stream.write(chunk, () => resolve())) };
}

/** Whoever read from us had enough, as `head` does: nothing is wrong. */
function endQuietlyWithoutReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
}

/** Signals are caught only when something is to be done, so that other commands end by them as any program does. */
function onExit(cleanUp: () => void): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  }
  process.on('exit', cleanUp);
}

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'ktape-'));
  onExit(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** As the XDG base directory specification has it, which leaves relative paths out. */
function cacheDirectory(): string {
  const { XDG_CACHE_HOME: given = '' } = process.env;
  return join(isAbsolute(given) ? given : join(homedir(), '.cache'), 'ktape');
}

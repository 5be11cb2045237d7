import { join } from 'node:path';
import { run } from '../../../src/cli/run.js';

/** What a command line did. */
export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  /** Directory for temporary files. */
  readonly temporary: string;
  /** Directory for what is kept until the next time; one among the temporary files unless told. */
  readonly cache?: string;
  /** What is on standard input. */
  readonly input?: string;
  /** Columns of the terminal; a pipe without. */
  readonly width?: number;
  readonly colour?: boolean;
  /** Whether a person watches standard error. */
  readonly isWatched?: boolean;
}

/** Runs a command line in this process and keeps what it writes. */
export async function runCaptured(args: readonly string[], surroundings: Surroundings): Promise<Outcome> {
  const written = { stdout: '', stderr: '' };
  const outputTo = (name: keyof typeof written) => ({
    write: async (text: string) => {
      written[name] += text;
    },
  });
  const status = await run(args, {
    stdout: outputTo('stdout'),
    stderr: outputTo('stderr'),
    layout: {
      width: surroundings.width ?? Number.POSITIVE_INFINITY,
      colour: surroundings.colour ?? false,
    },
    isWatched: surroundings.isWatched ?? false,
    readInput: async () => surroundings.input ?? '',
    inputChunks: () => chunksOf(surroundings.input ?? ''),
    temporaryDirectory: () => surroundings.temporary,
    cacheDirectory: () => surroundings.cache ?? join(surroundings.temporary, 'cache'),
    onExit: () => undefined,
  });
  return { status, ...written };
}

/** The text in chunks that are torn within lines and characters. */
async function* chunksOf(text: string): AsyncIterable<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += 7) yield bytes.subarray(start, start + 7);
}

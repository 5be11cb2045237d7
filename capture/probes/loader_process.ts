import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { reasonOf } from '../../src/errors.js';
import { type Frame, FrameParser } from './frames.js';

/** How long the loader may take to hand over what it has after it was told to end. */
const STOP_MS = 10_000;

/** The privileged program that loads probes, running. */
export interface LoaderProcess {
  /** Resolves when it has ended and every frame was handled, to why it failed or to undefined. */
  readonly ended: Promise<string | undefined>;
  /** Tells it to hand over what it has and to end. */
  stop(): void;
}

/**
 * Starts the loader at `path`. Frames are handled as they come: while the handler is busy nothing more
 * is read, the loader waits, and what then overflows the ring is counted in the kernel. A frame that
 * cannot be read, or a handler that throws, ends the loader and is the reason for its end.
 */
export function startLoader(
  path: string,
  args: readonly string[],
  onFrame: (frame: Frame) => void,
): LoaderProcess {
  const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = () => {
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), STOP_MS).unref();
  };
  return { ended: run(path, child, onFrame), stop };
}

async function run(
  path: string,
  child: ChildProcess & { readonly stdout: NodeJS.ReadableStream; readonly stderr: NodeJS.ReadableStream },
  onFrame: (frame: Frame) => void,
): Promise<string | undefined> {
  let complaint: string | undefined;
  createInterface({ input: child.stderr }).on('line', (line) => {
    complaint ??= line;
  });
  const closed = once(child, 'close').catch((error) => {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    complaint = missing
      ? `${path} is not there: install clang and libbpf-dev, then run npm run build`
      : reasonOf(error);
    return [1, null];
  });
  try {
    const parser = new FrameParser();
    for await (const chunk of child.stdout) {
      for (const frame of parser.push(chunk as Buffer)) onFrame(frame);
    }
    parser.end();
  } catch (error) {
    complaint ??= reasonOf(error);
    child.kill('SIGKILL');
  }
  const [status, signal] = await closed;
  if (status === 0 && complaint === undefined) return undefined;
  return complaint ?? `ended ${signal === null ? `with status ${status}` : `by ${signal}`}`;
}

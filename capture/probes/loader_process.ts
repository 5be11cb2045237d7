import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { reasonOf } from '../../src/errors.js';
import type { Frame } from './frames.js';
import { handleFrames, STOP_MS, type StartLoader } from './loader.js';

/**
 * A loader that is a child of this process.
 * @param directory has the loader and the probes' objects, as bpf/build.sh makes it
 * @param probes names of probes, which are those of the tables that they fill
 * @param options further options of the loader
 */
export function ownLoader(
  directory: string,
  probes: readonly string[],
  options: readonly string[] = [],
): StartLoader {
  const path = join(directory, 'loader');
  const objects = probes.map((probe) => join(directory, `${probe}.bpf.o`));
  return (onFrame) => {
    const child = spawn(path, [...options, ...objects], { stdio: ['ignore', 'pipe', 'pipe'] });
    const stop = () => {
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), STOP_MS).unref();
    };
    return { ended: run(path, child, onFrame), stop };
  };
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
    await handleFrames(child.stdout as AsyncIterable<Buffer>, onFrame);
  } catch (error) {
    complaint ??= reasonOf(error);
    child.kill('SIGKILL');
  }
  const [status, signal] = await closed;
  if (status === 0 && complaint === undefined) return undefined;
  return complaint ?? `ended ${signal === null ? `with status ${status}` : `by ${signal}`}`;
}

import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf } from '../../src/errors.js';
import type { Frame } from './frames.js';
import { handleFrames, STOP_MS, type StartLoader } from './loader.js';

/** How often a loader that does not answer is tried again. */
export const TRY_EVERY_MS = 500;

/**
 * Connects to the loader that listens at `path`, trying again until `signal` aborts.
 * Returns the connection, or why there was none the last time.
 */
export async function connectToLoader(path: string, signal: AbortSignal): Promise<Socket | string> {
  let failure = 'told to stop';
  while (!signal.aborted) {
    const result = await tryToConnect(path);
    if (typeof result !== 'string') return result;
    failure = result;
    await sleep(TRY_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
  return failure;
}

function tryToConnect(path: string): Promise<Socket | string> {
  return new Promise((resolve) => {
    const socket = connect({ path, allowHalfOpen: true });
    const fail = (error: unknown) => resolve(reasonOf(error));
    socket.once('error', fail);
    socket.once('connect', () => {
      socket.off('error', fail);
      resolve(socket);
    });
  });
}

/**
 * A loader that runs beside this process, perhaps in another container. Told to end, it hands over what it
 * has; if the connection breaks without that, it keeps what comes for the next one.
 */
export function loaderBehind(socket: Socket): StartLoader {
  return (onFrame) => {
    let told = false;
    const stop = () => {
      told = true;
      socket.end();
      setTimeout(() => socket.destroy(new Error(`no end within ${STOP_MS / 1000} s`)), STOP_MS).unref();
    };
    return { ended: read(socket, onFrame, () => told), stop };
  };
}

async function read(
  socket: Socket,
  onFrame: (frame: Frame) => void,
  told: () => boolean,
): Promise<string | undefined> {
  let frames = 0;
  try {
    await handleFrames(socket, (frame) => {
      frames++;
      onFrame(frame);
    });
  } catch (error) {
    return reasonOf(error);
  } finally {
    socket.destroy();
  }
  if (told()) return undefined;
  return frames === 0
    ? 'the loader turned the connection away: it serves another recorder, or one of another user'
    : 'the loader closed the connection';
}

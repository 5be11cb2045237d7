import { type Frame, FrameParser } from './frames.js';

/** How long a loader may take to hand over what it has after it was told to end. */
export const STOP_MS = 10_000;

/** The privileged program that loads probes, as the recorder sees it. */
interface Loader {
  /** Resolves when it has ended and every frame was handled, to why it failed or to undefined. */
  readonly ended: Promise<string | undefined>;
  /** Tells it to hand over what it has and to end. */
  stop(): void;
}

/**
 * Starts to read from a loader. Frames are handled as they come: while the handler is busy nothing more
 * is read, the loader waits, and what then overflows the ring is counted in the kernel. A frame that
 * cannot be read, or a handler that throws, ends it and is the reason for its end.
 */
export type StartLoader = (onFrame: (frame: Frame) => void) => Loader;

/** Handles all frames of a loader's output. Throws what the handler throws, and a DecodeError for what is no frame. */
export async function handleFrames(
  output: AsyncIterable<Buffer>,
  onFrame: (frame: Frame) => void,
): Promise<void> {
  const parser = new FrameParser();
  for await (const chunk of output) {
    for (const frame of parser.push(chunk)) onFrame(frame);
  }
  parser.end();
}

import type { Signal } from '../../otlp/signal.js';

/** What became of a request. */
export type Sent =
  /** Taken, but for so many records. */
  | { readonly rejected: number; readonly message: string }
  /** Not taken; to be sent again after so long, or where that is not said when it seems good. */
  | { readonly again: string; readonly afterMs: number | undefined }
  /** Never to be taken. */
  | { readonly refused: string };

/** Whoever takes requests by OTLP. */
export interface Receiver {
  send(signal: Signal, protobuf: Uint8Array): Promise<Sent>;
  close(): void;
}

/** One that answers nothing for so long is taken to have failed. */
export const ANSWER_WITHIN_MS = 30_000;

/** Headers that go with every request, by lower-case name. */
export type Headers = Readonly<Record<string, string>>;

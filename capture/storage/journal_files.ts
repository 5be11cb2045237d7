import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Signal } from '../../src/otlp/signal.js';

/** Numbers of signals in the journal, which are their places here: never reordered. */
const SIGNALS: readonly Signal[] = ['traces', 'metrics', 'logs'];

/** A request as it was acknowledged: protobuf bytes, and when they came (nanoseconds since the epoch). */
export interface JournalEntry {
  readonly signal: Signal;
  readonly received: bigint;
  readonly request: Uint8Array;
}

/** Length and CRC-32 of what follows them, then the signal's number and the time; the request comes after it. */
const HEADER = 4 + 4 + 1 + 8;
const CHECKED_FROM = 8;

/** What stands before the request in the journal. */
export function frameHeader({ signal, received, request }: JournalEntry): Buffer {
  const header = Buffer.allocUnsafe(HEADER);
  header.writeUInt32LE(HEADER - CHECKED_FROM + request.length, 0);
  header.writeUInt8(SIGNALS.indexOf(signal), CHECKED_FROM);
  header.writeBigInt64LE(received, CHECKED_FROM + 1);
  header.writeUInt32LE(crc32(request, crc32(header.subarray(CHECKED_FROM))), 4);
  return header;
}

/**
 * Entries of one journal file. A last frame that is cut short or whose checksum is wrong was never
 * acknowledged, unless the disk damaged it: reading ends there, and `rest` is all from there on.
 */
export async function readJournal(
  tape: string,
  number: number,
): Promise<{ entries: JournalEntry[]; rest: Buffer }> {
  const bytes = await readFile(journalFile(tape, number));
  const entries: JournalEntry[] = [];
  let at = 0;
  while (at + HEADER <= bytes.length) {
    const end = at + CHECKED_FROM + bytes.readUInt32LE(at);
    if (end < at + HEADER || end > bytes.length) break;
    if (bytes.readUInt32LE(at + 4) !== crc32(bytes.subarray(at + CHECKED_FROM, end))) break;
    const signal = SIGNALS[bytes.readUInt8(at + CHECKED_FROM)];
    if (signal === undefined) break;
    const received = bytes.readBigInt64LE(at + CHECKED_FROM + 1);
    entries.push({ signal, received, request: bytes.subarray(at + HEADER, end) });
    at = end;
  }
  return { entries, rest: bytes.subarray(at) };
}

/** Removes the journal files that are in segments: those up to `sealed`. */
export async function removeSealed(tape: string, sealed: number): Promise<void> {
  for (const number of await journalNumbers(tape)) {
    if (number <= sealed) await rm(journalFile(tape, number), { force: true });
  }
}

/** Removes the whole journal, when its tape is complete. */
export async function removeJournal(tape: string): Promise<void> {
  await rm(journalDirectory(tape), { recursive: true, force: true });
}

/** Numbers of the journal files that are there, in order. */
export async function journalNumbers(tape: string): Promise<number[]> {
  const names = await readdir(journalDirectory(tape)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names
    .map((name) => Number(/^(\d+)\.journal$/.exec(name)?.[1] ?? Number.NaN))
    .filter((number) => !Number.isNaN(number))
    .sort((a, b) => a - b);
}

export function journalDirectory(tape: string): string {
  return join(tape, 'journal');
}

export function journalFile(tape: string, number: number): string {
  return join(journalDirectory(tape), `${String(number).padStart(6, '0')}.journal`);
}

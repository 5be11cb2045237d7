import { type Layout, layOut, u32, u64 } from './c_layout.js';

/*
 * What the loader writes to the recorder: frames, each a header and a body. Bodies of kind
 * `events` are event structs back to back (see event_layout.ts); the others begin with the struct here,
 * and the rest of the body is text.
 */

export const FRAME_HEADER = layOut({ kind: u32, body_bytes: u32 });

/** The frames there are, by number. */
export const FRAME_KINDS = { start: 1, probe: 2, name: 3, clock: 4, events: 5, loss: 6 } as const;

export type FrameKind = keyof typeof FRAME_KINDS;

/** A body longer than this is not a frame of the loader. */
export const MAX_BODY_BYTES = 1 << 20;

/** What became of a probe. */
export const PROBE_STATES = { attached: 1, failed: 2 } as const;

/** What a name frame names: a value of these kinds of column. */
export const NAMED = { drop_reason: 1, kernel_address: 2 } as const;

/** Why events were lost. */
export const LOSS_CAUSES = { ring_buffer_full: 1, recursion: 2 } as const;

export const FRAMES = {
  /** First: which tables the loader was built for, and how many probes it was given. */
  start: layOut({ fingerprint: u32, probes: u32 }),
  /** Then one for each of them. Text: its name, and after a newline why it failed. */
  probe: layOut({ state: u32, error: u32 }),
  /** Before the first event that has the value. Text: its name, empty where the kernel hides it. */
  name: layOut({ value: u64, named: u32 }),
  /** The two clocks read together; before any event, then each second. */
  clock: layOut({ boot_ns: u64, epoch_ns: u64 }),
  /** Events lost between two times; `reason` is theirs where the table has one and the cause tells. */
  loss: layOut({ count: u64, since_boot_ns: u64, until_boot_ns: u64, table: u32, cause: u32, reason: u32 }),
} satisfies Partial<Record<FrameKind, Layout>>;

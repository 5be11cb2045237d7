/** Version of the tape format that this program writes, and the newest that it reads. */
export const FORMAT_VERSION = 1;

/** Name of the file that says what a tape holds. */
export const MANIFEST = 'tape.json';

/** One Parquet file of one table, written by one node. */
export interface Segment {
  /** Path within the tape, `<table>/<node>-<start>-<n>.parquet`. */
  readonly path: string;
  readonly node: string;
  readonly rows: number;
  readonly bytes: number;
  /** First and last time of its rows, RFC 3339 with nanoseconds. */
  readonly first_time: string;
  readonly last_time: string;
  /** SHA-256 of the file, hex. */
  readonly sha256: string;
  /**
   * When its rows reached the recorder, by the recorder's clock: after `received_since`, at the latest at
   * `received_until`. Their own times may come from other clocks. Missing in tapes of imported files.
   */
  readonly received_since?: string;
  readonly received_until?: string;
}

/** A stretch that a limit such as `--keep` left to be forgotten: of what was received in it, segments were removed. */
export interface Removed {
  /** The node whose recorder removed them. */
  readonly node: string;
  readonly since: string;
  readonly until: string;
  /** The option that had the last of them removed, such as `--max-size`. */
  readonly limit: string;
}

/** Something that was asked to be recorded, and whether it was. */
export interface Source {
  /** Such as `probe packet_drops`, `otlp grpc` or `kubernetes`. */
  readonly name: string;
  readonly state: 'recorded' | 'unavailable';
  /** Where it listened, or why it could not be recorded. */
  readonly detail: string;
}

/** The machine that recorded, as far as answers depend on it. */
export interface NodeFacts {
  readonly name: string;
  readonly kernel: string;
  readonly architecture: string;
  readonly boot_time: string | null;
}

/** The content of `tape.json`. */
export interface Manifest {
  readonly format: 'ktape';
  readonly version: number;
  /** Program that wrote it, such as `ktape 0.1.0`. */
  readonly tool: string;
  /** `recording` until the recorder has ended in good order. */
  readonly state: 'recording' | 'complete';
  readonly started: string;
  readonly ended: string | null;
  readonly nodes: readonly NodeFacts[];
  readonly sources: readonly Source[];
  /** Journal files up to this number are in the segments; later ones wait for the recorder's next start. */
  readonly journal_sealed: number;
  /**
   * All that was told of the time before this is in the segments or in the journal; what came later was in the
   * recorder's memory alone. Null in a complete tape.
   */
  readonly seen_until: string | null;
  /** What is not on the tape any more, in order; what was valid at an end of a stretch is carried forward. */
  readonly removed: readonly Removed[];
  /** Captured tables; one without segments was captured and saw nothing. */
  readonly tables: Readonly<Record<string, readonly Segment[]>>;
}

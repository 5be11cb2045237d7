import { DecodeError } from '../../src/errors.js';
import type { Layout } from '../../src/schema/c_layout.js';
import {
  FRAME_HEADER,
  FRAME_KINDS,
  FRAMES,
  type FrameKind,
  LOSS_CAUSES,
  MAX_BODY_BYTES,
  NAMED,
  PROBE_STATES,
} from '../../src/schema/frames.js';

/** One frame of the loader. Bytes in it are valid until the next chunk is parsed. */
export type Frame =
  | { readonly kind: 'start'; readonly fingerprint: number; readonly probes: number }
  | {
      readonly kind: 'probe';
      readonly probe: string;
      readonly state: keyof typeof PROBE_STATES;
      /** Error number of the kernel; 0 when attached. */
      readonly errorNumber: number;
      /** Why it failed; empty when attached. */
      readonly detail: string;
    }
  | {
      readonly kind: 'name';
      readonly named: keyof typeof NAMED;
      readonly value: bigint;
      readonly name: string;
    }
  | { readonly kind: 'clock'; readonly bootNs: bigint; readonly epochNs: bigint }
  | { readonly kind: 'events'; readonly bytes: Buffer }
  | {
      readonly kind: 'loss';
      readonly cause: keyof typeof LOSS_CAUSES;
      /** The table's number on the wire. */
      readonly table: number;
      readonly reason: number;
      readonly count: bigint;
      readonly sinceBootNs: bigint;
      readonly untilBootNs: bigint;
    };

/** Cuts the loader's output, in chunks of any size, into frames. */
export class FrameParser {
  private rest: Buffer = Buffer.alloc(0);
  private count = 0;

  /** The frames that this chunk completes. Throws a DecodeError that names the frame and what is wrong. */
  *push(chunk: Buffer): Generator<Frame> {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    let at = 0;
    while (bytes.length - at >= FRAME_HEADER.bytes) {
      const bodyBytes = bytes.readUInt32LE(at + FRAME_HEADER.offsets.body_bytes);
      const kind = this.kindOf(bytes.readUInt32LE(at + FRAME_HEADER.offsets.kind), bodyBytes);
      const end = at + FRAME_HEADER.bytes + bodyBytes;
      if (end > bytes.length) break;
      this.count++;
      yield READERS[kind](
        new Body(`frame ${this.count} (${kind})`, bytes.subarray(at + FRAME_HEADER.bytes, end)),
      );
      at = end;
    }
    this.rest = bytes.subarray(at);
  }

  /** Call when the output has ended: throws a DecodeError if it ended within a frame. */
  end(): void {
    if (this.rest.length > 0) {
      throw new DecodeError(`frame ${this.count + 1}: cut off after ${this.rest.length} bytes`);
    }
  }

  private kindOf(number: number, bodyBytes: number): FrameKind {
    const frame = `frame ${this.count + 1}`;
    if (bodyBytes > MAX_BODY_BYTES) {
      throw new DecodeError(`${frame}: body of ${bodyBytes} bytes; expected at most ${MAX_BODY_BYTES}`);
    }
    return keyOf(FRAME_KINDS, number, frame, 'kind');
  }
}

const READERS: Record<FrameKind, (body: Body) => Frame> = {
  start: (body) => {
    const fields = body.of(FRAMES.start);
    return { kind: 'start', fingerprint: fields.u32('fingerprint'), probes: fields.u32('probes') };
  },
  probe: (body) => {
    const fields = body.of(FRAMES.probe);
    const [probe = '', ...detail] = fields.text().split('\n');
    const state = fields.key('state', PROBE_STATES);
    return { kind: 'probe', probe, state, errorNumber: fields.u32('error'), detail: detail.join('\n') };
  },
  name: (body) => {
    const fields = body.of(FRAMES.name);
    return {
      kind: 'name',
      named: fields.key('named', NAMED),
      value: fields.u64('value'),
      name: fields.text(),
    };
  },
  clock: (body) => {
    const fields = body.of(FRAMES.clock);
    return { kind: 'clock', bootNs: fields.u64('boot_ns'), epochNs: fields.u64('epoch_ns') };
  },
  events: (body) => ({ kind: 'events', bytes: body.bytes }),
  loss: (body) => {
    const fields = body.of(FRAMES.loss);
    return {
      kind: 'loss',
      cause: fields.key('cause', LOSS_CAUSES),
      table: fields.u32('table'),
      reason: fields.u32('reason'),
      count: fields.u64('count'),
      sinceBootNs: fields.u64('since_boot_ns'),
      untilBootNs: fields.u64('until_boot_ns'),
    };
  },
};

/** The body of one frame. */
class Body {
  constructor(
    readonly frame: string,
    readonly bytes: Buffer,
  ) {}

  /** Its fields, where it begins with this struct. */
  of<N extends string>(layout: Layout<N>): Fields<N> {
    if (this.bytes.length < layout.bytes) {
      throw new DecodeError(
        `${this.frame}: body of ${this.bytes.length} bytes; expected ${layout.bytes} or more`,
      );
    }
    return new Fields(this, layout);
  }
}

class Fields<N extends string> {
  constructor(
    private readonly body: Body,
    private readonly layout: Layout<N>,
  ) {}

  u32(name: N): number {
    return this.body.bytes.readUInt32LE(this.layout.offsets[name]);
  }

  u64(name: N): bigint {
    return this.body.bytes.readBigUInt64LE(this.layout.offsets[name]);
  }

  key<K extends string>(name: N, values: Readonly<Record<K, number>>): K {
    return keyOf(values, this.u32(name), this.body.frame, name);
  }

  text(): string {
    return this.body.bytes.toString('utf8', this.layout.bytes);
  }
}

function keyOf<K extends string>(
  values: Readonly<Record<K, number>>,
  number: number,
  frame: string,
  field: string,
): K {
  for (const key in values) if (values[key] === number) return key;
  throw new DecodeError(`${frame}: ${field} is ${number}; expected ${Object.values(values).join(', ')}`);
}

import { DecodeError, KtapeError } from '../../src/errors.js';
import { EVENT_HEADER, type EventLayout, eventLayouts } from '../../src/schema/event_layout.js';
import type { Wire } from '../../src/schema/semantic_type.js';
import type { Table } from '../../src/schema/table.js';
import {
  Int32Column,
  TimestampColumn,
  Uint32Column,
  Uint64Column,
} from '../../src/tape/columns/fixed_width.js';
import type { AnyColumn } from '../../src/tape/columns/index.js';
import { TextColumn } from '../../src/tape/columns/text.js';
import type { RowBatch } from '../../src/tape/row_batch.js';
import type { BootClock } from './boot_clock.js';
import { type EventBytes, eventBytes } from './event_bytes.js';
import { MAX_IP_TEXT, writeIp } from './ip_text.js';
import type { KernelNames } from './kernel_names.js';
import { KnownNames, KnownWords } from './known_texts.js';
import { PROTOCOL_TEXTS, TCP_FLAGS_TEXTS } from './wire_text.js';

/** Appends the value at a position to the column that it was made for. */
type Decode = (events: EventBytes, at: number) => void;

/** What values depend on beyond their own bytes. */
export interface DecodeContext {
  readonly clock: BootClock;
  readonly names: KernelNames;
}

/** Decodes events straight into the columns of their tables. */
export class EventDecoder {
  private readonly layouts: ReadonlyMap<number, EventLayout>;
  private readonly rowDecoders = new WeakMap<RowBatch, RowDecoder>();
  /** The decoder used last: events of one table mostly follow each other. */
  private last: RowDecoder | undefined;

  constructor(
    tables: readonly Table[],
    private readonly context: DecodeContext,
  ) {
    this.layouts = new Map(eventLayouts(tables).map((layout) => [layout.number, layout]));
  }

  /** Appends all events, back to back in `bytes`, to the batch of their table; returns how many. */
  decode(bytes: Buffer, batchOf: (table: Table) => RowBatch): number {
    let count = 0;
    const events = eventBytes(bytes);
    for (let at = 0; at < bytes.length; count++) {
      const layout = this.layoutAt(events, at);
      const batch = batchOf(layout.table);
      this.rowDecoder(layout, batch).decode(events, at);
      at += layout.struct.bytes;
    }
    return count;
  }

  /** The table that has this number on the wire. */
  table(number: number): Table {
    return this.layout(number).table;
  }

  private layoutAt({ bytes, view }: EventBytes, at: number): EventLayout {
    const left = bytes.length - at;
    const layout = left < EVENT_HEADER.bytes ? undefined : this.layout(view.getUint32(at, true));
    if (layout === undefined || left < layout.struct.bytes) {
      const whole = layout === undefined ? 'a header' : `an event of ${layout.table.name}`;
      throw new DecodeError(`events: ${left} bytes at ${at}; expected ${whole}`);
    }
    return layout;
  }

  private layout(number: number): EventLayout {
    const layout = this.layouts.get(number);
    if (layout !== undefined) return layout;
    throw new DecodeError(`table ${number}: unknown; expected ${[...this.layouts.keys()].join(', ')}`);
  }

  private rowDecoder(layout: EventLayout, batch: RowBatch): RowDecoder {
    if (this.last?.batch === batch) return this.last;
    let decoder = this.rowDecoders.get(batch);
    if (decoder === undefined) {
      decoder = new RowDecoder(layout, batch, this.context);
      this.rowDecoders.set(batch, decoder);
    }
    this.last = decoder;
    return decoder;
  }
}

/** Decodes events of one table into one batch. */
class RowDecoder {
  private readonly steps: { column: AnyColumn; decode: Decode; offset: number; presentBit: number }[];

  constructor(
    layout: EventLayout,
    readonly batch: RowBatch,
    context: DecodeContext,
  ) {
    this.steps = layout.columns.map(({ name, wire, offset, presentBit }) => {
      const column = batch.column(name);
      const decode = column && DECODERS[wire](column, context);
      if (column === undefined || decode === undefined) {
        throw new KtapeError(`${layout.table.name}.${name}: no column that takes ${wire} from the wire`);
      }
      return { column, decode, offset, presentBit };
    });
  }

  decode(events: EventBytes, at: number): void {
    const present = events.view.getUint32(at + EVENT_HEADER.offsets.present, true);
    for (const { column, decode, offset, presentBit } of this.steps) {
      if (presentBit !== 0 && (present & presentBit) === 0) column.appendNull();
      else decode(events, at + offset);
    }
  }
}

/** Makes the decoder of a kind of value into a column; undefined if the column cannot hold it. */
type MakeDecode = (column: AnyColumn, context: DecodeContext) => Decode | undefined;

const DECODERS: Record<Wire, MakeDecode> = {
  boot_ns: into(TimestampColumn, (column, { clock }) => ({ view }, at) => {
    const low = view.getUint32(at, true);
    column.append(clock.low(low), clock.high(low, view.getUint32(at + 4, true)));
  }),
  u16: (column) =>
    column instanceof Int32Column || column instanceof Uint32Column
      ? ({ view }, at) => column.append(view.getUint16(at, true))
      : undefined,
  u32: into(
    Uint32Column,
    (column) =>
      ({ view }, at) =>
        column.append(view.getUint32(at, true)),
  ),
  u64: into(Uint64Column, (column) => ({ view }, at) => {
    column.append(view.getUint32(at, true), view.getUint32(at + 4, true));
  }),
  ip: into(TextColumn, (column) => {
    let from = 0;
    let address: Uint8Array = new Uint8Array();
    const write = (to: Uint8Array, at: number) => writeIp(address, from, to, at);
    const known = new KnownWords(column, ({ bytes }, at) => {
      address = bytes;
      from = at;
      column.appendWritten(MAX_IP_TEXT, write);
    });
    return (events, at) => known.append(events, at);
  }),
  ip_protocol: named(({ bytes }, at) => PROTOCOL_TEXTS[bytes[at] ?? 0]),
  tcp_flags: named(({ bytes }, at) => TCP_FLAGS_TEXTS[bytes[at] ?? 0]),
  drop_reason: named(({ view }, at, names) => names.dropReason(view.getUint32(at, true))),
  kernel_address: named(({ view }, at, names) =>
    names.function(view.getUint32(at, true), view.getUint32(at + 4, true)),
  ),
  interface_name: into(TextColumn, (column) => {
    const known = new KnownWords(column, ({ bytes }, at) => {
      let end = at;
      while (end < at + 16 && bytes[end] !== 0) end++;
      column.appendUtf8(bytes, at, end);
    });
    return (events, at) => known.append(events, at);
  }),
};

/** The maker for columns of names, which `nameOf` finds. */
function named(
  nameOf: (events: EventBytes, at: number, names: KernelNames) => Uint8Array | undefined,
): MakeDecode {
  return into(TextColumn, (column, { names }) => {
    const known = new KnownNames(column);
    return (events, at) => known.append(nameOf(events, at, names));
  });
}

/** A maker for columns of one class. */
function into<C extends AnyColumn>(
  columnClass: new () => C,
  make: (column: C, context: DecodeContext) => Decode,
): MakeDecode {
  return (column, context) => (column instanceof columnClass ? make(column, context) : undefined);
}

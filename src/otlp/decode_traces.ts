import { spanEvents } from '../schema/tables/span_events.js';
import type { spanLinks } from '../schema/tables/span_links.js';
import { spans } from '../schema/tables/spans.js';
import type { RowBatch } from '../tape/row_batch.js';
import {
  appendCount,
  appendHex,
  appendName,
  appendOptionalHex,
  appendOptionalText,
  appendText,
  appendTime,
  ByteRange,
  Halves,
} from './append.js';
import { AttributesDecoder } from './attributes.js';
import { type Decoded, decodeWhole, type RowIds } from './decoded.js';
import { Event, Link, Span, SpanKind, Status, StatusCode, tagsOf } from './messages.js';
import type { ProtobufReader } from './protobuf_reader.js';
import { ownColumns, SenderDecoder } from './sender.js';

const SPAN = tagsOf(Span);
const EVENT = tagsOf(Event);
const LINK = tagsOf(Link);
const STATUS = tagsOf(Status);

/** The tables that traces fill. */
export interface TraceBatches {
  readonly spans: RowBatch<typeof spans.columns>;
  readonly spanEvents: RowBatch<typeof spanEvents.columns>;
  readonly spanLinks: RowBatch<typeof spanLinks.columns>;
}

/** Decodes ExportTraceServiceRequest messages into spans, their events and their links. */
export class TracesDecoder {
  private readonly sender: SenderDecoder;
  private readonly attributes: AttributesDecoder;
  private readonly events: EventsDecoder;
  private readonly links: LinksDecoder;
  private received = 0n;

  private readonly traceId = new ByteRange();
  private readonly spanId = new ByteRange();
  private readonly parentSpanId = new ByteRange();
  private readonly traceState = new ByteRange();
  private readonly name = new ByteRange();
  private readonly statusMessage = new ByteRange();
  private readonly start = new Halves();
  private readonly end = new Halves();
  private flags = 0;
  private kind = 0;
  private statusCode = 0;
  private droppedAttributes = 0;
  private droppedEvents = 0;
  private droppedLinks = 0;

  constructor(
    private readonly batches: TraceBatches,
    private readonly rowIds: RowIds,
  ) {
    const all = [batches.spans, batches.spanEvents, batches.spanLinks] as const;
    this.sender = new SenderDecoder(all, (reader) => this.span(reader));
    const { columns } = batches.spans;
    this.attributes = new AttributesDecoder(
      columns.attributes,
      columns.attribute_types,
      ownColumns(spans.columns),
      columns,
    );
    this.events = new EventsDecoder(batches.spanEvents);
    this.links = new LinksDecoder(batches.spanLinks);
  }

  /** Decodes one request that was received at that time (nanoseconds since the epoch), or throws DecodeError. */
  decode(request: Uint8Array, received: bigint): Decoded {
    const { spans, spanEvents, spanLinks } = this.batches;
    const before = spans.rows;
    this.received = received;
    const replacedTexts = decodeWhole('traces', request, [spans, spanEvents, spanLinks], this.sender, () => {
      this.attributes.reset();
      this.events.attributes.reset();
      this.links.attributes.reset();
    });
    return { accepted: spans.rows - before, replacedTexts };
  }

  private span(reader: ProtobufReader): void {
    this.begin();
    const outer = reader.enter();
    while (reader.nextField()) this.field(reader);
    reader.leave(outer);
    const rowId = this.rowIds.next++;
    this.write(reader, rowId);
    this.events.endSpan(reader, rowId, this.traceId, this.spanId);
    this.links.endSpan(reader, rowId, this.traceId, this.spanId, this.start, this.received);
  }

  private begin(): void {
    this.traceId.clear();
    this.spanId.clear();
    this.parentSpanId.clear();
    this.traceState.clear();
    this.name.clear();
    this.statusMessage.clear();
    this.start.clear();
    this.end.clear();
    this.flags = 0;
    this.kind = 0;
    this.statusCode = 0;
    this.droppedAttributes = 0;
    this.droppedEvents = 0;
    this.droppedLinks = 0;
  }

  private field(reader: ProtobufReader): void {
    switch (reader.tag) {
      case SPAN.traceId:
        return this.traceId.take(reader);
      case SPAN.spanId:
        return this.spanId.take(reader);
      case SPAN.traceState:
        return this.traceState.take(reader);
      case SPAN.parentSpanId:
        return this.parentSpanId.take(reader);
      case SPAN.name:
        return this.name.take(reader);
      case SPAN.kind:
        this.kind = reader.int32();
        return;
      case SPAN.startTimeUnixNano:
        return this.start.take(reader);
      case SPAN.endTimeUnixNano:
        return this.end.take(reader);
      case SPAN.attributes:
        return this.attributes.append(reader);
      case SPAN.droppedAttributesCount:
        this.droppedAttributes = reader.uint32();
        return;
      case SPAN.events:
        return this.events.append(reader, this.received);
      case SPAN.droppedEventsCount:
        this.droppedEvents = reader.uint32();
        return;
      case SPAN.links:
        return this.links.append(reader);
      case SPAN.droppedLinksCount:
        this.droppedLinks = reader.uint32();
        return;
      case SPAN.status:
        return this.status(reader);
      case SPAN.flags:
        this.flags = reader.fixed32();
        return;
      default:
        return reader.skip();
    }
  }

  private status(reader: ProtobufReader): void {
    const outer = reader.enter();
    while (reader.nextField()) {
      if (reader.tag === STATUS.message) this.statusMessage.take(reader);
      else if (reader.tag === STATUS.code) this.statusCode = reader.int32();
      else reader.skip();
    }
    reader.leave(outer);
  }

  private write(reader: ProtobufReader, rowId: number): void {
    const { columns } = this.batches.spans;
    appendTime(columns.time, columns.time_raw, this.start, this.received);
    appendCount(columns.row_id, rowId);
    appendHex(columns.trace_id, reader, this.traceId);
    appendHex(columns.span_id, reader, this.spanId);
    appendOptionalHex(columns.parent_span_id, reader, this.parentSpanId);
    appendOptionalText(columns.trace_state, reader, this.traceState);
    columns.flags.append(this.flags);
    appendText(columns.name, reader, this.name);
    appendName(columns.kind, SpanKind, this.kind);
    this.writeDuration();
    appendName(columns.status_code, StatusCode, this.statusCode);
    appendOptionalText(columns.status_message, reader, this.statusMessage);
    this.attributes.endRow();
    columns.dropped_attributes_count.append(this.droppedAttributes);
    columns.dropped_events_count.append(this.droppedEvents);
    columns.dropped_links_count.append(this.droppedLinks);
  }

  private writeDuration(): void {
    const { start, end } = this;
    const { duration_ns, end_time_raw } = this.batches.spans.columns;
    if (start.isUsableTime && end.isUsableTime) {
      const low = (end.low >>> 0) - (start.low >>> 0);
      duration_ns.append(low, end.high - start.high - (low < 0 ? 1 : 0));
      end_time_raw.appendNull();
    } else {
      duration_ns.appendNull();
      end_time_raw.append(end.low, end.high);
    }
  }
}

/** Decodes Span.Event messages; what they have of their span is filled in when it ends. */
class EventsDecoder {
  readonly attributes: AttributesDecoder;
  private readonly time = new Halves();
  private readonly name = new ByteRange();

  constructor(private readonly batch: TraceBatches['spanEvents']) {
    const { columns } = batch;
    this.attributes = new AttributesDecoder(
      columns.attributes,
      columns.attribute_types,
      ownColumns(spanEvents.columns),
      columns,
    );
  }

  append(reader: ProtobufReader, received: bigint): void {
    let dropped = 0;
    this.time.clear();
    this.name.clear();
    const outer = reader.enter();
    while (reader.nextField()) {
      if (reader.tag === EVENT.timeUnixNano) this.time.take(reader);
      else if (reader.tag === EVENT.name) this.name.take(reader);
      else if (reader.tag === EVENT.attributes) this.attributes.append(reader);
      else if (reader.tag === EVENT.droppedAttributesCount) dropped = reader.uint32();
      else reader.skip();
    }
    reader.leave(outer);
    const { columns } = this.batch;
    appendTime(columns.time, columns.time_raw, this.time, received);
    appendText(columns.name, reader, this.name);
    this.attributes.endRow();
    columns.dropped_attributes_count.append(dropped);
  }

  endSpan(reader: ProtobufReader, rowId: number, traceId: ByteRange, spanId: ByteRange): void {
    const { columns, rows } = this.batch;
    while (columns.span_row_id.length < rows) {
      appendCount(columns.span_row_id, rowId);
      appendHex(columns.trace_id, reader, traceId);
      appendHex(columns.span_id, reader, spanId);
    }
  }
}

/** Decodes Span.Link messages; what they have of their span is filled in when it ends. */
class LinksDecoder {
  readonly attributes: AttributesDecoder;
  private readonly traceId = new ByteRange();
  private readonly spanId = new ByteRange();
  private readonly traceState = new ByteRange();

  constructor(private readonly batch: TraceBatches['spanLinks']) {
    this.attributes = new AttributesDecoder(batch.columns.attributes, batch.columns.attribute_types);
  }

  append(reader: ProtobufReader): void {
    let flags = 0;
    let dropped = 0;
    this.traceId.clear();
    this.spanId.clear();
    this.traceState.clear();
    const outer = reader.enter();
    while (reader.nextField()) {
      if (reader.tag === LINK.traceId) this.traceId.take(reader);
      else if (reader.tag === LINK.spanId) this.spanId.take(reader);
      else if (reader.tag === LINK.traceState) this.traceState.take(reader);
      else if (reader.tag === LINK.attributes) this.attributes.append(reader);
      else if (reader.tag === LINK.droppedAttributesCount) dropped = reader.uint32();
      else if (reader.tag === LINK.flags) flags = reader.fixed32();
      else reader.skip();
    }
    reader.leave(outer);
    const { columns } = this.batch;
    appendHex(columns.linked_trace_id, reader, this.traceId);
    appendHex(columns.linked_span_id, reader, this.spanId);
    appendOptionalText(columns.trace_state, reader, this.traceState);
    columns.flags.append(flags);
    this.attributes.endRow();
    columns.dropped_attributes_count.append(dropped);
  }

  endSpan(
    reader: ProtobufReader,
    rowId: number,
    traceId: ByteRange,
    spanId: ByteRange,
    start: Halves,
    received: bigint,
  ): void {
    const { columns } = this.batch;
    while (columns.time.length < columns.flags.length) {
      if (start.isUsableTime) columns.time.append(start.low, start.high);
      else columns.time.appendBigint(received);
      appendCount(columns.span_row_id, rowId);
      appendHex(columns.trace_id, reader, traceId);
      appendHex(columns.span_id, reader, spanId);
    }
  }
}

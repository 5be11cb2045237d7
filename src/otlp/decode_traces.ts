import type { spanEvents } from '../schema/tables/span_events.js';
import type { spanLinks } from '../schema/tables/span_links.js';
import { spans } from '../schema/tables/spans.js';
import type { RowBatch } from '../tape/row_batch.js';
import {
  appendCount,
  appendHex,
  appendOptionalHex,
  appendTime,
  NameAppender,
  putRareText,
  TraceIdAppender,
} from './append.js';
import { AttributesDecoder } from './attributes.js';
import { SpanEventsDecoder } from './decode_span_events.js';
import { SpanLinksDecoder } from './decode_span_links.js';
import { type Decoded, decodeWhole, type RowIds } from './decoded.js';
import { Span, SpanKind, Status, StatusCode, tagsOf } from './messages.js';
import { ByteRange, Halves, type SpanIdentity } from './pending.js';
import type { ProtobufReader } from './protobuf_reader.js';
import { ownColumns, SenderDecoder } from './sender.js';
import { TextAppender } from './text_appender.js';

const SPAN = tagsOf(Span);
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
  private readonly events: SpanEventsDecoder;
  private readonly links: SpanLinksDecoder;
  private readonly traceIds: TraceIdAppender;
  private readonly names: TextAppender;
  private readonly kinds: NameAppender;
  private readonly statusCodes: NameAppender;
  private received = 0n;

  private readonly identity = {
    rowId: 0,
    traceId: new ByteRange(),
    spanId: new ByteRange(),
    start: new Halves(),
  } satisfies SpanIdentity;
  private readonly parentSpanId = new ByteRange();
  private readonly traceState = new ByteRange();
  private readonly name = new ByteRange();
  private readonly statusMessage = new ByteRange();
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
    this.traceIds = new TraceIdAppender(columns.trace_id);
    this.names = new TextAppender(columns.name);
    this.kinds = new NameAppender(columns.kind, SpanKind);
    this.statusCodes = new NameAppender(columns.status_code, StatusCode);
    this.events = new SpanEventsDecoder(batches.spanEvents);
    this.links = new SpanLinksDecoder(batches.spanLinks);
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
    reader.size.addRow();
    this.begin();
    const outer = reader.enter();
    while (reader.nextField()) this.field(reader);
    reader.leave(outer);
    this.identity.rowId = this.rowIds.next++;
    this.write(reader);
    this.events.endSpan(reader, this.identity);
    this.links.endSpan(reader, this.identity, this.received);
  }

  private begin(): void {
    this.identity.traceId.clear();
    this.identity.spanId.clear();
    this.parentSpanId.clear();
    this.traceState.clear();
    this.name.clear();
    this.statusMessage.clear();
    this.identity.start.clear();
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
      // First, since most fields are attributes.
      case SPAN.attributes:
        this.attributes.append(reader);
        break;
      case SPAN.traceId:
        this.identity.traceId.take(reader);
        break;
      case SPAN.spanId:
        this.identity.spanId.take(reader);
        break;
      case SPAN.traceState:
        this.traceState.take(reader);
        break;
      case SPAN.parentSpanId:
        this.parentSpanId.take(reader);
        break;
      case SPAN.name:
        this.name.take(reader);
        break;
      case SPAN.kind:
        this.kind = reader.int32();
        break;
      case SPAN.startTimeUnixNano:
        this.identity.start.take(reader);
        break;
      case SPAN.endTimeUnixNano:
        this.end.take(reader);
        break;
      case SPAN.droppedAttributesCount:
        this.droppedAttributes = reader.uint32();
        break;
      case SPAN.events:
        this.events.append(reader, this.received);
        break;
      case SPAN.droppedEventsCount:
        this.droppedEvents = reader.uint32();
        break;
      case SPAN.links:
        this.links.append(reader);
        break;
      case SPAN.droppedLinksCount:
        this.droppedLinks = reader.uint32();
        break;
      case SPAN.status:
        this.status(reader);
        break;
      case SPAN.flags:
        this.flags = reader.fixed32();
        break;
      default:
        reader.skip();
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

  private write(reader: ProtobufReader): void {
    const { columns } = this.batches.spans;
    const row = columns.flags.length;
    appendTime(columns.time, columns.time_raw, this.identity.start, this.received);
    appendCount(columns.row_id, this.identity.rowId);
    this.traceIds.append(reader, this.identity.traceId);
    appendHex(columns.span_id, reader, this.identity.spanId);
    appendOptionalHex(columns.parent_span_id, reader, this.parentSpanId);
    putRareText(columns.trace_state, row, reader, this.traceState);
    columns.flags.append(this.flags);
    if (!this.names.append(reader, this.name.start, this.name.stop)) reader.replacedTexts++;
    this.kinds.append(this.kind);
    this.writeDuration();
    this.statusCodes.append(this.statusCode);
    putRareText(columns.status_message, row, reader, this.statusMessage);
    this.attributes.endRow();
    columns.dropped_attributes_count.append(this.droppedAttributes);
    columns.dropped_events_count.append(this.droppedEvents);
    columns.dropped_links_count.append(this.droppedLinks);
  }

  private writeDuration(): void {
    const { end } = this;
    const { start } = this.identity;
    const { duration_ns, end_time_raw } = this.batches.spans.columns;
    if (start.isUsableTime && end.isUsableTime) {
      const low = (end.low >>> 0) - (start.low >>> 0);
      duration_ns.append(low, end.high - start.high - (low < 0 ? 1 : 0));
    } else {
      duration_ns.appendNull();
      end_time_raw.padTo(duration_ns.length - 1);
      end_time_raw.append(end.low, end.high);
    }
  }
}

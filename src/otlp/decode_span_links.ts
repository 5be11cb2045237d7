import type { spanLinks } from '../schema/tables/span_links.js';
import type { RowBatch } from '../tape/row_batch.js';
import { appendCount, appendHex, appendOptionalText } from './append.js';
import { AttributesDecoder } from './attributes.js';
import { Link, tagsOf } from './messages.js';
import { ByteRange, idBytes, type SpanIdentity } from './pending.js';
import type { ProtobufReader } from './protobuf_reader.js';

const LINK = tagsOf(Link);

/** Decodes links of spans; what they have of their span is filled in when it ends. */
export class SpanLinksDecoder {
  readonly attributes: AttributesDecoder;
  private readonly traceId = new ByteRange();
  private readonly spanId = new ByteRange();
  private readonly traceState = new ByteRange();

  constructor(private readonly batch: RowBatch<typeof spanLinks.columns>) {
    this.attributes = new AttributesDecoder(batch.columns.attributes, batch.columns.attribute_types);
  }

  /** Decodes the link that is the value of the reader's field. */
  append(reader: ProtobufReader): void {
    reader.size.addRow();
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

  /** Ends the span: its links get what they have of it. */
  endSpan(reader: ProtobufReader, span: SpanIdentity, received: bigint): void {
    const { columns } = this.batch;
    const { rowId, traceId, spanId, start } = span;
    reader.size.addShared(idBytes(span), columns.flags.length - columns.time.length);
    while (columns.time.length < columns.flags.length) {
      if (start.isUsableTime) columns.time.append(start.low, start.high);
      else columns.time.appendBigint(received);
      appendCount(columns.span_row_id, rowId);
      appendHex(columns.trace_id, reader, traceId);
      appendHex(columns.span_id, reader, spanId);
    }
  }
}

import { spanEvents } from '../schema/tables/span_events.js';
import type { RowBatch } from '../tape/row_batch.js';
import { appendCount, appendHex, appendText, appendTime } from './append.js';
import { AttributesDecoder } from './attributes.js';
import { Event, tagsOf } from './messages.js';
import { ByteRange, Halves, idBytes, type SpanIdentity } from './pending.js';
import type { ProtobufReader } from './protobuf_reader.js';
import { ownColumns } from './sender.js';

const EVENT = tagsOf(Event);

/** Decodes events of spans; what they have of their span is filled in when it ends. */
export class SpanEventsDecoder {
  readonly attributes: AttributesDecoder;
  private readonly time = new Halves();
  private readonly name = new ByteRange();

  constructor(private readonly batch: RowBatch<typeof spanEvents.columns>) {
    const { columns } = batch;
    this.attributes = new AttributesDecoder(
      columns.attributes,
      columns.attribute_types,
      ownColumns(spanEvents.columns),
      columns,
    );
  }

  /** Decodes the event that is the value of the reader's field. */
  append(reader: ProtobufReader, received: bigint): void {
    reader.size.addRow();
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

  /** Ends the span: its events get what they have of it. */
  endSpan(reader: ProtobufReader, span: SpanIdentity): void {
    const { columns, rows } = this.batch;
    reader.size.addShared(idBytes(span), rows - columns.span_row_id.length);
    while (columns.span_row_id.length < rows) {
      appendCount(columns.span_row_id, span.rowId);
      appendHex(columns.trace_id, reader, span.traceId);
      appendHex(columns.span_id, reader, span.spanId);
    }
  }
}

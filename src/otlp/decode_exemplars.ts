import type { exemplars } from '../schema/tables/exemplars.js';
import type { RowBatch } from '../tape/row_batch.js';
import { appendCount, appendOptionalHex, appendTime } from './append.js';
import { AttributesDecoder } from './attributes.js';
import { Exemplar, tagsOf } from './messages.js';
import { ByteRange, Halves, Measured } from './pending.js';
import type { ProtobufReader } from './protobuf_reader.js';

const EXEMPLAR = tagsOf(Exemplar);

export type ExemplarBatch = RowBatch<typeof exemplars.columns>;

/** Decodes exemplars of data points of one kind. */
export class ExemplarDecoder {
  private readonly attributes: AttributesDecoder;
  private readonly time = new Halves();
  private readonly value = new Measured();
  private readonly spanId = new ByteRange();
  private readonly traceId = new ByteRange();

  constructor(private readonly batch: ExemplarBatch) {
    const { filtered_attributes, filtered_attribute_types } = batch.columns;
    this.attributes = new AttributesDecoder(filtered_attributes, filtered_attribute_types);
  }

  /** Decodes the exemplar that is the value of the reader's field. */
  append(reader: ProtobufReader, received: bigint): void {
    reader.size.addRow();
    this.time.clear();
    this.value.clear();
    this.spanId.clear();
    this.traceId.clear();
    const outer = reader.enter();
    while (reader.nextField()) this.field(reader);
    reader.leave(outer);
    const { columns } = this.batch;
    appendTime(columns.time, columns.time_raw, this.time, received);
    this.value.append(columns.value, columns.value_int);
    appendOptionalHex(columns.trace_id, reader, this.traceId);
    appendOptionalHex(columns.span_id, reader, this.spanId);
    this.attributes.endRow();
  }

  /** Ends the data point: its exemplars get its number. */
  endPoint(rowId: number): void {
    const { columns, rows } = this.batch;
    while (columns.point_row_id.length < rows) appendCount(columns.point_row_id, rowId);
  }

  reset(): void {
    this.attributes.reset();
  }

  private field(reader: ProtobufReader): void {
    switch (reader.tag) {
      case EXEMPLAR.timeUnixNano:
        this.time.take(reader);
        break;
      case EXEMPLAR.asDouble:
        this.value.takeDouble(reader);
        break;
      case EXEMPLAR.asInt:
        this.value.takeInteger(reader);
        break;
      case EXEMPLAR.spanId:
        this.spanId.take(reader);
        break;
      case EXEMPLAR.traceId:
        this.traceId.take(reader);
        break;
      case EXEMPLAR.filteredAttributes:
        this.attributes.append(reader);
        break;
      default:
        reader.skip();
    }
  }
}

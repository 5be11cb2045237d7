import { logRecords } from '../schema/tables/log_records.js';
import type { RowBatch } from '../tape/row_batch.js';
import { AnyValueDecoder } from './any_value_decoder.js';
import { appendOptionalHex, appendOptionalText, appendOptionalTime, keepRaw, putRareText } from './append.js';
import { AttributesDecoder } from './attributes.js';
import { type Decoded, decodeWhole } from './decoded.js';
import { LogRecord, tagsOf } from './messages.js';
import { ByteRange, Halves } from './pending.js';
import type { ProtobufReader } from './protobuf_reader.js';
import { ownColumns, SenderDecoder } from './sender.js';

const LOG = tagsOf(LogRecord);

/** The tables that logs fill. */
export interface LogBatches {
  readonly logRecords: RowBatch<typeof logRecords.columns>;
}

/** Decodes ExportLogsServiceRequest messages into log records. */
export class LogsDecoder {
  private readonly sender: SenderDecoder;
  private readonly attributes: AttributesDecoder;
  private readonly body = new AnyValueDecoder();
  private received = 0n;

  private readonly time = new Halves();
  private readonly observedTime = new Halves();
  private readonly severityText = new ByteRange();
  private readonly eventName = new ByteRange();
  private readonly traceId = new ByteRange();
  private readonly spanId = new ByteRange();
  private hasBody = false;
  private severityNumber = 0;
  private flags = 0;
  private droppedAttributes = 0;

  constructor(private readonly batches: LogBatches) {
    this.sender = new SenderDecoder([batches.logRecords], (reader) => this.logRecord(reader));
    const { columns } = batches.logRecords;
    this.attributes = new AttributesDecoder(
      columns.attributes,
      columns.attribute_types,
      ownColumns(logRecords.columns),
      columns,
    );
  }

  /** Decodes one request that was received at that time (nanoseconds since the epoch), or throws DecodeError. */
  decode(request: Uint8Array, received: bigint): Decoded {
    const { logRecords } = this.batches;
    const before = logRecords.rows;
    this.received = received;
    const replacedTexts = decodeWhole('logs', request, [logRecords], this.sender, () =>
      this.attributes.reset(),
    );
    return { accepted: logRecords.rows - before, replacedTexts };
  }

  private logRecord(reader: ProtobufReader): void {
    reader.size.addRow();
    this.begin();
    const outer = reader.enter();
    while (reader.nextField()) this.field(reader);
    reader.leave(outer);
    this.write(reader);
  }

  private begin(): void {
    this.time.clear();
    this.observedTime.clear();
    this.severityText.clear();
    this.eventName.clear();
    this.traceId.clear();
    this.spanId.clear();
    this.body.begin();
    this.hasBody = false;
    this.severityNumber = 0;
    this.flags = 0;
    this.droppedAttributes = 0;
  }

  private field(reader: ProtobufReader): void {
    switch (reader.tag) {
      case LOG.timeUnixNano:
        this.time.take(reader);
        break;
      case LOG.severityNumber:
        this.severityNumber = reader.int32();
        break;
      case LOG.severityText:
        this.severityText.take(reader);
        break;
      case LOG.body:
        this.hasBody = true;
        this.body.merge(reader);
        break;
      case LOG.attributes:
        this.attributes.append(reader);
        break;
      case LOG.droppedAttributesCount:
        this.droppedAttributes = reader.uint32();
        break;
      case LOG.flags:
        this.flags = reader.fixed32();
        break;
      case LOG.traceId:
        this.traceId.take(reader);
        break;
      case LOG.spanId:
        this.spanId.take(reader);
        break;
      case LOG.observedTimeUnixNano:
        this.observedTime.take(reader);
        break;
      case LOG.eventName:
        this.eventName.take(reader);
        break;
      default:
        reader.skip();
    }
  }

  private write(reader: ProtobufReader): void {
    const { columns } = this.batches.logRecords;
    const row = columns.flags.length;
    this.writeTimes();
    columns.severity_number.append(this.severityNumber);
    appendOptionalText(columns.severity_text, reader, this.severityText);
    putRareText(columns.event_name, row, reader, this.eventName);
    if (this.hasBody) {
      this.body.appendTo(columns.body, reader);
      columns.body_type.appendString(this.body.letter);
    } else {
      columns.body.appendNull();
      columns.body_type.appendNull();
    }
    appendOptionalHex(columns.trace_id, reader, this.traceId);
    appendOptionalHex(columns.span_id, reader, this.spanId);
    columns.flags.append(this.flags);
    this.attributes.endRow();
    columns.dropped_attributes_count.append(this.droppedAttributes);
  }

  private writeTimes(): void {
    const { time, observedTime } = this;
    const { columns } = this.batches.logRecords;
    const best = time.isUsableTime ? time : observedTime;
    if (best.isUsableTime) columns.time.append(best.low, best.high);
    else columns.time.appendBigint(this.received);
    if (!time.isUsableTime) keepRaw(columns.time_raw, columns.time.length - 1, time);
    appendOptionalTime(columns.observed_time, columns.observed_time_raw, observedTime);
  }
}

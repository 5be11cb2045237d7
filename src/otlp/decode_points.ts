import type { metricPoints } from '../schema/tables/metric_points.js';
import type { point } from '../schema/tables/otlp_columns.js';
import type { summaryPoints } from '../schema/tables/summary_points.js';
import type { BatchColumns, RowBatch } from '../tape/row_batch.js';
import { appendCount, appendOptionalTime, appendTime } from './append.js';
import { AttributesDecoder } from './attributes.js';
import { type ExemplarBatch, ExemplarDecoder } from './decode_exemplars.js';
import type { RowIds } from './decoded.js';
import { NumberDataPoint, SummaryDataPoint, tagsOf, ValueAtQuantile } from './messages.js';
import { Halves, Measured } from './pending.js';
import type { ProtobufReader } from './protobuf_reader.js';

const NUMBER = tagsOf(NumberDataPoint);
const SUMMARY = tagsOf(SummaryDataPoint);
const QUANTILE = tagsOf(ValueAtQuantile);

/** Tags of the fields that data points of every kind have. */
interface CommonTags {
  readonly startTimeUnixNano: number;
  readonly timeUnixNano: number;
  readonly attributes: number;
  readonly flags: number;
  /** Summaries have none. */
  readonly exemplars?: number;
}

/** Decodes data points of one kind into its table. */
export abstract class PointDecoder {
  private readonly attributes: AttributesDecoder;
  private readonly exemplars: ExemplarDecoder;
  private readonly startTime = new Halves();
  private readonly time = new Halves();
  private flags = 0;

  constructor(
    private readonly tags: CommonTags,
    private readonly columns: BatchColumns<typeof point>,
    exemplars: ExemplarBatch,
    private readonly rowIds: RowIds,
  ) {
    this.attributes = new AttributesDecoder(columns.attributes, columns.attribute_types);
    this.exemplars = new ExemplarDecoder(exemplars);
  }

  /** Decodes the data point that is the value of the reader's field. */
  append(reader: ProtobufReader, received: bigint): void {
    reader.size.addRow();
    this.startTime.clear();
    this.time.clear();
    this.flags = 0;
    this.begin();
    const outer = reader.enter();
    while (reader.nextField()) this.field(reader, received);
    reader.leave(outer);
    this.write(received);
  }

  /** Forgets a point that was begun, after a request that failed. */
  reset(): void {
    this.attributes.reset();
    this.exemplars.reset();
  }

  /** Begins a point: every field of the kind is absent. */
  protected abstract begin(): void;
  /** Reads a field that only this kind has, or skips it. */
  protected abstract ownField(reader: ProtobufReader): void;
  /** Appends the columns that only this kind has. */
  protected abstract writeOwn(): void;

  private field(reader: ProtobufReader, received: bigint): void {
    const { tags } = this;
    switch (reader.tag) {
      case tags.attributes:
        this.attributes.append(reader);
        break;
      case tags.startTimeUnixNano:
        this.startTime.take(reader);
        break;
      case tags.timeUnixNano:
        this.time.take(reader);
        break;
      case tags.flags:
        this.flags = reader.uint32();
        break;
      case tags.exemplars:
        this.exemplars.append(reader, received);
        break;
      default:
        this.ownField(reader);
    }
  }

  private write(received: bigint): void {
    const { columns } = this;
    const rowId = this.rowIds.next++;
    appendTime(columns.time, columns.time_raw, this.time, received);
    appendCount(columns.row_id, rowId);
    appendOptionalTime(columns.start_time, columns.start_time_raw, this.startTime);
    columns.flags.append(this.flags);
    this.attributes.endRow();
    this.writeOwn();
    this.exemplars.endPoint(rowId);
  }
}

/** Decodes data points of gauges and sums. */
export class NumberPointDecoder extends PointDecoder {
  private readonly value = new Measured();

  constructor(
    private readonly batch: RowBatch<typeof metricPoints.columns>,
    exemplars: ExemplarBatch,
    rowIds: RowIds,
  ) {
    super(NUMBER, batch.columns, exemplars, rowIds);
  }

  protected begin(): void {
    this.value.clear();
  }

  protected ownField(reader: ProtobufReader): void {
    if (reader.tag === NUMBER.asDouble) this.value.takeDouble(reader);
    else if (reader.tag === NUMBER.asInt) this.value.takeInteger(reader);
    else reader.skip();
  }

  protected writeOwn(): void {
    this.value.append(this.batch.columns.value, this.batch.columns.value_int);
  }
}

/** Decodes data points of summaries. */
export class SummaryPointDecoder extends PointDecoder {
  private readonly count = new Halves();
  private sum = 0;

  constructor(
    private readonly batch: RowBatch<typeof summaryPoints.columns>,
    exemplars: ExemplarBatch,
    rowIds: RowIds,
  ) {
    super(SUMMARY, batch.columns, exemplars, rowIds);
  }

  protected begin(): void {
    this.count.clear();
    this.sum = 0;
  }

  protected ownField(reader: ProtobufReader): void {
    if (reader.tag === SUMMARY.count) this.count.take(reader);
    else if (reader.tag === SUMMARY.sum) this.sum = reader.double();
    else if (reader.tag === SUMMARY.quantileValues) this.quantile(reader);
    else reader.skip();
  }

  protected writeOwn(): void {
    const { columns } = this.batch;
    columns.count.append(this.count.low, this.count.high);
    columns.sum.append(this.sum);
    columns.quantiles.endRow();
    columns.quantile_values.endRow();
  }

  private quantile(reader: ProtobufReader): void {
    let quantile = 0;
    let value = 0;
    const outer = reader.enter();
    while (reader.nextField()) {
      if (reader.tag === QUANTILE.quantile) quantile = reader.double();
      else if (reader.tag === QUANTILE.value) value = reader.double();
      else reader.skip();
    }
    reader.leave(outer);
    const { quantiles, quantile_values } = this.batch.columns;
    quantiles.items.append(quantile);
    quantile_values.items.append(value);
  }
}

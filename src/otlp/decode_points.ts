import type { exponentialHistogramPoints } from '../schema/tables/exponential_histogram_points.js';
import type { histogramPoints } from '../schema/tables/histogram_points.js';
import type { metricPoints } from '../schema/tables/metric_points.js';
import type { point } from '../schema/tables/otlp_columns.js';
import type { summaryPoints } from '../schema/tables/summary_points.js';
import type { Float64Column, Int32Column } from '../tape/columns/fixed_width.js';
import type { Uint64ListColumn } from '../tape/columns/nested.js';
import type { BatchColumns, RowBatch } from '../tape/row_batch.js';
import { appendCount, appendOptionalTime, appendTime, Halves, Measured } from './append.js';
import { AttributesDecoder } from './attributes.js';
import { type ExemplarBatch, ExemplarDecoder } from './decode_exemplars.js';
import type { RowIds } from './decoded.js';
import {
  Buckets,
  ExponentialHistogramDataPoint,
  HistogramDataPoint,
  NumberDataPoint,
  SummaryDataPoint,
  tagsOf,
  unpackedTag,
  ValueAtQuantile,
} from './messages.js';
import type { ProtobufReader } from './protobuf_reader.js';

const NUMBER = tagsOf(NumberDataPoint);
const HISTOGRAM = tagsOf(HistogramDataPoint);
const EXPONENTIAL = tagsOf(ExponentialHistogramDataPoint);
const BUCKETS = tagsOf(Buckets);
const SUMMARY = tagsOf(SummaryDataPoint);
const QUANTILE = tagsOf(ValueAtQuantile);
const UNPACKED = {
  bucketCounts: unpackedTag(HistogramDataPoint.bucketCounts),
  explicitBounds: unpackedTag(HistogramDataPoint.explicitBounds),
  exponentialCounts: unpackedTag(Buckets.bucketCounts),
};

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
        return this.attributes.append(reader);
      case tags.startTimeUnixNano:
        return this.startTime.take(reader);
      case tags.timeUnixNano:
        return this.time.take(reader);
      case tags.flags:
        this.flags = reader.uint32();
        return;
      case tags.exemplars:
        return this.exemplars.append(reader, received);
      default:
        return this.ownField(reader);
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

/** What histograms of both kinds have: the number of values, their sum and extremes. */
class Totals {
  readonly count = new Halves();
  private sum: number | undefined;
  private min: number | undefined;
  private max: number | undefined;

  clear(): void {
    this.count.clear();
    this.sum = undefined;
    this.min = undefined;
    this.max = undefined;
  }

  /** Takes the field if it is one of these. */
  take(reader: ProtobufReader, tags: { count: number; sum: number; min: number; max: number }): boolean {
    if (reader.tag === tags.count) this.count.take(reader);
    else if (reader.tag === tags.sum) this.sum = reader.double();
    else if (reader.tag === tags.min) this.min = reader.double();
    else if (reader.tag === tags.max) this.max = reader.double();
    else return false;
    return true;
  }

  append({
    count,
    sum,
    min,
    max,
  }: BatchColumns<typeof histogramPoints.columns | typeof exponentialHistogramPoints.columns>): void {
    count.append(this.count.low, this.count.high);
    appendOptionalDouble(sum, this.sum);
    appendOptionalDouble(min, this.min);
    appendOptionalDouble(max, this.max);
  }
}

function appendOptionalDouble(column: Float64Column, value: number | undefined): void {
  if (value === undefined) column.appendNull();
  else column.append(value);
}

/** Decodes data points of histograms with explicit bounds. */
export class HistogramPointDecoder extends PointDecoder {
  private readonly totals = new Totals();

  constructor(
    private readonly batch: RowBatch<typeof histogramPoints.columns>,
    exemplars: ExemplarBatch,
    rowIds: RowIds,
  ) {
    super(HISTOGRAM, batch.columns, exemplars, rowIds);
  }

  protected begin(): void {
    this.totals.clear();
  }

  protected ownField(reader: ProtobufReader): void {
    if (this.totals.take(reader, HISTOGRAM)) return;
    const { bucket_counts, explicit_bounds } = this.batch.columns;
    switch (reader.tag) {
      case HISTOGRAM.bucketCounts:
        return packed(reader, () => appendFixed64(bucket_counts, reader));
      case UNPACKED.bucketCounts:
        return appendFixed64(bucket_counts, reader);
      case HISTOGRAM.explicitBounds:
        return packed(reader, () => explicit_bounds.items.append(reader.double()));
      case UNPACKED.explicitBounds:
        return explicit_bounds.items.append(reader.double());
      default:
        return reader.skip();
    }
  }

  protected writeOwn(): void {
    const { columns } = this.batch;
    this.totals.append(columns);
    columns.bucket_counts.endRow();
    columns.explicit_bounds.endRow();
  }
}

function packed(reader: ProtobufReader, each: () => void): void {
  const outer = reader.enter();
  while (reader.more()) each();
  reader.leave(outer);
}

function appendFixed64(list: Uint64ListColumn, reader: ProtobufReader): void {
  reader.fixed64();
  list.items.append(reader.low, reader.high);
}

function appendVarint(list: Uint64ListColumn, reader: ProtobufReader): void {
  reader.varint();
  list.items.append(reader.low, reader.high);
}

/** Decodes data points of exponential histograms. */
export class ExponentialHistogramPointDecoder extends PointDecoder {
  private readonly totals = new Totals();
  private readonly zeroCount = new Halves();
  private readonly positive: BucketsDecoder;
  private readonly negative: BucketsDecoder;
  private scale = 0;
  private zeroThreshold = 0;

  constructor(
    private readonly batch: RowBatch<typeof exponentialHistogramPoints.columns>,
    exemplars: ExemplarBatch,
    rowIds: RowIds,
  ) {
    super(EXPONENTIAL, batch.columns, exemplars, rowIds);
    const { columns } = batch;
    this.positive = new BucketsDecoder(columns.positive_offset, columns.positive_bucket_counts);
    this.negative = new BucketsDecoder(columns.negative_offset, columns.negative_bucket_counts);
  }

  protected begin(): void {
    this.totals.clear();
    this.zeroCount.clear();
    this.positive.begin();
    this.negative.begin();
    this.scale = 0;
    this.zeroThreshold = 0;
  }

  protected ownField(reader: ProtobufReader): void {
    if (this.totals.take(reader, EXPONENTIAL)) return;
    switch (reader.tag) {
      case EXPONENTIAL.scale:
        this.scale = reader.sint32();
        return;
      case EXPONENTIAL.zeroCount:
        return this.zeroCount.take(reader);
      case EXPONENTIAL.positive:
        return this.positive.merge(reader);
      case EXPONENTIAL.negative:
        return this.negative.merge(reader);
      case EXPONENTIAL.zeroThreshold:
        this.zeroThreshold = reader.double();
        return;
      default:
        return reader.skip();
    }
  }

  protected writeOwn(): void {
    const { columns } = this.batch;
    this.totals.append(columns);
    columns.scale.append(this.scale);
    columns.zero_count.append(this.zeroCount.low, this.zeroCount.high);
    columns.zero_threshold.append(this.zeroThreshold);
    this.positive.endRow();
    this.negative.endRow();
  }
}

/** Decodes the buckets on one side of zero. */
class BucketsDecoder {
  private present = false;
  private offset = 0;

  constructor(
    private readonly offsets: Int32Column,
    private readonly counts: Uint64ListColumn,
  ) {}

  begin(): void {
    this.present = false;
    this.offset = 0;
  }

  /** Reads a Buckets message; one that is given twice merges. */
  merge(reader: ProtobufReader): void {
    this.present = true;
    const outer = reader.enter();
    while (reader.nextField()) {
      if (reader.tag === BUCKETS.offset) this.offset = reader.sint32();
      else if (reader.tag === BUCKETS.bucketCounts) packed(reader, () => appendVarint(this.counts, reader));
      else if (reader.tag === UNPACKED.exponentialCounts) appendVarint(this.counts, reader);
      else reader.skip();
    }
    reader.leave(outer);
  }

  endRow(): void {
    if (this.present) this.offsets.append(this.offset);
    else this.offsets.appendNull();
    this.counts.endRow();
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

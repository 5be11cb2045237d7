import type { exponentialHistogramPoints } from '../schema/tables/exponential_histogram_points.js';
import type { histogramPoints } from '../schema/tables/histogram_points.js';
import type { Float64Column, Int32Column } from '../tape/columns/fixed_width.js';
import type { Uint64ListColumn } from '../tape/columns/nested.js';
import type { BatchColumns, RowBatch } from '../tape/row_batch.js';
import type { ExemplarBatch } from './decode_exemplars.js';
import { PointDecoder } from './decode_points.js';
import type { RowIds } from './decoded.js';
import {
  Buckets,
  ExponentialHistogramDataPoint,
  HistogramDataPoint,
  tagsOf,
  unpackedTag,
} from './messages.js';
import { Halves } from './pending.js';
import type { ProtobufReader } from './protobuf_reader.js';

const HISTOGRAM = tagsOf(HistogramDataPoint);
const EXPONENTIAL = tagsOf(ExponentialHistogramDataPoint);
const BUCKETS = tagsOf(Buckets);
const UNPACKED = {
  bucketCounts: unpackedTag(HistogramDataPoint.bucketCounts),
  explicitBounds: unpackedTag(HistogramDataPoint.explicitBounds),
  exponentialCounts: unpackedTag(Buckets.bucketCounts),
};

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
        packed(reader, () => appendFixed64(bucket_counts, reader));
        break;
      case UNPACKED.bucketCounts:
        reader.size.addEntry();
        appendFixed64(bucket_counts, reader);
        break;
      case HISTOGRAM.explicitBounds:
        packed(reader, () => explicit_bounds.items.append(reader.double()));
        break;
      case UNPACKED.explicitBounds:
        reader.size.addEntry();
        explicit_bounds.items.append(reader.double());
        break;
      default:
        reader.skip();
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
  while (reader.more()) {
    reader.size.addEntry();
    each();
  }
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
        break;
      case EXPONENTIAL.zeroCount:
        this.zeroCount.take(reader);
        break;
      case EXPONENTIAL.positive:
        this.positive.merge(reader);
        break;
      case EXPONENTIAL.negative:
        this.negative.merge(reader);
        break;
      case EXPONENTIAL.zeroThreshold:
        this.zeroThreshold = reader.double();
        break;
      default:
        reader.skip();
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
      else if (reader.tag === UNPACKED.exponentialCounts) {
        reader.size.addEntry();
        appendVarint(this.counts, reader);
      } else reader.skip();
    }
    reader.leave(outer);
  }

  endRow(): void {
    if (this.present) this.offsets.append(this.offset);
    else this.offsets.appendNull();
    this.counts.endRow();
  }
}

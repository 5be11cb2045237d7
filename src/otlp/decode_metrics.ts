import type { exemplars } from '../schema/tables/exemplars.js';
import type { exponentialHistogramPoints } from '../schema/tables/exponential_histogram_points.js';
import type { histogramPoints } from '../schema/tables/histogram_points.js';
import { metricPoints } from '../schema/tables/metric_points.js';
import { metric, temporality } from '../schema/tables/otlp_columns.js';
import type { summaryPoints } from '../schema/tables/summary_points.js';
import type { RowBatch } from '../tape/row_batch.js';
import { appendOptionalText, appendText, NameAppender } from './append.js';
import { AttributesDecoder } from './attributes.js';
import { ExponentialHistogramPointDecoder, HistogramPointDecoder } from './decode_histograms.js';
import { NumberPointDecoder, type PointDecoder, SummaryPointDecoder } from './decode_points.js';
import { type Decoded, decodeWhole, type RowIds } from './decoded.js';
import {
  AggregationTemporality,
  ExponentialHistogram,
  Gauge,
  Histogram,
  type Message,
  Metric,
  Sum,
  Summary,
  tagsOf,
} from './messages.js';
import { ByteRange } from './pending.js';
import type { ProtobufReader } from './protobuf_reader.js';
import { readNested } from './protobuf_to_json.js';
import { SenderDecoder } from './sender.js';
import { SharedColumns } from './shared_columns.js';

const METRIC = tagsOf(Metric);
// All five kinds have their fields alike: data points 1, temporality 2, monotonic 3, as far as they have them.
const DATA = tagsOf(Sum);

/** The tables that metrics fill. */
export interface MetricBatches {
  readonly metricPoints: RowBatch<typeof metricPoints.columns>;
  readonly histogramPoints: RowBatch<typeof histogramPoints.columns>;
  readonly exponentialHistogramPoints: RowBatch<typeof exponentialHistogramPoints.columns>;
  readonly summaryPoints: RowBatch<typeof summaryPoints.columns>;
  readonly exemplars: RowBatch<typeof exemplars.columns>;
}

/** What all data points of a metric share. */
const metricColumns = {
  ...metric,
  metric_type: metricPoints.columns.metric_type,
  is_monotonic: metricPoints.columns.is_monotonic,
  aggregation_temporality: temporality,
};

/** Decodes ExportMetricsServiceRequest messages into data points of all kinds and their exemplars. */
export class MetricsDecoder {
  private readonly all: readonly RowBatch[];
  private readonly points: readonly RowBatch[];
  private readonly sender: SenderDecoder;
  private readonly shared: SharedColumns<typeof metricColumns>;
  private readonly metadata: AttributesDecoder;
  private readonly temporalities: NameAppender;
  private readonly kinds: ReadonlyMap<number, { points: PointDecoder; message: Message }>;
  private received = 0n;

  private readonly name = new ByteRange();
  private readonly description = new ByteRange();
  private readonly unit = new ByteRange();
  /** Tag of the field of the oneof `data` that the metric has; 0 for none. */
  private dataTag = 0;
  private temporality = 0;
  private isMonotonic = false;

  constructor(batches: MetricBatches, rowIds: RowIds) {
    this.points = [
      batches.metricPoints,
      batches.histogramPoints,
      batches.exponentialHistogramPoints,
      batches.summaryPoints,
    ];
    this.all = [...this.points, batches.exemplars];
    this.sender = new SenderDecoder(this.all, (reader) => this.metric(reader));
    this.shared = new SharedColumns(metricColumns, this.all);
    const { row } = this.shared;
    this.metadata = new AttributesDecoder(row.metric_metadata, row.metric_metadata_types);
    this.temporalities = new NameAppender(row.aggregation_temporality, AggregationTemporality);
    const { exemplars } = batches;
    const numbers = new NumberPointDecoder(batches.metricPoints, exemplars, rowIds);
    const histograms = new HistogramPointDecoder(batches.histogramPoints, exemplars, rowIds);
    const exponential = new ExponentialHistogramPointDecoder(
      batches.exponentialHistogramPoints,
      exemplars,
      rowIds,
    );
    this.kinds = new Map([
      [METRIC.gauge, { points: numbers, message: Gauge }],
      [METRIC.sum, { points: numbers, message: Sum }],
      [METRIC.histogram, { points: histograms, message: Histogram }],
      [METRIC.exponentialHistogram, { points: exponential, message: ExponentialHistogram }],
      [
        METRIC.summary,
        { points: new SummaryPointDecoder(batches.summaryPoints, exemplars, rowIds), message: Summary },
      ],
    ]);
  }

  /** Decodes one request that was received at that time (nanoseconds since the epoch), or throws DecodeError. */
  decode(request: Uint8Array, received: bigint): Decoded {
    const points = () => this.points.reduce((sum, { rows }) => sum + rows, 0);
    const before = points();
    this.received = received;
    const replacedTexts = decodeWhole('metrics', request, this.all, this.sender, () => {
      this.shared.clear();
      this.metadata.reset();
      for (const { points } of this.kinds.values()) points.reset();
    });
    return { accepted: points() - before, replacedTexts };
  }

  private metric(reader: ProtobufReader): void {
    reader.size.addGroup();
    this.name.clear();
    this.description.clear();
    this.unit.clear();
    this.dataTag = 0;
    this.temporality = 0;
    this.isMonotonic = false;
    const outer = reader.enter();
    let overruled = this.overruledData(reader);
    while (reader.nextField()) {
      const kind = this.kinds.get(reader.tag);
      if (kind === undefined) this.field(reader);
      else if (overruled-- > 0) readNested(reader, kind.message);
      else this.data(reader, kind.points);
    }
    reader.leave(outer);
    this.write(reader);
  }

  /**
   * How many of the metric's fields of data a later one of another kind overrules, since only one kind can be set.
   * They are read, because they may be malformed, and make no rows.
   */
  private overruledData(reader: ProtobufReader): number {
    const start = reader.mark();
    let overruled = 0;
    let seen = 0;
    let last = 0;
    while (reader.nextField()) {
      if (this.kinds.has(reader.tag)) {
        if (reader.tag !== last) overruled = seen;
        last = reader.tag;
        seen++;
      }
      reader.skip();
    }
    reader.rewind(start);
    return overruled;
  }

  private field(reader: ProtobufReader): void {
    switch (reader.tag) {
      case METRIC.name:
        this.name.take(reader);
        break;
      case METRIC.description:
        this.description.take(reader);
        break;
      case METRIC.unit:
        this.unit.take(reader);
        break;
      case METRIC.metadata:
        this.metadata.append(reader);
        break;
      default:
        reader.skip();
    }
  }

  private data(reader: ProtobufReader, points: PointDecoder): void {
    this.dataTag = reader.tag;
    const outer = reader.enter();
    while (reader.nextField()) {
      if (reader.tag === DATA.dataPoints) points.append(reader, this.received);
      else if (reader.tag === DATA.aggregationTemporality && hasTemporality(this.dataTag)) {
        this.temporality = reader.int32();
      } else if (reader.tag === DATA.isMonotonic && this.dataTag === METRIC.sum)
        this.isMonotonic = reader.bool();
      else reader.skip();
    }
    reader.leave(outer);
  }

  private write(reader: ProtobufReader): void {
    const { row } = this.shared;
    appendText(row.metric_name, reader, this.name);
    appendOptionalText(row.metric_description, reader, this.description);
    appendOptionalText(row.metric_unit, reader, this.unit);
    this.metadata.endRow();
    row.metric_type.appendString(this.dataTag === METRIC.sum ? 'sum' : 'gauge');
    if (this.dataTag === METRIC.sum) row.is_monotonic.append(this.isMonotonic);
    else row.is_monotonic.appendNull();
    if (hasTemporality(this.dataTag)) this.temporalities.append(this.temporality);
    else row.aggregation_temporality.appendNull();
    this.shared.fill(reader);
  }
}

function hasTemporality(dataTag: number): boolean {
  return dataTag === METRIC.sum || dataTag === METRIC.histogram || dataTag === METRIC.exponentialHistogram;
}

import type { Table } from '../schema/table.js';
import { exemplars } from '../schema/tables/exemplars.js';
import { exponentialHistogramPoints } from '../schema/tables/exponential_histogram_points.js';
import { histogramPoints } from '../schema/tables/histogram_points.js';
import { logRecords } from '../schema/tables/log_records.js';
import { metricPoints } from '../schema/tables/metric_points.js';
import { spanEvents } from '../schema/tables/span_events.js';
import { spanLinks } from '../schema/tables/span_links.js';
import { spans } from '../schema/tables/spans.js';
import { summaryPoints } from '../schema/tables/summary_points.js';
import type { OpenBatches } from '../tape/open_batches.js';
import type { RowBatch } from '../tape/row_batch.js';
import { LogsDecoder } from './decode_logs.js';
import { MetricsDecoder } from './decode_metrics.js';
import { TracesDecoder } from './decode_traces.js';
import type { Decoded, RowIds } from './decoded.js';
import type { Signal } from './signal.js';

interface Decoder {
  decode(request: Uint8Array, received: bigint): Decoded;
}

/** A decoder and the batches that it fills. */
interface Made {
  readonly into: readonly RowBatch[];
  readonly decoder: Decoder;
}

/** Decodes requests of every signal into the batches that are open: into others when those have been taken. */
export class RequestDecoder {
  /** Those of the signals that came since batches were taken. */
  private decoders: Partial<Record<Signal, Decoder>> = {};
  private generation: number | undefined;
  /** Those made before, by the batch of their signal's first table: they last as long as it is used again. */
  private readonly made = new WeakMap<RowBatch, Made>();

  constructor(
    private readonly batches: OpenBatches,
    private readonly rowIds: RowIds,
  ) {}

  /**
   * Decodes an Export…ServiceRequest that was received at that time (nanoseconds since the epoch). All of it becomes
   * rows, or none and a DecodeError says where in its bytes it is wrong.
   */
  decode(signal: Signal, request: Uint8Array, received: bigint): Decoded {
    const { generation } = this.batches;
    if (this.generation !== generation) this.decoders = {};
    this.generation = generation;
    const decoder = this.decoders[signal] ?? this.decoderOf(signal);
    this.decoders[signal] = decoder;
    return decoder.decode(request, received);
  }

  /** A decoder into the open batches: the one made for them before, whose memory serves again, or a new one. */
  private decoderOf(signal: Signal): Decoder {
    const [first, ...others] = TABLES[signal];
    const key = this.batches.of(first);
    const into = [key, ...others.map((table) => this.batches.of(table))];
    const before = this.made.get(key);
    if (before?.into.every((batch, i) => batch === into[i])) return before.decoder;
    const decoder = NEW_DECODER[signal](this.batches, this.rowIds);
    this.made.set(key, { into, decoder });
    return decoder;
  }
}

const TABLES: Record<Signal, readonly [Table, ...Table[]]> = {
  traces: [spans, spanEvents, spanLinks],
  metrics: [metricPoints, histogramPoints, exponentialHistogramPoints, summaryPoints, exemplars],
  logs: [logRecords],
};

const NEW_DECODER: Record<Signal, (batches: OpenBatches, rowIds: RowIds) => Decoder> = {
  traces: (batches, rowIds) => {
    const into = {
      spans: batches.of(spans),
      spanEvents: batches.of(spanEvents),
      spanLinks: batches.of(spanLinks),
    };
    return new TracesDecoder(into, rowIds);
  },
  metrics: (batches, rowIds) => {
    const into = {
      metricPoints: batches.of(metricPoints),
      histogramPoints: batches.of(histogramPoints),
      exponentialHistogramPoints: batches.of(exponentialHistogramPoints),
      summaryPoints: batches.of(summaryPoints),
      exemplars: batches.of(exemplars),
    };
    return new MetricsDecoder(into, rowIds);
  },
  logs: (batches) => new LogsDecoder({ logRecords: batches.of(logRecords) }),
};

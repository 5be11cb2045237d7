import type { Columns, Table } from '../schema/table.js';
import { exemplars } from '../schema/tables/exemplars.js';
import { exponentialHistogramPoints } from '../schema/tables/exponential_histogram_points.js';
import { histogramPoints } from '../schema/tables/histogram_points.js';
import { logRecords } from '../schema/tables/log_records.js';
import { metricPoints } from '../schema/tables/metric_points.js';
import { spanEvents } from '../schema/tables/span_events.js';
import { spanLinks } from '../schema/tables/span_links.js';
import { spans } from '../schema/tables/spans.js';
import { summaryPoints } from '../schema/tables/summary_points.js';
import type { RowBatch } from '../tape/row_batch.js';
import { LogsDecoder } from './decode_logs.js';
import { MetricsDecoder } from './decode_metrics.js';
import { TracesDecoder } from './decode_traces.js';
import type { Decoded, RowIds } from './decoded.js';
import type { Signal } from './signal.js';

/** Decodes requests of every signal into the batches of their tables. */
export class RequestDecoder {
  private readonly decoders: Record<Signal, { decode(request: Uint8Array, received: bigint): Decoded }>;

  /** `batchOf` gives the batch that rows of a table go to: always that one, so make a new decoder for new batches. */
  constructor(batchOf: <C extends Columns>(table: Table<C>) => RowBatch<C>, rowIds: RowIds) {
    const traces = {
      spans: batchOf(spans),
      spanEvents: batchOf(spanEvents),
      spanLinks: batchOf(spanLinks),
    };
    const metrics = {
      metricPoints: batchOf(metricPoints),
      histogramPoints: batchOf(histogramPoints),
      exponentialHistogramPoints: batchOf(exponentialHistogramPoints),
      summaryPoints: batchOf(summaryPoints),
      exemplars: batchOf(exemplars),
    };
    this.decoders = {
      traces: new TracesDecoder(traces, rowIds),
      metrics: new MetricsDecoder(metrics, rowIds),
      logs: new LogsDecoder({ logRecords: batchOf(logRecords) }),
    };
  }

  /**
   * Decodes an Export…ServiceRequest that was received at that time (nanoseconds since the epoch). All of it becomes
   * rows, or none and a DecodeError says where in its bytes it is wrong.
   */
  decode(signal: Signal, request: Uint8Array, received: bigint): Decoded {
    return this.decoders[signal].decode(request, received);
  }
}

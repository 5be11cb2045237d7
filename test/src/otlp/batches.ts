import { LogsDecoder } from '../../../src/otlp/decode_logs.js';
import { MetricsDecoder } from '../../../src/otlp/decode_metrics.js';
import { TracesDecoder } from '../../../src/otlp/decode_traces.js';
import type { Decoded } from '../../../src/otlp/decoded.js';
import type { Signal } from '../../../src/otlp/signal.js';
import { exemplars } from '../../../src/schema/tables/exemplars.js';
import { exponentialHistogramPoints } from '../../../src/schema/tables/exponential_histogram_points.js';
import { histogramPoints } from '../../../src/schema/tables/histogram_points.js';
import { logRecords } from '../../../src/schema/tables/log_records.js';
import { metricPoints } from '../../../src/schema/tables/metric_points.js';
import { spanEvents } from '../../../src/schema/tables/span_events.js';
import { spanLinks } from '../../../src/schema/tables/span_links.js';
import { spans } from '../../../src/schema/tables/spans.js';
import { summaryPoints } from '../../../src/schema/tables/summary_points.js';
import type { Cell } from '../../../src/tape/columns/column.js';
import { RowBatch } from '../../../src/tape/row_batch.js';

/** When the tests receive everything: what stands for a time that was not sent. */
export const RECEIVED = 1_760_000_000_000_000_000n;

export type Row = Readonly<Record<string, Cell>>;

/** Empty tables of all signals, and a decoder for each that fills them. */
export function newTables() {
  const tables = {
    spans: new RowBatch(spans, 'node-a'),
    spanEvents: new RowBatch(spanEvents, 'node-a'),
    spanLinks: new RowBatch(spanLinks, 'node-a'),
    logRecords: new RowBatch(logRecords, 'node-a'),
    metricPoints: new RowBatch(metricPoints, 'node-a'),
    histogramPoints: new RowBatch(histogramPoints, 'node-a'),
    exponentialHistogramPoints: new RowBatch(exponentialHistogramPoints, 'node-a'),
    summaryPoints: new RowBatch(summaryPoints, 'node-a'),
    exemplars: new RowBatch(exemplars, 'node-a'),
  };
  const rowIds = { next: 1 };
  const decoders = {
    traces: new TracesDecoder(tables, rowIds),
    metrics: new MetricsDecoder(tables, rowIds),
    logs: new LogsDecoder(tables),
  };
  const decode = (signal: Signal, request: Uint8Array): Decoded => decoders[signal].decode(request, RECEIVED);
  return { tables, decode };
}

export type Tables = ReturnType<typeof newTables>['tables'];

/** All rows of a batch, every column but `node`, in the order in which they were appended. */
export function rowsOf(batch: RowBatch): Row[] {
  return Array.from({ length: batch.rows }, (_, row) => batch.row(row));
}

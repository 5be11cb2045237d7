import { join } from 'node:path';
import parquet, { type FieldDefinition, type ParquetWriter } from 'parquetjs-lite';
import { doubleText, LETTERS } from '../../src/otlp/any_value.js';
import { AggregationTemporality, type Enumeration, SpanKind, StatusCode } from '../../src/otlp/messages.js';
import type { Signal } from '../../src/otlp/signal.js';
import type { Physical } from '../../src/schema/semantic_type.js';
import type { Columns, Table } from '../../src/schema/table.js';
import { histogramPoints } from '../../src/schema/tables/histogram_points.js';
import { logRecords } from '../../src/schema/tables/log_records.js';
import { metricPoints } from '../../src/schema/tables/metric_points.js';
import { sender } from '../../src/schema/tables/otlp_columns.js';
import { spans } from '../../src/schema/tables/spans.js';
import { referenceRequest } from '../src/otlp/reference.js';

/*
 * The same work as one would do it with libraries: protobufjs makes objects of a request, a row object is made of each
 * record, and parquetjs-lite writes the rows. It writes no ZSTD: its pages are not compressed, which costs it least.
 */

/** A message as protobufjs decodes it; 64-bit integers are objects that turn into numbers. */
// biome-ignore lint/suspicious/noExplicitAny: the shape is protobufjs's, whose generated types are not exported
type Message = any;
type Row = Record<string, unknown>;

const TEXT: FieldDefinition = { type: 'UTF8' };
const FIELDS: Record<Physical, FieldDefinition> = {
  timestamp: { type: 'INT64' },
  int64: { type: 'INT64' },
  uint64: { type: 'INT64' },
  int32: { type: 'INT32' },
  uint32: { type: 'INT64' },
  float64: { type: 'DOUBLE' },
  bool: { type: 'BOOLEAN' },
  text: TEXT,
  attributes: { repeated: true, fields: { key: TEXT, value: { ...TEXT, optional: true } } },
  uint64_list: { repeated: true, type: 'INT64' },
  float64_list: { repeated: true, type: 'DOUBLE' },
  text_list: { repeated: true, ...TEXT },
};

const TABLES: Record<Signal, readonly Table<Columns>[]> = {
  traces: [spans],
  logs: [logRecords],
  metrics: [metricPoints, histogramPoints],
};

/** Writes the requests into a directory as files of rows; returns how many rows. */
export async function writeByLibraries(
  signal: Signal,
  requests: readonly Uint8Array[],
  directory: string,
): Promise<number> {
  const writers = new Map<Table<Columns>, ParquetWriter>();
  for (const table of TABLES[signal]) writers.set(table, await openWriter(table, directory));
  let rows = 0;
  for (const request of requests) {
    for (const { table, row } of rowsOf(referenceRequest(signal).decode(request))) {
      row.row_id = ++rows;
      await writers.get(table)?.appendRow(row);
    }
  }
  for (const writer of writers.values()) await writer.close();
  return rows;
}

/** A writer of a table's rows to a file in the directory. */
export function openWriter({ name, columns }: Table<Columns>, directory: string): Promise<ParquetWriter> {
  const fields = Object.entries(columns).map(([column, { type, nullable }]) => [
    column,
    { ...FIELDS[type.physical], ...(nullable ? { optional: true } : {}) },
  ]);
  const schema = new parquet.ParquetSchema(Object.fromEntries(fields));
  return parquet.ParquetWriter.openFile(schema, join(directory, `${name}.parquet`));
}

interface TableRow {
  readonly table: Table<Columns>;
  readonly row: Row;
}

function* rowsOf(request: Message): Generator<TableRow> {
  for (const group of request.resourceSpans ?? request.resourceLogs ?? request.resourceMetrics) {
    const resource = resourceRow(group);
    for (const inner of group.scopeSpans ?? group.scopeLogs ?? group.scopeMetrics) {
      const shared = { ...resource, ...scopeRow(inner), node: 'node-a' };
      for (const record of inner.spans ?? []) yield { table: spans, row: { ...shared, ...spanRow(record) } };
      for (const record of inner.logRecords ?? [])
        yield { table: logRecords, row: { ...shared, ...logRow(record) } };
      for (const metric of inner.metrics ?? []) yield* pointRows(metric, shared);
    }
  }
}

function resourceRow({ resource, schemaUrl }: Message): Row {
  return {
    ...promoted(sender, resource.attributes),
    resource_attributes: pairs(resource.attributes),
    resource_attribute_types: letters(resource.attributes),
    resource_dropped_attributes_count: resource.droppedAttributesCount ?? 0,
    resource_schema_url: schemaUrl || undefined,
  };
}

function scopeRow({ scope, schemaUrl }: Message): Row {
  return {
    scope_name: scope.name || undefined,
    scope_version: scope.version || undefined,
    scope_attributes: pairs(scope.attributes),
    scope_attribute_types: letters(scope.attributes),
    scope_dropped_attributes_count: scope.droppedAttributesCount ?? 0,
    scope_schema_url: schemaUrl || undefined,
  };
}

function ownRow(columns: Columns, record: Message): Row {
  return {
    ...promoted(columns, record.attributes),
    attributes: pairs(record.attributes),
    attribute_types: letters(record.attributes),
    dropped_attributes_count: record.droppedAttributesCount ?? 0,
  };
}

function spanRow(span: Message): Row {
  const start = Number(span.startTimeUnixNano);
  return {
    ...ownRow(spans.columns, span),
    time: start,
    trace_id: hex(span.traceId),
    span_id: hex(span.spanId),
    parent_span_id: hex(span.parentSpanId) || undefined,
    trace_state: span.traceState || undefined,
    flags: span.flags ?? 0,
    name: span.name,
    kind: name(SpanKind, span.kind),
    duration_ns: Number(span.endTimeUnixNano) - start,
    status_code: name(StatusCode, span.status?.code ?? 0),
    status_message: span.status?.message || undefined,
    dropped_events_count: span.droppedEventsCount ?? 0,
    dropped_links_count: span.droppedLinksCount ?? 0,
  };
}

function logRow(log: Message): Row {
  return {
    ...ownRow(logRecords.columns, log),
    time: Number(log.timeUnixNano),
    observed_time: Number(log.observedTimeUnixNano),
    severity_number: log.severityNumber ?? 0,
    severity_text: log.severityText || undefined,
    event_name: log.eventName || undefined,
    body: text(log.body),
    body_type: letter(log.body),
    trace_id: hex(log.traceId) || undefined,
    span_id: hex(log.spanId) || undefined,
    flags: log.flags ?? 0,
  };
}

function* pointRows(metric: Message, shared: Row): Generator<TableRow> {
  const data = metric.sum ?? metric.gauge ?? metric.histogram;
  const common = {
    ...shared,
    metric_name: metric.name,
    metric_description: metric.description || undefined,
    metric_unit: metric.unit || undefined,
    metric_metadata: pairs(metric.metadata),
    metric_metadata_types: letters(metric.metadata),
    metric_type: metric.sum ? 'sum' : 'gauge',
    is_monotonic: metric.sum?.isMonotonic,
    aggregation_temporality: metric.gauge
      ? undefined
      : name(AggregationTemporality, data.aggregationTemporality),
  };
  for (const point of data.dataPoints) {
    const row = {
      ...common,
      ...ownRow({}, point),
      time: Number(point.timeUnixNano),
      start_time: Number(point.startTimeUnixNano),
      flags: point.flags ?? 0,
    };
    if (metric.histogram === null || metric.histogram === undefined) {
      const integer = point.asInt === null ? undefined : Number(point.asInt);
      yield { table: metricPoints, row: { ...row, value: integer ?? point.asDouble, value_int: integer } };
    } else {
      const { count, sum, bucketCounts, explicitBounds } = point;
      const totals = {
        count: Number(count),
        sum,
        bucket_counts: bucketCounts.map(Number),
        explicit_bounds: explicitBounds,
      };
      yield { table: histogramPoints, row: { ...row, ...totals } };
    }
  }
}

function promoted(columns: Columns, attributes: Message): Row {
  const values = new Map<string, Message>(attributes.map(({ key, value }: Message) => [key, value]));
  const row: Row = {};
  for (const [column, { from, type }] of Object.entries(columns)) {
    const key = from.find((key) => values.has(key));
    if (key === undefined) continue;
    const value = text(values.get(key));
    row[column] = type.physical === 'int32' ? Number(value) : value;
  }
  return row;
}

const pairs = (attributes: Message) =>
  (attributes ?? []).map(({ key, value }: Message) => ({ key, value: text(value) }));
const letters = (attributes: Message) =>
  (attributes ?? []).map(({ value }: Message) => letter(value) ?? '-').join('');

/** Kinds of the values that the benchmarks send. */
const KINDS = ['stringValue', 'intValue', 'boolValue', 'doubleValue'] as const;

function letter(value: Message): string | undefined {
  const kind = KINDS.find((kind) => value?.[kind] !== null && value?.[kind] !== undefined);
  return kind && LETTERS[kind];
}

function text(value: Message): string | undefined {
  if (value?.stringValue !== null && value?.stringValue !== undefined) return value.stringValue;
  if (value?.intValue !== null && value?.intValue !== undefined) return String(value.intValue);
  return value?.doubleValue === null ? String(value.boolValue) : doubleText(value?.doubleValue);
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const name = ({ names }: Enumeration, value: number) => names[value] ?? String(value);

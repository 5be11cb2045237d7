import { LosslessNumber } from 'lossless-json';
import { DecodeError } from '../../errors.js';
import { type AnyValue, anyValue } from '../../otlp/any_value.js';
import { AggregationTemporality, type Enumeration, SpanKind, StatusCode } from '../../otlp/messages.js';
import type { Cell } from '../../tape/columns/column.js';

/** A row of a table: its values by column. */
export type Row = Readonly<Record<string, Cell>>;

/** A message, or what is a part of one, as OTLP/JSON writes it. */
export type Json = Readonly<Record<string, unknown>>;

/** Rows that belong to others, such as the events of spans, by the id of the row that they belong to. */
export type Belonging = ReadonlyMap<Cell | undefined, readonly Row[]>;

/** The span of a row, with its events and links. */
export function spanOf(row: Row, events: Belonging, links: Belonging): Json {
  return {
    traceId: row.trace_id,
    spanId: row.span_id,
    ...text('parentSpanId', row.parent_span_id),
    ...text('traceState', row.trace_state),
    ...number('flags', row.flags),
    name: row.name,
    kind: enumerated(SpanKind, row.kind),
    startTimeUnixNano: time(row, 'time'),
    endTimeUnixNano: String(row.end_time_raw ?? integer(row.time) + integer(row.duration_ns)),
    ...own(row),
    status: {
      ...number('code', enumerated(StatusCode, row.status_code)),
      ...text('message', row.status_message),
    },
    ...number('droppedEventsCount', row.dropped_events_count),
    ...number('droppedLinksCount', row.dropped_links_count),
    ...list('events', (events.get(row.row_id) ?? []).map(eventOf)),
    ...list('links', (links.get(row.row_id) ?? []).map(linkOf)),
  };
}

function eventOf(row: Row): Json {
  return { timeUnixNano: time(row, 'time'), name: row.name, ...own(row) };
}

function linkOf(row: Row): Json {
  return {
    traceId: row.linked_trace_id,
    spanId: row.linked_span_id,
    ...text('traceState', row.trace_state),
    ...number('flags', row.flags),
    ...own(row),
  };
}

/** The log record of a row. */
export function logOf(row: Row): Json {
  return {
    timeUnixNano: time(row, 'time'),
    observedTimeUnixNano: time(row, 'observed_time'),
    ...number('severityNumber', row.severity_number),
    ...text('severityText', row.severity_text),
    ...text('eventName', row.event_name),
    ...(row.body_type === null ? {} : { body: anyJson(anyValue(nullable(row.body), String(row.body_type))) }),
    ...text('traceId', row.trace_id),
    ...text('spanId', row.span_id),
    ...number('flags', row.flags),
    ...own(row),
  };
}

/** What a metric is called and how its points are aggregated; its points go to `dataPoints` of `kind`. */
export interface MetricJson {
  readonly metric: Json;
  readonly kind: 'gauge' | 'sum' | 'histogram' | 'exponentialHistogram' | 'summary';
  readonly aggregation: Json;
}

const KINDS = {
  histogram_points: 'histogram',
  exponential_histogram_points: 'exponentialHistogram',
  summary_points: 'summary',
} as const;

/** The metric that a row of one of the tables of points belongs to. */
export function metricOf(table: string, row: Row): MetricJson {
  const kind =
    (KINDS as Record<string, MetricJson['kind']>)[table] ?? (row.metric_type === 'sum' ? 'sum' : 'gauge');
  const isAggregated = kind !== 'gauge' && kind !== 'summary';
  return {
    kind,
    metric: {
      ...text('name', row.metric_name),
      ...text('description', row.metric_description),
      ...text('unit', row.metric_unit),
      ...list('metadata', attributes(row, 'metric_metadata', 'metric_metadata_types')),
    },
    aggregation: {
      ...(isAggregated
        ? {
            aggregationTemporality: enumerated(
              AggregationTemporality,
              row.aggregation_temporality ?? 'UNSPECIFIED',
            ),
          }
        : {}),
      ...(row.is_monotonic === true ? { isMonotonic: true } : {}),
    },
  };
}

/** The data point of a row of one of the tables of points, with its exemplars. */
export function pointOf(table: string, row: Row, exemplars: Belonging): Json {
  return {
    startTimeUnixNano: time(row, 'start_time'),
    timeUnixNano: time(row, 'time'),
    ...list('attributes', attributes(row, 'attributes', 'attribute_types')),
    ...number('flags', row.flags),
    ...PARTICULARS[table]?.(row),
    ...list('exemplars', (exemplars.get(row.row_id) ?? []).map(exemplarOf)),
  };
}

const PARTICULARS: Readonly<Record<string, (row: Row) => Json>> = {
  metric_points: measured,
  histogram_points: (row) => ({
    ...totals(row),
    ...list('bucketCounts', texts(row.bucket_counts)),
    ...list('explicitBounds', row.explicit_bounds as Cell[]),
  }),
  exponential_histogram_points: (row) => ({
    ...totals(row),
    ...number('scale', row.scale),
    ...given('zeroCount', row.zero_count),
    ...given('zeroThreshold', row.zero_threshold),
    ...buckets(row, 'positive'),
    ...buckets(row, 'negative'),
  }),
  summary_points: (row) => ({
    ...totals(row),
    ...list(
      'quantileValues',
      (row.quantiles as number[]).map((quantile, i) => ({
        quantile: jsonDouble(quantile),
        value: jsonDouble((row.quantile_values as number[])[i] ?? 0),
      })),
    ),
  }),
};

function buckets(row: Row, sign: 'positive' | 'negative'): Json {
  const offset = row[`${sign}_offset`];
  if (offset === null) return {};
  return {
    [sign]: { ...number('offset', offset), ...list('bucketCounts', texts(row[`${sign}_bucket_counts`])) },
  };
}

function totals(row: Row): Json {
  return {
    ...given('count', row.count),
    ...given('sum', row.sum),
    ...given('min', row.min),
    ...given('max', row.max),
  };
}

function exemplarOf(row: Row): Json {
  return {
    timeUnixNano: time(row, 'time'),
    ...measured(row),
    ...text('traceId', row.trace_id),
    ...text('spanId', row.span_id),
    ...list('filteredAttributes', attributes(row, 'filtered_attributes', 'filtered_attribute_types')),
  };
}

function measured(row: Row): Json {
  return row.value_int === null ? given('asDouble', row.value) : given('asInt', row.value_int);
}

/** The resource that sent a record, as a part of its ResourceSpans, ResourceLogs or ResourceMetrics. */
export function resourceOf(row: Row): Json {
  const resource = {
    ...list('attributes', attributes(row, 'resource_attributes', 'resource_attribute_types')),
    ...number('droppedAttributesCount', row.resource_dropped_attributes_count),
    ...(row.resource_entity_refs === null
      ? {}
      : { entityRefs: entitiesOf(String(row.resource_entity_refs)) }),
  };
  return { resource, ...text('schemaUrl', row.resource_schema_url) };
}

function entitiesOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new DecodeError(`resource_entity_refs ${text.slice(0, 80)}: expected JSON`);
  }
}

/** The scope of a record, as a part of its ScopeSpans, ScopeLogs or ScopeMetrics. */
export function scopeOf(row: Row): Json {
  const scope = {
    ...text('name', row.scope_name),
    ...text('version', row.scope_version),
    ...list('attributes', attributes(row, 'scope_attributes', 'scope_attribute_types')),
    ...number('droppedAttributesCount', row.scope_dropped_attributes_count),
  };
  return { scope, ...text('schemaUrl', row.scope_schema_url) };
}

function own(row: Row): Json {
  return {
    ...list('attributes', attributes(row, 'attributes', 'attribute_types')),
    ...number('droppedAttributesCount', row.dropped_attributes_count),
  };
}

function attributes(row: Row, column: string, types: string): Json[] {
  const letters = String(row[types]);
  return (row[column] as readonly (readonly [string, string | null])[]).map(([key, value], i) => ({
    key,
    value: anyJson(anyValue(value, letters[i] ?? '')),
  }));
}

/** A time as it was sent: raw where the column could not keep it; 0 where none was sent. */
function time(row: Row, column: string): string {
  return String(row[`${column}_raw`] ?? row[column] ?? 0n);
}

function enumerated({ names }: Enumeration, text: Cell | undefined): number {
  const value = names.indexOf(String(text));
  return value >= 0 ? value : Number(text);
}

/** A field that is absent where the column has no text. */
function text(name: string, cell: Cell | undefined): Json {
  return cell === null || cell === undefined ? {} : { [name]: cell };
}

/** A field that protobuf does not tell from an absent one at 0. */
function number(name: string, cell: Cell | undefined): Json {
  return cell === 0 || cell === null || cell === undefined ? {} : { [name]: cell };
}

/** A field that is there wherever the column has a value. */
function given(name: string, cell: Cell | undefined): Json {
  if (cell === null || cell === undefined) return {};
  return { [name]: typeof cell === 'bigint' ? String(cell) : jsonDouble(cell) };
}

/** What JSON has no numbers for is told by names; the sign of a zero, which Numbers lose as text, is kept. */
function jsonDouble(cell: Cell): Cell | LosslessNumber {
  if (typeof cell !== 'number') return cell;
  if (!Number.isFinite(cell)) return String(cell);
  return Object.is(cell, -0) ? new LosslessNumber('-0.0') : cell;
}

function anyJson(value: AnyValue): Json {
  if ('doubleValue' in value) return { doubleValue: jsonDouble(value.doubleValue ?? 0) };
  if ('arrayValue' in value) return { arrayValue: { values: (value.arrayValue?.values ?? []).map(anyJson) } };
  if (!('kvlistValue' in value)) return value;
  const values = (value.kvlistValue?.values ?? []).map((one) => ({
    key: one.key,
    value: anyJson(one.value),
  }));
  return { kvlistValue: { values } };
}

function list(name: string, items: readonly unknown[]): Json {
  return items.length === 0 ? {} : { [name]: items.map((item) => jsonDouble(item as Cell)) };
}

function texts(cell: Cell | undefined): string[] {
  return (cell as bigint[]).map(String);
}

function integer(cell: Cell | undefined): bigint {
  return typeof cell === 'bigint' ? cell : 0n;
}

function nullable(cell: Cell | undefined): string | null {
  return typeof cell === 'string' ? cell : null;
}

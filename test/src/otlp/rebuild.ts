import { anyValue } from '../../../src/otlp/any_value.js';
import {
  AggregationTemporality,
  type Enumeration,
  ExponentialHistogramDataPoint,
  HistogramDataPoint,
  InstrumentationScope,
  KeyValueList,
  LogRecord,
  type Message,
  NumberDataPoint,
  Resource,
  Span,
  SpanKind,
  StatusCode,
  SummaryDataPoint,
} from '../../../src/otlp/messages.js';
import type { Signal } from '../../../src/otlp/signal.js';
import type { Cell } from '../../../src/tape/columns/column.js';
import { type Row, rowsOf, type Tables } from './batches.js';
import { inAnyOrder, type Meaning, type MeaningObject, meaningOf } from './meaning.js';

// Rows back to what was sent. A column must hold what its sentence in the schema says, or a record comes back wrong.

/** What the rows of a signal say, record by record, comparable with `recordsOf` a request. */
export function recordsOfRows(signal: Signal, tables: Tables): string[] {
  const records = {
    traces: () => spansOf(tables),
    logs: () =>
      rowsOf(tables.logRecords).map((row) => ({ ...sender(row), record: meaningOf(LogRecord, logOf(row)) })),
    metrics: () => pointsOf(tables),
  }[signal]();
  return inAnyOrder(records);
}

function attributes(row: Row, name: string, types = `${name.replace(/s$/, '')}_types`): object[] {
  const letters = String(row[types]);
  return (row[name] as [string, string | null][]).map(([key, text], i) => ({
    key,
    value: anyValue(text, letters[i] ?? ''),
  }));
}

/** A field where the column has a value. */
function given(name: string, value: Cell | undefined): object {
  return value === null || value === undefined
    ? {}
    : { [name]: typeof value === 'bigint' ? String(value) : value };
}

/** A time as it was sent: `raw` where there is one, else nothing if `column` is only a substitute, else `column`. */
function time(row: Row, column: string): string {
  return String(row[`${column}_raw`] ?? row[column] ?? 0n);
}

function number({ names }: Enumeration, text: Cell | undefined): number {
  const value = names.indexOf(String(text));
  return value >= 0 ? value : Number(text);
}

function sender(row: Row): MeaningObject {
  const resource = {
    attributes: attributes(row, 'resource_attributes'),
    droppedAttributesCount: row.resource_dropped_attributes_count,
    entityRefs: JSON.parse(String(row.resource_entity_refs ?? '[]')) as object[],
  };
  const scope = {
    name: row.scope_name ?? '',
    version: row.scope_version ?? '',
    attributes: attributes(row, 'scope_attributes'),
    droppedAttributesCount: row.scope_dropped_attributes_count,
  };
  return {
    resource: meaningOf(Resource, resource),
    resourceSchemaUrl: (row.resource_schema_url ?? '') as Meaning,
    scope: meaningOf(InstrumentationScope, scope),
    schemaUrl: (row.scope_schema_url ?? '') as Meaning,
  };
}

function own(row: Row): object {
  return { attributes: attributes(row, 'attributes'), droppedAttributesCount: row.dropped_attributes_count };
}

function spansOf(tables: Tables): MeaningObject[] {
  const events = rowsOf(tables.spanEvents);
  const links = rowsOf(tables.spanLinks);
  return rowsOf(tables.spans).map((row) => {
    const ofSpan = ({ span_row_id }: Row) => span_row_id === row.row_id;
    const span = {
      ...own(row),
      traceId: row.trace_id,
      spanId: row.span_id,
      parentSpanId: row.parent_span_id ?? '',
      traceState: row.trace_state ?? '',
      flags: row.flags,
      name: row.name,
      kind: number(SpanKind, row.kind),
      startTimeUnixNano: time(row, 'time'),
      endTimeUnixNano: String(row.end_time_raw ?? (row.time as bigint) + (row.duration_ns as bigint)),
      status: { code: number(StatusCode, row.status_code), message: row.status_message ?? '' },
      droppedEventsCount: row.dropped_events_count,
      droppedLinksCount: row.dropped_links_count,
      events: events.filter(ofSpan).map(eventOf),
      links: links.filter(ofSpan).map(linkOf),
    };
    return { ...sender(row), record: meaningOf(Span, span) };
  });
}

function eventOf(row: Row): object {
  return { ...own(row), timeUnixNano: time(row, 'time'), name: row.name };
}

function linkOf(row: Row): object {
  return {
    ...own(row),
    traceId: row.linked_trace_id,
    spanId: row.linked_span_id,
    traceState: row.trace_state ?? '',
    flags: row.flags,
  };
}

function logOf(row: Row): object {
  return {
    ...own(row),
    timeUnixNano: time(row, 'time'),
    observedTimeUnixNano: time(row, 'observed_time'),
    severityNumber: row.severity_number,
    severityText: row.severity_text ?? '',
    eventName: row.event_name ?? '',
    ...(row.body_type === null ? {} : { body: anyValue(row.body as string | null, String(row.body_type)) }),
    traceId: row.trace_id ?? '',
    spanId: row.span_id ?? '',
    flags: row.flags,
  };
}

function pointsOf(tables: Tables): MeaningObject[] {
  const exemplars = rowsOf(tables.exemplars);
  const records = (
    batch: Tables['metricPoints' | 'histogramPoints' | 'exponentialHistogramPoints' | 'summaryPoints'],
    kind: string | undefined,
    message: Message,
    particulars: (row: Row) => object,
  ) =>
    rowsOf(batch).map((row) => {
      const point = {
        startTimeUnixNano: time(row, 'start_time'),
        timeUnixNano: time(row, 'time'),
        attributes: attributes(row, 'attributes'),
        flags: row.flags,
        ...particulars(row),
        exemplars: exemplars.filter(({ point_row_id }) => point_row_id === row.row_id).map(exemplarOf),
      };
      const record = { ...metricOf(row, kind ?? String(row.metric_type)), point: meaningOf(message, point) };
      return { ...sender(row), record };
    });
  return [
    ...records(tables.metricPoints, undefined, NumberDataPoint, measured),
    ...records(tables.histogramPoints, 'histogram', HistogramDataPoint, histogramOf),
    ...records(
      tables.exponentialHistogramPoints,
      'exponentialHistogram',
      ExponentialHistogramDataPoint,
      exponentialHistogramOf,
    ),
    ...records(tables.summaryPoints, 'summary', SummaryDataPoint, summaryOf),
  ];
}

function metricOf(row: Row, kind: string): MeaningObject {
  const temporality = number(AggregationTemporality, row.aggregation_temporality ?? 'UNSPECIFIED');
  const { values: metadata = [] } = meaningOf(KeyValueList, {
    values: attributes(row, 'metric_metadata', 'metric_metadata_types'),
  });
  const texts = { name: row.metric_name, description: row.metric_description, unit: row.metric_unit };
  return {
    ...Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== null && text !== '')),
    ...((metadata as Meaning[]).length > 0 ? { metadata } : {}),
    kind,
    ...(temporality === 0 ? {} : { aggregationTemporality: temporality }),
    ...(row.is_monotonic === true ? { isMonotonic: true } : {}),
  };
}

function measured(row: Row): object {
  return row.value_int === null ? given('asDouble', row.value) : given('asInt', row.value_int);
}

function exemplarOf(row: Row): object {
  return {
    timeUnixNano: time(row, 'time'),
    ...measured(row),
    traceId: row.trace_id ?? '',
    spanId: row.span_id ?? '',
    filteredAttributes: attributes(row, 'filtered_attributes'),
  };
}

function totals(row: Row): object {
  return {
    ...given('count', row.count),
    ...given('sum', row.sum),
    ...given('min', row.min),
    ...given('max', row.max),
  };
}

function texts(cell: Cell | undefined): string[] {
  return (cell as bigint[]).map(String);
}

function histogramOf(row: Row): object {
  return { ...totals(row), bucketCounts: texts(row.bucket_counts), explicitBounds: row.explicit_bounds };
}

function exponentialHistogramOf(row: Row): object {
  const buckets = (sign: string) =>
    row[`${sign}_offset`] === null
      ? {}
      : { [sign]: { offset: row[`${sign}_offset`], bucketCounts: texts(row[`${sign}_bucket_counts`]) } };
  return {
    ...totals(row),
    scale: row.scale,
    ...given('zeroCount', row.zero_count),
    zeroThreshold: row.zero_threshold,
    ...buckets('positive'),
    ...buckets('negative'),
  };
}

function summaryOf(row: Row): object {
  const values = row.quantile_values as number[];
  return {
    ...totals(row),
    quantileValues: (row.quantiles as number[]).map((quantile, i) => ({ quantile, value: values[i] })),
  };
}

/** Protobuf's scalar types, and `id`: bytes that OTLP/JSON writes as hex instead of base64. */
export type Scalar =
  | 'string'
  | 'bytes'
  | 'id'
  | 'bool'
  | 'int64'
  | 'uint64'
  | 'uint32'
  | 'sint32'
  | 'fixed32'
  | 'fixed64'
  | 'sfixed64'
  | 'double';

/** One field of a message. */
export interface Field {
  readonly number: number;
  readonly type: Scalar | Enumeration | (() => Message);
  readonly repeated: boolean;
  /** The oneof it belongs to: setting it clears the others. */
  readonly oneof?: string;
}

/** A message by its fields' lowerCamelCase names, as OTLP/JSON writes them. */
export type Message = Readonly<Record<string, Field>>;

/** Names of an enumeration's values by number, without the prefix that all share. */
export interface Enumeration {
  readonly prefix: string;
  readonly names: readonly string[];
}

/** How a value travels: what protobuf calls its wire type. */
export const Wire = { VARINT: 0, FIXED64: 1, LENGTH: 2, START_GROUP: 3, END_GROUP: 4, FIXED32: 5 } as const;

function field(number: number, type: Field['type']): Field {
  return { number, type, repeated: false };
}

function repeated(number: number, type: Field['type']): Field {
  return { number, type, repeated: true };
}

function oneof(name: string, number: number, type: Field['type']): Field {
  return { number, type, repeated: false, oneof: name };
}

/** Wire type of one value of a field, outside of a packed field. */
export function elementWireType(type: Field['type']): number {
  if (typeof type === 'object') return Wire.VARINT;
  switch (type) {
    case 'bool':
    case 'int64':
    case 'uint64':
    case 'uint32':
    case 'sint32':
      return Wire.VARINT;
    case 'fixed32':
      return Wire.FIXED32;
    case 'fixed64':
    case 'sfixed64':
    case 'double':
      return Wire.FIXED64;
    default:
      return Wire.LENGTH;
  }
}

/** Whether the field may travel packed: many numbers side by side in one length-delimited value. */
export function isPackable({ type, repeated }: Field): boolean {
  return repeated && elementWireType(type) !== Wire.LENGTH;
}

/** The tag (field number and wire type) of each field; of one that may be packed, the tag of its packed form. */
export function tagsOf<M extends Message>(message: M): { readonly [K in keyof M]: number } {
  const tag = (field: Field) => (isPackable(field) ? field.number * 8 + Wire.LENGTH : unpackedTag(field));
  const tags = Object.entries(message).map(([name, field]) => [name, tag(field)]);
  return Object.fromEntries(tags) as { readonly [K in keyof M]: number };
}

/** The tag of one value of a field, not packed. */
export function unpackedTag({ number, type }: Field): number {
  return number * 8 + elementWireType(type);
}

// What follows is opentelemetry-proto 1.10 without profiles. Two newer fields, AnyValue 8 and KeyValue 3, point
// into the string table of a profile and have no meaning in the other signals: they count as unknown.

export const SpanKind: Enumeration = {
  prefix: 'SPAN_KIND_',
  names: ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'],
};

export const StatusCode: Enumeration = { prefix: 'STATUS_CODE_', names: ['UNSET', 'OK', 'ERROR'] };

export const AggregationTemporality: Enumeration = {
  prefix: 'AGGREGATION_TEMPORALITY_',
  names: ['UNSPECIFIED', 'DELTA', 'CUMULATIVE'],
};

const SeverityNumber: Enumeration = {
  prefix: 'SEVERITY_NUMBER_',
  names: [
    'UNSPECIFIED',
    ...['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'].flatMap((name) => [
      name,
      `${name}2`,
      `${name}3`,
      `${name}4`,
    ]),
  ],
};

export const AnyValue = {
  stringValue: oneof('value', 1, 'string'),
  boolValue: oneof('value', 2, 'bool'),
  intValue: oneof('value', 3, 'int64'),
  doubleValue: oneof('value', 4, 'double'),
  arrayValue: oneof('value', 5, (): Message => ArrayValue),
  kvlistValue: oneof('value', 6, (): Message => KeyValueList),
  bytesValue: oneof('value', 7, 'bytes'),
};

export const ArrayValue = { values: repeated(1, (): Message => AnyValue) };

export const KeyValueList = { values: repeated(1, (): Message => KeyValue) };

export const KeyValue = { key: field(1, 'string'), value: field(2, () => AnyValue) };

export const InstrumentationScope = {
  name: field(1, 'string'),
  version: field(2, 'string'),
  attributes: repeated(3, () => KeyValue),
  droppedAttributesCount: field(4, 'uint32'),
};

export const EntityRef = {
  schemaUrl: field(1, 'string'),
  type: field(2, 'string'),
  idKeys: repeated(3, 'string'),
  descriptionKeys: repeated(4, 'string'),
};

export const Resource = {
  attributes: repeated(1, () => KeyValue),
  droppedAttributesCount: field(2, 'uint32'),
  entityRefs: repeated(3, () => EntityRef),
};

export const Event = {
  timeUnixNano: field(1, 'fixed64'),
  name: field(2, 'string'),
  attributes: repeated(3, () => KeyValue),
  droppedAttributesCount: field(4, 'uint32'),
};

export const Link = {
  traceId: field(1, 'id'),
  spanId: field(2, 'id'),
  traceState: field(3, 'string'),
  attributes: repeated(4, () => KeyValue),
  droppedAttributesCount: field(5, 'uint32'),
  flags: field(6, 'fixed32'),
};

export const Status = { message: field(2, 'string'), code: field(3, StatusCode) };

export const Span = {
  traceId: field(1, 'id'),
  spanId: field(2, 'id'),
  traceState: field(3, 'string'),
  parentSpanId: field(4, 'id'),
  name: field(5, 'string'),
  kind: field(6, SpanKind),
  startTimeUnixNano: field(7, 'fixed64'),
  endTimeUnixNano: field(8, 'fixed64'),
  attributes: repeated(9, () => KeyValue),
  droppedAttributesCount: field(10, 'uint32'),
  events: repeated(11, () => Event),
  droppedEventsCount: field(12, 'uint32'),
  links: repeated(13, () => Link),
  droppedLinksCount: field(14, 'uint32'),
  status: field(15, () => Status),
  flags: field(16, 'fixed32'),
};

export const ScopeSpans = {
  scope: field(1, () => InstrumentationScope),
  spans: repeated(2, () => Span),
  schemaUrl: field(3, 'string'),
};

export const ResourceSpans = {
  resource: field(1, () => Resource),
  scopeSpans: repeated(2, () => ScopeSpans),
  schemaUrl: field(3, 'string'),
};

export const ExportTraceServiceRequest = { resourceSpans: repeated(1, () => ResourceSpans) };

export const LogRecord = {
  timeUnixNano: field(1, 'fixed64'),
  severityNumber: field(2, SeverityNumber),
  severityText: field(3, 'string'),
  body: field(5, () => AnyValue),
  attributes: repeated(6, () => KeyValue),
  droppedAttributesCount: field(7, 'uint32'),
  flags: field(8, 'fixed32'),
  traceId: field(9, 'id'),
  spanId: field(10, 'id'),
  observedTimeUnixNano: field(11, 'fixed64'),
  eventName: field(12, 'string'),
};

const ScopeLogs = {
  scope: field(1, () => InstrumentationScope),
  logRecords: repeated(2, () => LogRecord),
  schemaUrl: field(3, 'string'),
};

const ResourceLogs = {
  resource: field(1, () => Resource),
  scopeLogs: repeated(2, () => ScopeLogs),
  schemaUrl: field(3, 'string'),
};

export const ExportLogsServiceRequest = { resourceLogs: repeated(1, () => ResourceLogs) };

export const Exemplar = {
  timeUnixNano: field(2, 'fixed64'),
  asDouble: oneof('value', 3, 'double'),
  spanId: field(4, 'id'),
  traceId: field(5, 'id'),
  asInt: oneof('value', 6, 'sfixed64'),
  filteredAttributes: repeated(7, () => KeyValue),
};

export const NumberDataPoint = {
  startTimeUnixNano: field(2, 'fixed64'),
  timeUnixNano: field(3, 'fixed64'),
  asDouble: oneof('value', 4, 'double'),
  exemplars: repeated(5, () => Exemplar),
  asInt: oneof('value', 6, 'sfixed64'),
  attributes: repeated(7, () => KeyValue),
  flags: field(8, 'uint32'),
};

export const HistogramDataPoint = {
  startTimeUnixNano: field(2, 'fixed64'),
  timeUnixNano: field(3, 'fixed64'),
  count: field(4, 'fixed64'),
  sum: field(5, 'double'),
  bucketCounts: repeated(6, 'fixed64'),
  explicitBounds: repeated(7, 'double'),
  exemplars: repeated(8, () => Exemplar),
  attributes: repeated(9, () => KeyValue),
  flags: field(10, 'uint32'),
  min: field(11, 'double'),
  max: field(12, 'double'),
};

export const Buckets = { offset: field(1, 'sint32'), bucketCounts: repeated(2, 'uint64') };

export const ExponentialHistogramDataPoint = {
  attributes: repeated(1, () => KeyValue),
  startTimeUnixNano: field(2, 'fixed64'),
  timeUnixNano: field(3, 'fixed64'),
  count: field(4, 'fixed64'),
  sum: field(5, 'double'),
  scale: field(6, 'sint32'),
  zeroCount: field(7, 'fixed64'),
  positive: field(8, () => Buckets),
  negative: field(9, () => Buckets),
  flags: field(10, 'uint32'),
  exemplars: repeated(11, () => Exemplar),
  min: field(12, 'double'),
  max: field(13, 'double'),
  zeroThreshold: field(14, 'double'),
};

export const ValueAtQuantile = { quantile: field(1, 'double'), value: field(2, 'double') };

export const SummaryDataPoint = {
  startTimeUnixNano: field(2, 'fixed64'),
  timeUnixNano: field(3, 'fixed64'),
  count: field(4, 'fixed64'),
  sum: field(5, 'double'),
  quantileValues: repeated(6, () => ValueAtQuantile),
  attributes: repeated(7, () => KeyValue),
  flags: field(8, 'uint32'),
};

export const Gauge = { dataPoints: repeated(1, () => NumberDataPoint) };

export const Sum = {
  dataPoints: repeated(1, () => NumberDataPoint),
  aggregationTemporality: field(2, AggregationTemporality),
  isMonotonic: field(3, 'bool'),
};

export const Histogram = {
  dataPoints: repeated(1, () => HistogramDataPoint),
  aggregationTemporality: field(2, AggregationTemporality),
};

export const ExponentialHistogram = {
  dataPoints: repeated(1, () => ExponentialHistogramDataPoint),
  aggregationTemporality: field(2, AggregationTemporality),
};

export const Summary = { dataPoints: repeated(1, () => SummaryDataPoint) };

export const Metric = {
  name: field(1, 'string'),
  description: field(2, 'string'),
  unit: field(3, 'string'),
  gauge: oneof('data', 5, () => Gauge),
  sum: oneof('data', 7, () => Sum),
  histogram: oneof('data', 9, () => Histogram),
  exponentialHistogram: oneof('data', 10, () => ExponentialHistogram),
  summary: oneof('data', 11, () => Summary),
  metadata: repeated(12, () => KeyValue),
};

const ScopeMetrics = {
  scope: field(1, () => InstrumentationScope),
  metrics: repeated(2, () => Metric),
  schemaUrl: field(3, 'string'),
};

const ResourceMetrics = {
  resource: field(1, () => Resource),
  scopeMetrics: repeated(2, () => ScopeMetrics),
  schemaUrl: field(3, 'string'),
};

export const ExportMetricsServiceRequest = { resourceMetrics: repeated(1, () => ResourceMetrics) };

/** Part of what an Export call answers: what was refused of a request that was otherwise taken. */
function partialSuccess(rejected: string): Message {
  return { [rejected]: field(1, 'int64'), errorMessage: field(2, 'string') };
}

export const ExportTraceServiceResponse = { partialSuccess: field(1, () => partialSuccess('rejectedSpans')) };

export const ExportMetricsServiceResponse = {
  partialSuccess: field(1, () => partialSuccess('rejectedDataPoints')),
};

export const ExportLogsServiceResponse = {
  partialSuccess: field(1, () => partialSuccess('rejectedLogRecords')),
};

// What errors are told in: google.rpc.Status and what it may carry.

const Any = { typeUrl: field(1, 'string'), value: field(2, 'bytes') };

export const RpcStatus = {
  code: field(1, 'int64'),
  message: field(2, 'string'),
  details: repeated(3, () => Any),
};

const Duration = { seconds: field(1, 'int64') };

export const RetryInfo = { retryDelay: field(1, () => Duration) };

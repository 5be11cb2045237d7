import { isLosslessNumber } from 'lossless-json';
import {
  Buckets,
  ExponentialHistogramDataPoint,
  type Field,
  HistogramDataPoint,
  LogRecord,
  type Message,
} from '../../../src/otlp/messages.js';
import { REQUESTS, type Signal } from '../../../src/otlp/signal.js';

// What a request says, so that two ways of decoding it can be compared: fields at their default are left out where
// protobuf does not tell them from absent ones, and each record stands for itself with its resource and scope, so that
// neither grouping nor the order of records matters.

/** A value in comparable form: 64-bit integers as text, bytes as hex, -0 and NaN as text. */
export type Meaning = string | number | boolean | readonly Meaning[] | MeaningObject;
export interface MeaningObject {
  readonly [name: string]: Meaning;
}

/** What a message says, given as protobufjs decoded it or as OTLP/JSON. */
export function meaningOf(message: Message, value: object): MeaningObject {
  const meaning: Record<string, Meaning> = {};
  for (const [name, field] of Object.entries(message)) {
    const given = givenValue(value, name, field);
    if (given === undefined || given === null) continue;
    const said = field.repeated ? (given as unknown[]).map((item) => one(field, item)) : one(field, given);
    if (hasPresence(message, name, field) || !isDefault(said)) meaning[name] = said;
  }
  return meaning;
}

function givenValue(value: object, name: string, { oneof }: Field): unknown {
  if (!Object.hasOwn(value, name)) return undefined;
  const object = value as Record<string, unknown>;
  // protobufjs keeps every member of a oneof that came, and a getter says which one counts.
  const chosen = oneof === undefined ? undefined : object[oneof];
  return chosen === undefined || chosen === name ? object[name] : undefined;
}

/** Whether the field at its default is another thing than the field absent. */
function hasPresence(message: Message, name: string, { oneof, type }: Field): boolean {
  if (oneof !== undefined) return true;
  if (message === HistogramDataPoint || message === ExponentialHistogramDataPoint) {
    if (['sum', 'min', 'max'].includes(name)) return true;
  }
  if (typeof type !== 'function') return false;
  return type() === Buckets || (message === LogRecord && name === 'body');
}

function isDefault(value: Meaning): boolean {
  if (typeof value === 'object') return Object.keys(value).length === 0;
  return value === '' || value === 0 || value === '0' || value === false;
}

function one({ type }: Field, value: unknown): Meaning {
  if (typeof type === 'function') return meaningOf(type(), value as object);
  if (type === 'double') return doubleOf(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (type === 'bytes') return Buffer.from(String(value), 'base64').toString('hex');
  // Long of protobufjs writes itself as decimal text.
  return typeof value === 'object' ? String(value) : (value as Meaning);
}

function doubleOf(value: unknown): Meaning {
  const double = Number(isLosslessNumber(value) ? value.value : value);
  return Number.isFinite(double) && !Object.is(double, -0)
    ? double
    : Object.is(double, -0)
      ? '-0'
      : String(double);
}

/** What a request says, record by record: spans, log records, or data points with what they have of their metric. */
export function recordsOf(signal: Signal, request: object): string[] {
  const said = meaningOf(REQUESTS[signal], request);
  const records: MeaningObject[] = [];
  for (const byResource of list(Object.values(said)[0])) {
    const { resource = {}, schemaUrl: resourceSchemaUrl = '', ...scopes } = byResource;
    for (const byScope of list(Object.values(scopes)[0])) {
      const { scope = {}, schemaUrl = '', ...items } = byScope;
      const sender = { resource, resourceSchemaUrl, scope, schemaUrl };
      for (const item of list(Object.values(items)[0])) {
        for (const record of signal === 'metrics' ? pointsOf(item) : [item])
          records.push({ ...sender, record });
      }
    }
  }
  return inAnyOrder(records);
}

/** Records as text, sorted; so are the events, links and exemplars within them, whose order tapes do not keep. */
export function inAnyOrder(records: readonly MeaningObject[]): string[] {
  return records.map((record) => JSON.stringify(sorted(record))).sort();
}

const UNORDERED = ['events', 'links', 'exemplars'];

function sorted(value: Meaning, name = ''): Meaning {
  if (Array.isArray(value)) {
    const items = value.map((item: Meaning) => sorted(item));
    const key = (item: Meaning) => JSON.stringify(item);
    return UNORDERED.includes(name) ? items.sort((a, b) => (key(a) < key(b) ? -1 : 1)) : items;
  }
  if (typeof value !== 'object') return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item, key)]));
}

function pointsOf(metric: MeaningObject): MeaningObject[] {
  const kinds = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'];
  const kind = kinds.find((name) => metric[name] !== undefined);
  if (kind === undefined) return [];
  const { [kind]: data, ...about } = metric;
  const { dataPoints, ...aggregation } = data as MeaningObject;
  return list(dataPoints).map((point) => ({ ...about, kind, ...aggregation, point }));
}

function list(value: Meaning | undefined): readonly MeaningObject[] {
  return (value ?? []) as readonly MeaningObject[];
}

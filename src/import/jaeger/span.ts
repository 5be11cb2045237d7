import { DecodeError } from '../../errors.js';
import { isJsonObject, type JsonObject } from '../../kubernetes/json.js';
import { KINDS, statusOf } from './status.js';
import { attributesOf, integerText, listOf, shown, tagsOf, takeText } from './tags.js';

/** A span in the form of OTLP/JSON, and the scope that its tags name. */
export interface ReadSpan {
  readonly span: JsonObject;
  readonly scope: JsonObject;
}

/** Where Jaeger keeps what it has to say of a span that came to it damaged. */
const WARNINGS = '@jaeger@warnings';

/** Reads a span as Jaeger's query service gives it. Throws a DecodeError that names the field. */
export function readSpan(span: JsonObject): ReadSpan {
  const tags = tagsOf(span.tags);
  const [name, version] = [takeText(tags, 'otel.scope.name'), takeText(tags, 'otel.scope.version')];
  const kind = KINDS[takeText(tags, 'span.kind') ?? ''] ?? 0;
  const traceState = takeText(tags, 'w3c.tracestate');
  const status = statusOf(tags, kind);
  const warnings = listOf(span.warnings).map((warning) => ({ stringValue: String(warning) }));
  if (warnings.length > 0) tags.set(WARNINGS, { arrayValue: { values: warnings } });
  const traceId = idOf(span, 'traceID', 32);
  const references = listOf(span.references).map(referenceOf);
  const parent = parentOf(span, traceId, references);
  const start = microseconds(span, 'startTime');
  return {
    scope: { ...(name === undefined ? {} : { name }), ...(version === undefined ? {} : { version }) },
    span: {
      traceId,
      spanId: idOf(span, 'spanID', 16),
      ...(parent === undefined ? {} : { parentSpanId: parent }),
      ...(traceState === undefined ? {} : { traceState }),
      // The first bit is that of W3C: sampled. The others are Jaeger's own.
      flags: Number(integerText(span.flags) ?? 0) & 1,
      name: String(span.operationName ?? ''),
      kind,
      startTimeUnixNano: String(start),
      endTimeUnixNano: String(start + microseconds(span, 'duration')),
      attributes: attributesOf(tags),
      events: listOf(span.logs).map(eventOf),
      links: references.filter((one) => !(one.isChild && one.spanId === parent)).map(linkOf),
      status,
    },
  };
}

/** What a span refers to: its parent, or a span that it follows from. */
interface Reference {
  readonly traceId: string;
  readonly spanId: string;
  readonly isChild: boolean;
}

function referenceOf(reference: unknown): Reference {
  if (!isJsonObject(reference))
    throw new DecodeError(`a reference is ${shown(reference)}; expected an object`);
  const { refType } = reference;
  if (refType !== 'CHILD_OF' && refType !== 'FOLLOWS_FROM')
    throw new DecodeError(`refType ${shown(refType)}; expected CHILD_OF or FOLLOWS_FROM`);
  return {
    traceId: idOf(reference, 'traceID', 32),
    spanId: idOf(reference, 'spanID', 16),
    isChild: refType === 'CHILD_OF',
  };
}

/** The first span of the same trace that it is a child of, else that it follows from. Old files have a field for it. */
function parentOf(span: JsonObject, traceId: string, references: readonly Reference[]): string | undefined {
  const here = references.filter((one) => one.traceId === traceId);
  const found = here.find(({ isChild }) => isChild) ?? here[0];
  if (found !== undefined) return found.spanId;
  const parent = span.parentSpanID;
  return parent === undefined || parent === '' ? undefined : idOf(span, 'parentSpanID', 16);
}

function linkOf({ traceId, spanId, isChild }: Reference): JsonObject {
  const type = { stringValue: isChild ? 'child_of' : 'follows_from' };
  return { traceId, spanId, attributes: [{ key: 'opentracing.ref_type', value: type }] };
}

function eventOf(log: unknown): JsonObject {
  if (!isJsonObject(log)) throw new DecodeError(`a log is ${shown(log)}; expected an object`);
  const fields = tagsOf(log.fields);
  const name = takeText(fields, 'event') ?? '';
  return { timeUnixNano: String(microseconds(log, 'timestamp')), name, attributes: attributesOf(fields) };
}

/** Ids are hex without the zeros that they begin with. */
function idOf(object: JsonObject, field: string, digits: number): string {
  const id = object[field];
  if (typeof id !== 'string' || !/^[0-9a-f]+$/i.test(id) || id.length > digits)
    throw new DecodeError(`${field} ${shown(id)}; expected up to ${digits} hex digits`);
  return id.toLowerCase().padStart(digits, '0');
}

/** Microseconds as nanoseconds. */
function microseconds(object: JsonObject, field: string): bigint {
  const text = integerText(object[field]);
  if (text === undefined || text.startsWith('-'))
    throw new DecodeError(`${field} ${shown(object[field])}; expected microseconds`);
  return BigInt(text) * 1_000n;
}

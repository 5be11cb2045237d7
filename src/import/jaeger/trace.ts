import { DecodeError } from '../../errors.js';
import { isJsonObject, type JsonObject } from '../../kubernetes/json.js';
import { readSpan } from './span.js';
import { attributesOf, integerText, listOf, shown, tagsOf } from './tags.js';

/** What a trace says in OTLP/JSON, and what of it cannot be read, a sentence each. */
export interface ReadTrace {
  readonly request: JsonObject;
  readonly spans: number;
  readonly problems: readonly string[];
}

/** The traces in what Jaeger's query service answers (`{"data": […]}`), or a trace by itself. */
export function tracesIn(json: unknown): readonly JsonObject[] {
  if (!isJsonObject(json)) throw new DecodeError(`found ${shown(json)}; expected an object`);
  if (Array.isArray(json.data)) return json.data.filter(isJsonObject);
  if (json.data === null && errorsIn(json).length > 0) return [];
  if (Array.isArray(json.spans)) return [json];
  const keys = Object.keys(json).slice(0, 5).join(', ');
  throw new DecodeError(`expected Jaeger's data or spans; found an object with ${keys || 'nothing'}`);
}

/** What Jaeger's query service says that went wrong: `{"data": null, "errors": [{"code": 404, "msg": "trace not found"}]}`. */
export function errorsIn(json: unknown): readonly string[] {
  if (!isJsonObject(json) || !Array.isArray(json.errors)) return [];
  return json.errors.map((error) => {
    const { code, msg } = isJsonObject(error) ? error : {};
    const ofCode = integerText(code) === undefined ? '' : ` (${integerText(code)})`;
    return `Jaeger says: ${typeof msg === 'string' ? msg : shown(error)}${ofCode}`;
  });
}

/** Reads a trace: a span that cannot be read is a problem, and the others are read. */
export function readTrace(trace: JsonObject): ReadTrace {
  const problems: string[] = [];
  const scopes = new Map<string, { resource: JsonObject; scope: JsonObject; spans: JsonObject[] }>();
  let spans = 0;
  for (const span of listOf(trace.spans)) {
    try {
      if (!isJsonObject(span)) throw new DecodeError(`found ${shown(span)}; expected an object`);
      const read = readSpan(span);
      const resource = resourceOf(trace, span);
      const key = JSON.stringify([resource, read.scope]);
      const group = scopes.get(key) ?? { resource, scope: read.scope, spans: [] };
      scopes.set(key, group);
      group.spans.push(read.span);
      spans++;
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      problems.push(`span ${shown(isJsonObject(span) ? span.spanID : span)}: ${error.message}`);
    }
  }
  const resourceSpans = [...scopes.values()].map((group) => ({
    resource: group.resource,
    scopeSpans: [{ scope: group.scope, spans: group.spans }],
  }));
  return { request: { resourceSpans }, spans, problems };
}

/** The process of a span: its own, or the one of the trace that it names. */
function resourceOf(trace: JsonObject, span: JsonObject): JsonObject {
  const processes = isJsonObject(trace.processes) ? trace.processes : {};
  const id = String(span.processID ?? '');
  const process = span.process ?? (Object.hasOwn(processes, id) ? processes[id] : undefined);
  if (!isJsonObject(process))
    throw new DecodeError(`processID ${shown(span.processID)}: the trace has no such process`);
  const tags = tagsOf(process.tags);
  const host = tags.get('hostname');
  if (host !== undefined && !tags.has('host.name')) {
    tags.delete('hostname');
    tags.set('host.name', host);
  }
  const name = typeof process.serviceName === 'string' ? process.serviceName : '';
  const service =
    name === '' || name === NO_SERVICE ? [] : [{ key: 'service.name', value: { stringValue: name } }];
  return {
    attributes: [
      ...service,
      ...attributesOf(tags).filter(({ key }) => service.length === 0 || key !== 'service.name'),
    ],
  };
}

/** What the Collector calls the service of spans that have none. */
const NO_SERVICE = 'OTLPResourceNoServiceName';

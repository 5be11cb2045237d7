import type { Words } from '../words/words.js';
import { jsonText, mapJson, parseJson } from './json_tree.js';

/** Fields of OTLP's EntityRef. Source: opentelemetry-proto, common/v1/common.proto. */
const FIELDS = new Set(['schemaUrl', 'type', 'idKeys', 'descriptionKeys']);

/**
 * The entities of a resource, a list of EntityRef as OTLP/JSON: types and keys of attributes, of which the published ones
 * stay. Throws a DecodeError for what is no JSON.
 */
export function redactEntityRefs(text: string, words: Words): string {
  const changes = {
    key: (key: string) => (FIELDS.has(key) ? key : words.name(key)),
    string: (value: string) => words.keep(value),
    number: (value: string) => value,
  };
  return jsonText(mapJson(parseJson(text), '', changes));
}

import { parseAllDocuments } from 'yaml';
import { reasonOf } from '../errors.js';
import { isJsonObject, type JsonObject } from './json.js';
import { objectsIn } from './list.js';

/** One object of a manifest, or what is wrong with a document. Documents count from zero. */
export type ManifestEntry =
  | { readonly document: number; readonly object: JsonObject }
  | { readonly document: number; readonly problem: string };

/** How often aliases may be followed in one document before it counts as hostile. */
const MAX_ALIASES = 1000;

/**
 * Reads YAML of several documents, JSON, JSON lines and what `kubectl get -o json --watch` prints; opens lists.
 * A document that cannot be read gives a problem; the others are read all the same. Empty documents give nothing.
 */
export function* readManifests(text: string): Generator<ManifestEntry> {
  let document = 0;
  for (const parse of documentsIn(text)) {
    try {
      yield* entriesOf(parse(), document);
    } catch (error) {
      yield { document, problem: problemOf(error) };
    }
    document++;
  }
}

function* entriesOf(value: unknown, document: number): Generator<ManifestEntry> {
  if (value === null || value === undefined) return;
  for (const item of objectsIn(value)) {
    if (isJsonObject(item)) yield { document, object: item };
    else yield { document, problem: `expected a Kubernetes object, found ${nameOf(item)}` };
  }
}

/** Text that begins with JSON may go on with YAML after a line of `---`, which can be in no text of JSON. */
function documentsIn(text: string): (() => unknown)[] {
  if (!isJson(text)) return yamlDocuments(text);
  return text
    .split(/^---(?=\s|$)/m)
    .flatMap((part) => (isJson(part) ? jsonDocuments(part) : yamlDocuments(part)));
}

function isJson(text: string): boolean {
  return /^\s*\{\s*["}]/.test(text);
}

function problemOf(error: unknown): string {
  const reason = reasonOf(error);
  if (reason.startsWith(STACK_IS_FULL)) return 'nested too deeply';
  return reason.replace(/:?\n[\s\S]*$/, '');
}

/** What readers that call themselves for each level say of text with thousands. */
const STACK_IS_FULL = 'Maximum call stack size exceeded';

/** Every object that begins in the first column of a line is a document: kubectl indents what is inside. */
function jsonDocuments(text: string): (() => unknown)[] {
  return text
    .trimStart()
    .split(/\n(?=\{)/)
    .map((part) => () => JSON.parse(part));
}

function yamlDocuments(text: string): (() => unknown)[] {
  const documents = parseAllDocuments(text, { logLevel: 'silent' });
  if (!Array.isArray(documents)) return [];
  return documents.map((document) => () => {
    const [error] = document.errors;
    if (error !== undefined) throw error;
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  });
}

function nameOf(value: unknown): string {
  return Array.isArray(value) ? 'a list' : `the ${typeof value} ${JSON.stringify(value)?.slice(0, 40)}`;
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as kubernetes from '@kubernetes/client-node';
import { FIELD_NAMES } from '../../../../src/share/objects/field_names.js';
import { redactorOf } from './redacted.js';

interface Model {
  getAttributeTypeMap(): readonly { readonly baseName: string; readonly type: string }[];
}

const MODELS = new Map(
  Object.entries(kubernetes).flatMap(([name, model]) => (isModel(model) ? [[name, model] as const] : [])),
);
const KINDS = [...MODELS].filter(([, model]) => has(model, 'apiVersion') && has(model, 'kind'));

/** What people call things: a word, a name of parts, a host, text. */
const WORDS = ['canaryqxz', 'canaryqxz-of-7d9f', 'canaryqxz.example', 'two canaryqxz words'];

test('the list of fields has those of every model of Kubernetes', () => {
  const missing = [...MODELS.values()]
    .flatMap((model) => model.getAttributeTypeMap().map(({ baseName }) => baseName))
    .filter((name) => !FIELD_NAMES.has(name));
  assert.deepEqual([...new Set(missing)], []);
});

test('no string in any field of any kind is left', (t) => {
  let planted = 0;
  for (const [name] of KINDS) {
    for (const word of WORDS) {
      const plant = () => `${word}${planted++}`;
      const object = JSON.stringify(instanceOf(name, plant, []));
      const { redactor } = redactorOf([object, JSON.stringify({ metadata: { name: 'canaryqxz' } })]);
      const redacted = redactor.redact(object);
      assert.doesNotMatch(redacted, /canaryqxz/i, `${name} with ${word}: ${around(redacted)}`);
      assert.deepEqual(shapeOf(JSON.parse(redacted)), shapeOf(JSON.parse(object)), name);
    }
  }
  t.diagnostic(`${planted} strings planted in ${KINDS.length} kinds`);
  assert(planted > 50_000);
});

function isModel(value: unknown): value is Model {
  return typeof value === 'function' && 'getAttributeTypeMap' in value;
}

function has(model: Model, field: string): boolean {
  return model.getAttributeTypeMap().some(({ baseName }) => baseName === field);
}

/** An object with something in every field, and two entries in every map. @param within the types around it. */
function instanceOf(type: string, plant: () => string, within: readonly string[]): Record<string, unknown> {
  const fields = MODELS.get(type)?.getAttributeTypeMap() ?? [];
  const values = fields.map((field) => [field.baseName, partOf(field.type, plant, [...within, type])]);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

function partOf(type: string, plant: () => string, within: readonly string[]): unknown {
  const [, item] = /^Array<(.+)>$/.exec(type) ?? [];
  const [, entry] = /^\{ \[key: string\]: (.+); \}$/.exec(type) ?? [];
  if (item !== undefined) return [partOf(item, plant, within)];
  if (entry !== undefined)
    return { [plant()]: partOf(entry, plant, within), x: partOf(entry, plant, within) };
  if (MODELS.has(type)) return within.includes(type) ? undefined : instanceOf(type, plant, within);
  if (type === 'number') return 7;
  return type === 'boolean' ? true : plant();
}

/** What stays the same: how many fields and items there are where. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.values(value).map(shapeOf);
}

function around(redacted: string): string {
  const at = redacted.search(/canaryqxz/i);
  return redacted.slice(Math.max(0, at - 80), at + 40);
}

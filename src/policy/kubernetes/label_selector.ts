import { isJsonObject, type JsonObject } from '../../kubernetes/json.js';
import type { Labels } from '../cluster/endpoint.js';
import { assumptionsOf, type DataPlane } from '../rules/data_plane.js';
import { objectOf } from '../rules/fields.js';
import { type Match, unknown } from '../rules/match.js';
import { InvalidPolicy } from '../rules/problem.js';

type Operator = 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';

/** The value of a label, undefined where there is none: `constructor` is a label key like any other. */
export function labelAt(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

/** One demand on the labels: a line of matchLabels counts as `In` with one value. */
interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values: readonly string[];
}

const KEY = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

/** Reads a key as written: the label that it stands for, and what must be a key as Kubernetes has them. */
type KeyReader = (written: string) => { readonly label: string; readonly key: string };

const asItStands: KeyReader = (key) => ({ label: key, key });

/** A label selector, compiled: all its requirements must hold, so the empty one selects everything. */
export class LabelSelector {
  /** In words that follow a noun: `app=web, tier in (a, b)`; empty for the selector of everything. */
  readonly text: string;

  private constructor(private readonly requirements: readonly Requirement[]) {
    this.text = requirements.map(textOf).join(', ');
  }

  /**
   * Compiles a LabelSelector; `where` is its path in the object. Throws InvalidPolicy where the API would refuse it.
   * @param keyOf the label that a key in it stands for, and what of it must be a label key.
   */
  static compile(raw: unknown, where: string, keyOf: KeyReader = asItStands): LabelSelector {
    if (!isJsonObject(raw)) throw new InvalidPolicy(where, 'is not a label selector');
    const { matchLabels, matchExpressions } = objectOf(raw, where, ['matchLabels', 'matchExpressions']);
    return new LabelSelector([
      ...fromLabels(matchLabels, `${where}.matchLabels`, keyOf),
      ...fromExpressions(matchExpressions, `${where}.matchExpressions`, keyOf),
    ]);
  }

  /** Whether it selects everything. */
  get isEmpty(): boolean {
    return this.requirements.length === 0;
  }

  /** Whether no other label than this one counts; true of the selector of everything. */
  asksOnlyFor(key: string): boolean {
    return this.requirements.every((requirement) => requirement.key === key);
  }

  matches(labels: Labels): boolean {
    for (const requirement of this.requirements) if (!holds(requirement, labels)) return false;
    return true;
  }

  /** The same for labels of a pod, not all of which a data plane need look at: unknown where that matters. */
  matchesPod(labels: Labels, dataPlane: DataPlane): Match {
    const match = this.matches(labels);
    const { unseenLabels } = assumptionsOf(dataPlane);
    const isUnseen = (key: string) => unseenLabels.some((pattern) => pattern.test(key));
    const doubtful = this.requirements.find(({ key }) => isUnseen(key));
    if (doubtful === undefined) return match;
    const seen = Object.fromEntries(Object.entries(labels).filter(([key]) => !isUnseen(key)));
    if (this.matches(seen) === match) return match;
    return unknown(`by default ${dataPlane} does not look at label ${doubtful.key}`);
  }

  /** The keys whose requirement does not hold, in the selector's order. */
  failedKeys(labels: Labels): string[] {
    return this.requirements.filter((one) => !holds(one, labels)).map((one) => one.key);
  }
}

function fromLabels(raw: unknown, where: string, keyOf: KeyReader): Requirement[] {
  if (raw === undefined || raw === null) return [];
  if (!isJsonObject(raw)) throw new InvalidPolicy(where, 'is not a map of labels');
  return Object.entries(raw).map(([key, value]) => {
    if (typeof value !== 'string') throw new InvalidPolicy(`${where}.${key}`, 'is not text');
    return checked({ key, operator: 'In', values: [value] }, where, keyOf);
  });
}

function fromExpressions(raw: unknown, where: string, keyOf: KeyReader): Requirement[] {
  if (raw === undefined || raw === null) return [];
  if (!Array.isArray(raw)) throw new InvalidPolicy(where, 'is not a list');
  return raw.map((expression: unknown, i) => {
    const at = `${where}[${i}]`;
    const requirement = requirementOf(objectOf(expression, at, ['key', 'operator', 'values']), at);
    return checked(requirement, at, keyOf);
  });
}

function requirementOf(expression: JsonObject, where: string): Requirement {
  const { key, operator, values = [] } = expression;
  if (typeof key !== 'string') throw new InvalidPolicy(`${where}.key`, 'is missing');
  if (operator !== 'In' && operator !== 'NotIn' && operator !== 'Exists' && operator !== 'DoesNotExist') {
    const found = JSON.stringify(operator) ?? 'missing';
    throw new InvalidPolicy(`${where}.operator`, `is ${found}, not In, NotIn, Exists or DoesNotExist`);
  }
  if (!isListOfText(values)) throw new InvalidPolicy(`${where}.values`, 'is not a list of text');
  const takesValues = operator === 'In' || operator === 'NotIn';
  if (takesValues !== values.length > 0) {
    throw new InvalidPolicy(`${where}.values`, `must ${takesValues ? 'not ' : ''}be empty for ${operator}`);
  }
  return { key, operator, values };
}

function isListOfText(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function checked(requirement: Requirement, where: string, keyOf: KeyReader): Requirement {
  const { label, key } = keyOf(requirement.key);
  if (!KEY.test(key)) throw new InvalidPolicy(where, `has "${requirement.key}", not a label key`);
  for (const value of requirement.values) {
    if (!VALUE.test(value)) throw new InvalidPolicy(where, `has "${value}", not a label value`);
  }
  return { ...requirement, key: label };
}

function holds({ key, operator, values }: Requirement, labels: Labels): boolean {
  const value = labelAt(labels, key);
  switch (operator) {
    case 'In':
      return values.some((one) => one === value);
    case 'NotIn':
      return !values.some((one) => one === value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
}

function textOf({ key, operator, values }: Requirement): string {
  const list = `(${values.join(', ')})`;
  switch (operator) {
    case 'In':
      return values.length === 1 ? `${key}=${values[0]}` : `${key} in ${list}`;
    case 'NotIn':
      return `${key} not in ${list}`;
    case 'Exists':
      return `with label ${key}`;
    case 'DoesNotExist':
      return `without label ${key}`;
  }
}

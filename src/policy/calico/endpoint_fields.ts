import { type JsonObject, objectAt } from '../../kubernetes/json.js';
import { listOf, objectOf, said } from '../rules/fields.js';
import { InvalidPolicy } from '../rules/problem.js';
import { NAMESPACE_LABEL, OF_NAMESPACE, OF_SERVICE_ACCOUNT, SERVICE_ACCOUNT_LABEL } from './labels.js';
import { parseSelector } from './parse_selector.js';
import { EVERYTHING, type LabelTest, type Selector, selectorText, withPrefix } from './selector.js';

/** One demand on endpoints: as a selector over all that Calico labels them with, and as it is said. */
export interface Demand {
  readonly selector: Selector;
  /** `app == "web"` for the endpoints' own labels, else what follows them: ` of namespaces team == "a"`. */
  readonly text: string;
}

const GLOBAL = /^[ \t]*global\([ \t]*\)[ \t]*$/;

/** Being in a namespace at all, which neither global network sets nor host endpoints are. */
const IN_A_NAMESPACE: LabelTest = { kind: 'label', key: NAMESPACE_LABEL, test: 'has', values: [] };

/** The demand that a selector makes on own labels; none where the field is empty. */
export function ownLabels(value: unknown, where: string): Demand | undefined {
  if (isAbsent(value)) return undefined;
  const selector = parseSelector(value, where);
  return { selector, text: selector.kind === 'all' ? '' : selectorText(selector) };
}

export function ofNamespace(namespace: string): Demand {
  const selector: Selector = { kind: 'label', key: NAMESPACE_LABEL, test: '==', values: [namespace] };
  return { selector, text: ` of namespace ${namespace}` };
}

/** What a namespaceSelector asks; `global()`, where it may be, is for what is in no namespace. */
export function ofNamespaces(value: unknown, where: string, mayBeGlobal: boolean): Demand | undefined {
  if (isAbsent(value)) return undefined;
  if (mayBeGlobal && GLOBAL.test(String(value))) {
    return { selector: { kind: 'not', of: IN_A_NAMESPACE }, text: ' outside namespaces' };
  }
  const selector = parseSelector(value, where);
  const text = selector.kind === 'all' ? 'every namespace' : `namespaces ${selectorText(selector)}`;
  return { selector: withPrefix(selector, OF_NAMESPACE, IN_A_NAMESPACE), text: ` of ${text}` };
}

/** What a selector asks of the labels of service accounts. */
export function ofServiceAccounts(value: unknown, where: string): Demand | undefined {
  if (isAbsent(value)) return undefined;
  const selector = parseSelector(value, where);
  const text = selector.kind === 'all' ? '' : ` whose service account fits ${selectorText(selector)}`;
  return { selector: withPrefix(selector, OF_SERVICE_ACCOUNT, EVERYTHING), text };
}

/** What `{names, selector}` asks: one of the names, and such labels. */
export function serviceAccountMatch(value: unknown, where: string): Demand[] {
  if (isAbsent(value)) return [];
  const fields = objectOf(value, where, ['names', 'selector']);
  const byLabels = ofServiceAccounts(fields.selector, `${where}.selector`);
  const names = listOf(fields.names, `${where}.names`)?.map((name, i) =>
    nameOf(name, `${where}.names[${i}]`),
  );
  if (names === undefined) return byLabels ? [byLabels] : [];
  const selector: Selector = { kind: 'label', key: SERVICE_ACCOUNT_LABEL, test: 'in', values: names };
  const byName = { selector, text: ` with service account ${names.join(' or ')}` };
  return byLabels ? [byName, byLabels] : [byName];
}

/** Everything but what has such labels. */
export function butNot({ selector }: Demand): Demand {
  return { selector: { kind: 'not', of: selector }, text: ` but not ${selectorText(selector)}` };
}

/** All demands as one: the endpoints' own labels first, as `pods app == "web" of namespace shop`. */
export function together(
  noun: 'pod' | 'endpoint',
  own: Demand | undefined,
  others: readonly Demand[],
): Demand {
  const demands = own === undefined ? others : [own, ...others];
  const who = own === undefined || own.text === '' ? `every ${noun}` : `${noun}s ${own.text}`;
  return {
    selector: { kind: 'and', of: demands.map(({ selector }) => selector) },
    text: `${who}${others.map(({ text }) => text).join('')}`,
  };
}

/** The name of something; throws InvalidPolicy for what is none. */
export function nameOf(value: unknown, where: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new InvalidPolicy(where, `is ${said(value)}, not a name`);
}

/** The name that an object itself has. */
export function nameOfObject(object: JsonObject): string {
  return nameOf(objectAt(object, 'metadata').name, 'metadata.name');
}

/** Calico takes an empty field for one that is not there. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

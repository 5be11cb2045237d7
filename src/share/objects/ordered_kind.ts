import { DEFAULT_TIER } from '../../policy/rules/tier.js';
import { Fields, Literal } from './json_tree.js';

/** An object that has a place in an order, in which names decide where the order is the same. */
export interface Ordered {
  readonly kind: 'policy' | 'tier';
  readonly name: string;
  /** Of a policy: the tier in which it stands. */
  readonly tier: string;
  /** Infinity for a policy without one, which comes last. */
  readonly order: number;
}

/** Reads tier and order of Calico's policies and tiers; undefined for other objects, and for an order that is no number. */
export function orderedKind(object: Fields): Ordered | undefined {
  const kind = object.text('kind') ?? '';
  const name = fieldsOf(object, 'metadata')?.text('name');
  if (!isOfCalico(object) || name === undefined) return undefined;
  const spec = fieldsOf(object, 'spec');
  if (kind === 'Tier') return placed('tier', name, '', spec, DEFAULT_TIER.order);
  if (kind !== 'NetworkPolicy' && kind !== 'GlobalNetworkPolicy') return undefined;
  return placed('policy', name, spec?.text('tier') || DEFAULT_TIER.name, spec, Number.POSITIVE_INFINITY);
}

/** Whether it is of one of Calico's API groups, in which selectors are expressions. */
export function isOfCalico(object: Fields): boolean {
  return /^(?:crd\.)?projectcalico\.org\//.test(object.text('apiVersion') ?? '');
}

function placed(
  kind: Ordered['kind'],
  name: string,
  tier: string,
  spec: Fields | undefined,
  missing: number,
): Ordered | undefined {
  const order = spec?.get('order');
  if (order === undefined || (order instanceof Literal && order.text === 'null'))
    return { kind, name, tier, order: missing };
  const value = order instanceof Literal ? Number(order.text) : Number.NaN;
  return Number.isNaN(value) ? undefined : { kind, name, tier, order: value };
}

function fieldsOf(object: Fields, key: string): Fields | undefined {
  const value = object.get(key);
  return value instanceof Fields ? value : undefined;
}

import { type JsonObject, objectAt, textAt } from '../../kubernetes/json.js';
import { listOf, objectOf, said } from '../rules/fields.js';
import { type CompiledPolicy, DIRECTIONS, type Direction } from '../rules/policy.js';
import { InvalidPolicy } from '../rules/problem.js';
import { ADMIN_TIER, BASELINE_TIER, DEFAULT_TIER } from '../rules/tier.js';
import {
  type Demand,
  nameOf,
  nameOfObject,
  ofNamespace,
  ofNamespaces,
  ofServiceAccounts,
  ownLabels,
  together,
} from './endpoint_fields.js';
import { compileRules, wordOf } from './rule.js';
import { SelectedPods } from './selected.js';

const FIELDS = [
  'tier',
  'order',
  'selector',
  'serviceAccountSelector',
  'types',
  'ingress',
  'egress',
  'performanceHints',
];
const GLOBAL_FIELDS = [...FIELDS, 'namespaceSelector', 'doNotTrack', 'preDNAT', 'applyOnForward'];

/** The tiers in which Calico puts the policies of Kubernetes' network policy API, by its names for them. */
const BUILT_IN: ReadonlyMap<string, string> = new Map([
  ['kube-admin', ADMIN_TIER.name],
  ['kube-baseline', BASELINE_TIER.name],
]);

/**
 * Compiles a NetworkPolicy of projectcalico.org/v3 or crd.projectcalico.org/v1. Throws InvalidPolicy where the API
 * would refuse the object. Of its fields, performanceHints changes nothing of what it does.
 * Source: projectcalico/calico api/pkg/apis/projectcalico/v3/networkpolicy.go.
 */
export function compileCalicoPolicy(object: JsonObject): CompiledPolicy[] {
  const namespace = textAt(objectAt(object, 'metadata'), 'namespace') ?? 'default';
  return [compile(object, objectOf(object.spec ?? {}, 'spec', FIELDS), namespace)];
}

/**
 * Compiles a GlobalNetworkPolicy of either group. Host endpoints are not judged; applyOnForward is about them alone
 * and leaves pods as they are, doNotTrack and preDNAT make a policy for nothing else.
 * Source: projectcalico/calico api/pkg/apis/projectcalico/v3/globalnetworkpolicy.go, felix/calc/event_sequencer.go.
 */
export function compileGlobalPolicy(object: JsonObject): CompiledPolicy[] {
  const spec = objectOf(object.spec ?? {}, 'spec', GLOBAL_FIELDS);
  for (const field of ['doNotTrack', 'preDNAT']) {
    if (spec[field] !== true) continue;
    throw new InvalidPolicy(
      `spec.${field}`,
      'makes it a policy for host endpoints only, which are not judged',
    );
  }
  return [compile(object, spec, null)];
}

function compile(object: JsonObject, spec: JsonObject, namespace: string | null): CompiledPolicy {
  const apiVersion = String(object.apiVersion);
  const tier = spec.tier ? nameOf(spec.tier, 'spec.tier') : DEFAULT_TIER.name;
  const { selector, text } = subjectOf(spec, namespace);
  const types = typesOf(spec, apiVersion);
  const section = (direction: Direction) => {
    const rules = compileRules(spec, direction, namespace);
    return types.includes(direction) ? { isolates: true, rules } : undefined;
  };
  return {
    kind: namespace === null ? 'GlobalNetworkPolicy' : 'NetworkPolicy',
    apiVersion,
    namespace,
    name: ownName(nameOfObject(object), tier, apiVersion),
    tier: BUILT_IN.get(tier) ?? tier,
    order: orderOf(spec.order, Number.POSITIVE_INFINITY),
    ties: 'by name',
    selects: new SelectedPods(selector, text),
    sections: { ingress: section('ingress'), egress: section('egress') },
  };
}

/** The pods that the policy is about: those that all of its selectors take, of its own namespace if it has one. */
function subjectOf(spec: JsonObject, namespace: string | null): Demand {
  const own = ownLabels(spec.selector, 'spec.selector');
  const namespaces =
    namespace === null
      ? ofNamespaces(spec.namespaceSelector, 'spec.namespaceSelector', false)
      : ofNamespace(namespace);
  const accounts = ofServiceAccounts(spec.serviceAccountSelector, 'spec.serviceAccountSelector');
  return together('pod', own, [namespaces ?? [], accounts ?? []].flat());
}

/**
 * The directions that the policy is about. Where it does not say, Calico's API fills them in by the rules that there
 * are; what was written past it, as a bare custom resource, is in force in both.
 * Source: projectcalico/calico api/pkg/defaults/networkpolicy.go, felix/calc/policy_sorter.go.
 */
function typesOf(spec: JsonObject, apiVersion: string): readonly Direction[] {
  const types = listOf(spec.types, 'spec.types');
  if (types !== undefined) return types.map((type, i) => wordOf(type, DIRECTIONS, `spec.types[${i}]`));
  if (isBare(apiVersion)) return DIRECTIONS;
  const withRules = DIRECTIONS.filter((direction) => listOf(spec[direction], `spec.${direction}`));
  return withRules.length > 0 ? withRules : ['ingress'];
}

/** A policy's or tier's place among others; throws InvalidPolicy for what is no number. */
export function orderOf(value: unknown, missing: number): number {
  const order = value ?? missing;
  if (typeof order === 'number') return order;
  throw new InvalidPolicy('spec.order', `is ${said(value)}, not a number`);
}

/** Bare custom resources of the default tier are kept under the tier's name and a dot, which people do not see. */
function ownName(name: string, tier: string, apiVersion: string): string {
  const prefix = `${DEFAULT_TIER.name}.`;
  return isBare(apiVersion) && tier === DEFAULT_TIER.name && name.startsWith(prefix)
    ? name.slice(prefix.length)
    : name;
}

/** Whether the object is one in which Calico keeps its own, rather than what its API shows of it. */
function isBare(apiVersion: string): boolean {
  return apiVersion.startsWith('crd.');
}

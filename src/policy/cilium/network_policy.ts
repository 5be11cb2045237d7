import { type JsonObject, objectAt, textAt } from '../../kubernetes/json.js';
import { listOf, objectOf, said } from '../rules/fields.js';
import type { CompiledPolicy, Direction, Section } from '../rules/policy.js';
import { InvalidPolicy } from '../rules/problem.js';
import { DEFAULT_TIER, NETWORK_POLICY_ORDER } from '../rules/tier.js';
import { subjectEndpoints } from './endpoints.js';
import { rulesOf } from './rules.js';

/**
 * Compiles a cilium.io/v2 CiliumNetworkPolicy, each of its specs to one policy. Throws InvalidPolicy where the API or
 * Cilium's agent would refuse the object, and for fields that nobody here has heard of.
 * Source: cilium/pkg/policy/api (rule.go, rule_validation.go), cilium/pkg/k8s/apis/cilium.io/utils/utils.go.
 */
export function compileCiliumNetworkPolicy(object: JsonObject): CompiledPolicy[] {
  return policiesOf(
    object,
    'CiliumNetworkPolicy',
    textAt(objectAt(object, 'metadata'), 'namespace') ?? 'default',
  );
}

/** The same for a CiliumClusterwideNetworkPolicy, whose selectors are about the pods of every namespace. */
export function compileCiliumClusterwideNetworkPolicy(object: JsonObject): CompiledPolicy[] {
  return policiesOf(object, 'CiliumClusterwideNetworkPolicy', null);
}

const SPEC_FIELDS = [
  'endpointSelector',
  'nodeSelector',
  'ingress',
  'ingressDeny',
  'egress',
  'egressDeny',
  'enableDefaultDeny',
  'labels',
  'description',
  'log',
];

function policiesOf(object: JsonObject, kind: string, namespace: string | null): CompiledPolicy[] {
  const name = String(objectAt(object, 'metadata').name);
  const single = object.spec ?? undefined;
  const several = listOf(object.specs, 'specs') ?? [];
  if (single === undefined && several.length === 0)
    throw new InvalidPolicy('spec', 'is missing, and so is specs');
  const parts = several.map((spec, i) => partOf(spec, namespace, `specs[${i}]`, `specs[${i}] `));
  if (single !== undefined) parts.unshift(partOf(single, namespace, 'spec', ''));
  return parts.map((part) => ({
    kind,
    apiVersion: 'cilium.io/v2',
    namespace,
    name,
    tier: DEFAULT_TIER.name,
    order: NETWORK_POLICY_ORDER,
    ties: 'union',
    ...part,
  }));
}

/** What one spec says. */
function partOf(raw: unknown, namespace: string | null, where: string, prefix: string) {
  const spec = objectOf(raw, where, SPEC_FIELDS);
  const selects = subjectOf(spec, namespace, where);
  const ingress = sectionOf(spec, 'ingress', namespace, where, prefix);
  const egress = sectionOf(spec, 'egress', namespace, where, prefix);
  if (ingress === undefined && egress === undefined) {
    throw new InvalidPolicy(
      where,
      'has no rules: one of ingress, ingressDeny, egress and egressDeny must have some',
    );
  }
  return { selects, sections: { ingress, egress } };
}

function subjectOf({ endpointSelector, nodeSelector }: JsonObject, namespace: string | null, where: string) {
  if (nodeSelector !== undefined) {
    throw new InvalidPolicy(
      `${where}.nodeSelector`,
      'makes it a policy for nodes, whose own traffic is not judged',
    );
  }
  return subjectEndpoints(endpointSelector, namespace, `${where}.endpointSelector`);
}

/** Undefined where there are no rules, which leaves the direction as it is whatever enableDefaultDeny says. */
function sectionOf(
  spec: JsonObject,
  direction: Direction,
  namespace: string | null,
  where: string,
  prefix: string,
): Section | undefined {
  const rules = [
    ...rulesOf(spec[direction], {
      action: 'allow',
      direction,
      namespace,
      where: `${where}.${direction}`,
      prefix,
    }),
    ...rulesOf(spec[`${direction}Deny`], {
      action: 'deny',
      direction,
      namespace,
      where: `${where}.${direction}Deny`,
      prefix,
    }),
  ];
  return rules.length > 0 ? { isolates: isolates(spec, direction, where), rules } : undefined;
}

/** Rules that deny isolate as well as those that allow, unless enableDefaultDeny says otherwise. */
function isolates(spec: JsonObject, direction: Direction, where: string): boolean {
  const place = `${where}.enableDefaultDeny`;
  const given = objectOf(spec.enableDefaultDeny ?? {}, place, ['ingress', 'egress'])[direction] ?? true;
  if (typeof given === 'boolean') return given;
  throw new InvalidPolicy(`${place}.${direction}`, `is ${said(given)}, not true or false`);
}

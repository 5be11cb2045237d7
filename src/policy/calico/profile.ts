import type { JsonObject } from '../../kubernetes/json.js';
import { objectOf } from '../rules/fields.js';
import type { CompiledPolicy, Direction, Section } from '../rules/policy.js';
import { PROFILE_TIER } from '../rules/tier.js';
import { nameOfObject, ofNamespace, together } from './endpoint_fields.js';
import { compileRules } from './rule.js';
import { SelectedPods } from './selected.js';

/**
 * Compiles a Profile: what holds for the pods of a namespace where no policy decided. Of all profiles only those that
 * Calico derives from a namespace, `kns.<namespace>`, have rules for pods; they allow everything, which is also what
 * holds where none was recorded. Those of service accounts, `ksa.…`, lend labels only, others are for host endpoints.
 * Source: projectcalico/calico api/pkg/apis/projectcalico/v3/profile.go, libcalico-go/lib/backend/k8s/conversion.
 */
export function compileProfile(object: JsonObject): CompiledPolicy[] {
  const name = nameOfObject(object);
  const [, namespace] = /^kns\.(.+)$/.exec(name) ?? [];
  if (namespace === undefined) return [];
  const spec = objectOf(object.spec ?? {}, 'spec', ['ingress', 'egress', 'labelsToApply']);
  const { selector, text } = together('pod', undefined, [ofNamespace(namespace)]);
  return [
    {
      kind: 'Profile',
      apiVersion: String(object.apiVersion),
      namespace: null,
      name,
      tier: PROFILE_TIER.name,
      order: 0,
      ties: 'by name',
      selects: new SelectedPods(selector, text),
      sections: { ingress: sectionOf(spec, 'ingress'), egress: sectionOf(spec, 'egress') },
    },
  ];
}

/** None for rules that allow everything, which say nothing. */
function sectionOf(spec: JsonObject, direction: Direction): Section | undefined {
  const rules = compileRules(spec, direction, null);
  const [first] = rules;
  return first?.action === 'allow' && first.clauses.length === 0 ? undefined : { isolates: true, rules };
}

import type { JsonObject } from '../../kubernetes/json.js';
import type { Clause } from '../rules/clause.js';
import { choiceOf, listOf, objectOf } from '../rules/fields.js';
import type { Direction, Rule } from '../rules/policy.js';
import { UnjudgedClause } from '../rules/unjudged.js';
import { nobody } from './peer_clause.js';
import { PEER_FIELDS, peerClauseOf } from './peers.js';
import type { RuleList } from './rule_list.js';
import { transportsOf } from './transport.js';

/** Compiles a list of IngressRule, IngressDenyRule, EgressRule or EgressDenyRule. */
export function rulesOf(raw: unknown, list: RuleList): Rule[] {
  return (listOf(raw, list.where) ?? []).flatMap((rule, index) => ruleOf(rule, index, list));
}

/** One for each way in which it can match: ports of which more is asked stand apart. */
function ruleOf(raw: unknown, index: number, list: RuleList): Rule[] {
  const { action, direction, namespace, prefix } = list;
  const where = `${list.where}[${index}]`;
  const fields = objectOf(raw, where, fieldsOf(list));
  const peers = peerClauseOf(fields, direction, namespace, where);
  const transports = transportsOf(fields, list, where);
  const demands = [...(peers === undefined ? [] : [peers]), ...authentication(fields.authentication, where)];
  // A rule with neither peers nor ports matches nothing.
  const ways = transports ?? (peers === undefined ? [] : [[]]);
  const matching = ways.length > 0 ? ways.map((way) => [...demands, ...way]) : [[nobody(direction)]];
  const label = `${prefix}${direction}${action === 'deny' ? 'Deny' : ''} rule ${index}`;
  return [
    ...matching.map((clauses): Rule => ({ action, index, label, clauses })),
    ...requirements(fields, direction, where).map(
      (clause): Rule => ({ action: 'deny', index, label, clauses: [clause] }),
    ),
  ];
}

function fieldsOf({ action, direction }: RuleList): string[] {
  const peers = PEER_FIELDS[direction].map(({ field }) => field);
  const both = ['toPorts', 'icmps', REQUIREMENTS[direction]];
  if (action === 'allow') return [...peers, ...both, 'authentication'];
  return [...peers.filter((field) => field !== 'toFQDNs'), ...both];
}

function authentication(raw: unknown, where: string): Clause[] {
  if (raw === undefined || raw === null) return [];
  const { mode } = objectOf(raw, `${where}.authentication`, ['mode']);
  const modes = ['disabled', 'required', 'test-always-fail'] as const;
  const found = choiceOf(mode, modes, `${where}.authentication.mode`);
  if (found === 'disabled') return [];
  return [
    new UnjudgedClause('mutual authentication', 'whether the two ends have authenticated is not recorded'),
  ];
}

const REQUIREMENTS = { ingress: 'fromRequires', egress: 'toRequires' } as const;

/**
 * What fromRequires and toRequires ask for narrows the selectors of all policies for the pod, so that anything which one
 * of them allows may be denied after all. Cilium 1.19 has them no more.
 */
function requirements(fields: JsonObject, direction: Direction, where: string): Clause[] {
  const field = REQUIREMENTS[direction];
  if (listOf(fields[field], `${where}.${field}`) === undefined) return [];
  return [new UnjudgedClause(field, `${field} narrows every rule for the pod, which is not judged`)];
}

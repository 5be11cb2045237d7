import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileCalicoPolicy } from '../../../../src/policy/calico/network_policy.js';
import { compileNetworkPolicy } from '../../../../src/policy/kubernetes/network_policy.js';
import { EndClause } from '../../../../src/policy/rules/end_clause.js';
import type { CompiledPolicy } from '../../../../src/policy/rules/policy.js';
import { UnjudgedSet } from '../../../../src/policy/rules/unjudged.js';
import { describeEdit } from '../../../../src/policy/verdict/describe.js';
import { calicoPolicy } from '../calico/calico_objects.js';
import { objectOf, policyYaml } from '../cluster.js';

const networkPolicy = (spec: string) => compileNetworkPolicy(objectOf(policyYaml('p', spec)));
const calico = (spec: string) => compileCalicoPolicy(objectOf(calicoPolicy('p', spec)));

/** Tests what is told of an edit of a policy's spec. */
function edit(name: string, before: CompiledPolicy[], after: CompiledPolicy[], expected: string | undefined) {
  test(`edit: ${name}`, () => assert.equal(describeEdit(before, after), expected));
}

const ports = (...numbers: number[]) =>
  networkPolicy(`ingress: [${numbers.map((port) => `{ports: [{port: ${port}}]}`).join(', ')}]`);

edit('nothing that counts', ports(80), ports(80), undefined);

edit(
  'whom it selects',
  networkPolicy('podSelector: {}'),
  networkPolicy('podSelector: {matchLabels: {app: web}}'),
  'it selected every pod and now selects pods app=web',
);

edit(
  'its tier and its order',
  calico('order: 5'),
  calico('order: 6, tier: front'),
  'it moved from tier default to front; its order was 5 and is now 6',
);

edit(
  'what it isolates',
  networkPolicy('policyTypes: [Ingress]'),
  networkPolicy('policyTypes: [Egress]'),
  'it no longer isolates ingress; it now isolates egress',
);

edit(
  'a rule',
  networkPolicy('ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}]'),
  networkPolicy('ingress: [{}]'),
  'ingress rule 0 allowed every pod on TCP 80 and now allows everything',
);

edit(
  'a rule that was added',
  ports(80),
  ports(80, 81),
  'ingress rule 1 was added and allows everything on TCP 81',
);

edit(
  'a rule that was removed from the middle is no change of those after it',
  ports(80, 81, 82),
  ports(80, 82),
  'ingress rule 1, which allowed everything on TCP 81, was removed',
);

edit(
  'rules that were put in another order',
  ports(80, 81),
  ports(81, 80),
  'ingress rule 0 allowed everything on TCP 80 and now allows everything on TCP 80',
);

edit(
  'fewer rules than before',
  ports(80, 81),
  ports(90),
  'ingress rule 0 allowed everything on TCP 80 and now allows everything on TCP 90; ' +
    'ingress rule 1, which allowed everything on TCP 81, was removed',
);

edit(
  "a rule's action",
  calico('ingress: [{action: Allow, protocol: TCP}]'),
  calico('ingress: [{action: Deny, protocol: TCP}]'),
  'ingress rule 0 allowed everything on TCP and now denies everything on TCP',
);

edit('a spec that was added', ports(80), [...ports(80), ...ports(81)], 'a spec was added');
edit('a spec that was removed', [...ports(80), ...ports(81)], ports(80), 'a spec was removed');

/** A policy with one rule about both ends, in the order given. */
function between(...ends: ('source' | 'destination')[]): CompiledPolicy[] {
  const clauses = ends.map((end) => new EndClause(end, [new UnjudgedSet(`the ${end}`, '')]));
  const rules = [{ action: 'allow' as const, index: 0, label: 'ingress rule 0', clauses }];
  return ports().map((policy) => ({
    ...policy,
    sections: { ingress: { isolates: true, rules }, egress: undefined },
  }));
}

edit(
  'a rule about both ends',
  between('source', 'destination'),
  between('destination', 'source'),
  'ingress rule 0 allowed the source to the destination and now allows the destination from the source',
);

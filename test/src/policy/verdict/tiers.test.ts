import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Endpoint } from '../../../../src/policy/cluster/endpoint.js';
import { AddressBlock, cidrOf } from '../../../../src/policy/rules/address_block.js';
import type { ClusterState } from '../../../../src/policy/rules/cluster_state.js';
import type { Action, CompiledPolicy, Rule } from '../../../../src/policy/rules/policy.js';
import { PortClause } from '../../../../src/policy/rules/port_clause.js';
import { ADMIN_TIER, BASELINE_TIER, DEFAULT_TIER, type Tier } from '../../../../src/policy/rules/tier.js';
import { UnjudgedClause, UnjudgedSet } from '../../../../src/policy/rules/unjudged.js';
import { Evaluator } from '../../../../src/policy/verdict/evaluator.js';
import type { DirectionVerdict } from '../../../../src/policy/verdict/verdict.js';
import { clusterOf, SHOP } from '../cluster.js';

const SHOP_STATE = clusterOf(SHOP);
const EVERY_POD = new AddressBlock(cidrOf('10.0.0.0/8', ''), [], 'every pod');
const PERHAPS = new UnjudgedSet('perhaps', 'nobody knows');

/** Rules in words: `deny`, `allow 80`, `pass perhaps`. */
function rule(words: string, index: number): Rule {
  const [action = '', what] = words.split(' ');
  const clauses =
    what === undefined
      ? []
      : what === 'perhaps'
        ? [new UnjudgedClause('perhaps', 'nobody knows')]
        : [new PortClause([{ protocol: 'TCP', port: Number(what), endPort: undefined }])];
  return { action: action as Action, index, label: `ingress rule ${index}`, clauses };
}

interface Shape extends Partial<Omit<CompiledPolicy, 'sections'>> {
  readonly isolates?: boolean;
}

/** A policy about the ingress of every pod: of the default tier, isolating, one of a union, unless told otherwise. */
function policy(
  name: string,
  rules: readonly string[],
  { isolates = true, ...more }: Shape = {},
): CompiledPolicy {
  return {
    kind: 'TestPolicy',
    apiVersion: 'v1',
    namespace: null,
    name,
    tier: DEFAULT_TIER.name,
    order: 0,
    ties: 'union',
    selects: EVERY_POD,
    sections: { ingress: { isolates, rules: rules.map(rule) }, egress: undefined },
    ...more,
  };
}

const admin = (name: string, rules: readonly string[], order = 0) =>
  policy(name, rules, { tier: ADMIN_TIER.name, order, ties: 'undefined', isolates: false });
const baseline = (name: string, rules: readonly string[]) =>
  policy(name, rules, { tier: BASELINE_TIER.name, ties: 'undefined', isolates: false });

/** The verdict on shop/web > shop/db on a port of TCP. */
function ingress(
  policies: readonly CompiledPolicy[],
  port: number,
  tiers: readonly Tier[],
): DirectionVerdict {
  const state: ClusterState = Object.assign(Object.create(SHOP_STATE), {
    policies: (namespace: string | null) => (namespace === null ? policies : []),
    tier: (name: string) => tiers.find((tier) => tier.name === name) ?? SHOP_STATE.tier(name),
  });
  const [source, destination] = ['10.0.0.1', '10.0.0.2'].map((address) => state.endpointAt(address)) as [
    Endpoint,
    Endpoint,
  ];
  const connection = { source, destination, protocol: 'TCP', sourcePort: null, destinationPort: port };
  return new Evaluator(state).evaluate(connection).ingress;
}

/** What becomes of it: `denied: a passes 0, b denies 1`, a number being that of a rule. */
function outcome(policies: readonly CompiledPolicy[], port: number, tiers: readonly Tier[] = []): string {
  const { verdict, decisions, otherwise } = ingress(policies, port, tiers);
  const said = decisions.map(({ policy: { name }, effect, rule: one }) =>
    `${name} ${effect} ${one?.index ?? ''}`.trim(),
  );
  return `${verdict}: ${otherwise ?? said.join(', ')}`;
}

/** Tests what becomes of a connection to port 80, and to others where they are named. */
function becomes(
  name: string,
  policies: readonly CompiledPolicy[],
  expected: string | Record<number, string>,
  tiers?: readonly Tier[],
) {
  test(name, () => {
    const answers = typeof expected === 'string' ? { 80: expected } : expected;
    const found = Object.keys(answers).map((port) => [port, outcome(policies, Number(port), tiers)]);
    assert.deepEqual(Object.fromEntries(found), answers);
  });
}

becomes('nothing: what no policy isolates is allowed', [], 'allowed: no policy isolates the destination pod');

becomes(
  'tiers: in their order, whatever the order of the policies',
  [baseline('b', ['deny 80', 'deny 81', 'deny 82']), policy('n', ['allow 81']), admin('a', ['allow 80'])],
  { 80: 'allowed: a allows 0', 81: 'allowed: n allows 0', 82: 'denied: n isolates' },
);

const FRONT: Tier = { name: 'front', order: 5, defaultAction: 'deny' };
const BACK: Tier = { name: 'back', order: 5, defaultAction: 'deny' };
const PASSING: Tier = { name: 'passing', order: 5, defaultAction: 'pass' };

becomes(
  'tiers: those of one order by their names',
  [policy('f', ['allow'], { tier: 'front' }), policy('k', ['deny'], { tier: 'back' })],
  'denied: k denies 0',
  [FRONT, BACK],
);

becomes(
  'tiers: one whose policies are not about the pod is passed over',
  [
    policy('f', ['deny'], {
      tier: 'front',
      selects: new AddressBlock(cidrOf('10.9.0.0/16', ''), [], 'others'),
    }),
  ],
  'allowed: no policy isolates the destination pod',
  [FRONT],
);

becomes(
  'tiers: one that was not recorded leaves everything unknown',
  [policy('lost', ['allow'], { tier: 'lost' }), admin('a', ['deny'])],
  'unknown: lost unknown',
);

becomes(
  'default deny: every policy that isolates is named, in the order in which they were recorded',
  [policy('y', ['allow 81']), policy('x', [])],
  { 80: 'denied: y isolates, x isolates', 81: 'allowed: y allows 0' },
);

becomes(
  'default pass: what no rule matches goes to the next tier',
  [policy('p', ['allow 80'], { tier: 'passing' }), policy('n', ['allow 81'])],
  { 80: 'allowed: p allows 0', 81: 'allowed: p passes, n allows 0', 82: 'denied: p passes, n isolates' },
  [PASSING],
);

becomes(
  'no isolation: a policy that does not isolate only adds its rules',
  [policy('a', ['allow 80', 'deny 81'], { isolates: false })],
  {
    80: 'allowed: a allows 0',
    81: 'denied: a denies 1',
    82: 'allowed: no policy isolates the destination pod',
  },
);

becomes(
  'order: the first rule that matches decides',
  [admin('a', ['allow 80', 'deny'], 1), admin('b', ['allow'], 2)],
  {
    80: 'allowed: a allows 0',
    81: 'denied: a denies 1',
  },
);

becomes(
  'order: the lower number comes first',
  [admin('a', ['deny'], 2), admin('b', ['allow'], 1)],
  'allowed: b allows 0',
);

becomes(
  'union: a deny of one policy outweighs an allow of another, and of the same',
  [policy('a', ['allow', 'deny 81']), policy('b', ['deny 80'])],
  {
    80: 'denied: b denies 0',
    81: 'denied: a denies 1',
    82: 'allowed: a allows 0',
  },
);

becomes(
  'union: only policies of the same order are one set',
  [policy('a', ['allow'], { order: 1 }), policy('b', ['deny'], { order: 2 })],
  'allowed: a allows 0',
);

becomes(
  'union: unknown where a policy that is tried by name in the same place disagrees',
  [policy('a', ['deny 80'], { ties: 'by name' }), policy('z', ['allow'])],
  { 80: 'unknown: z unknown 0', 81: 'allowed: z allows 0' },
);

becomes(
  'union: of policies that are tried by name in the same place the first that decides counts',
  [
    policy('a', ['allow'], { ties: 'by name' }),
    policy('b', ['deny'], { ties: 'by name' }),
    policy('z', ['allow']),
  ],
  'allowed: z allows 0',
);

becomes(
  'union: so does the next where nobody knows whether the first is about the pod, or holds',
  [
    policy('a', ['allow 80'], { ties: 'by name', selects: PERHAPS }),
    policy('b', ['allow perhaps'], { ties: 'by name' }),
    policy('c', ['deny'], { ties: 'by name' }),
    policy('z', ['allow']),
  ],
  { 80: 'unknown: z unknown 0', 81: 'unknown: z unknown 0' },
);

becomes(
  'by name: one after the other',
  [policy('b', ['deny'], { ties: 'by name' }), policy('a', ['allow 80'], { ties: 'by name' })],
  { 80: 'allowed: a allows 0', 81: 'denied: b denies 0' },
);

becomes(
  'undefined: unknown where two of one order disagree, and only there',
  [admin('a', ['deny 80', 'deny 81']), admin('b', ['allow 80', 'deny 81', 'allow 82'])],
  { 80: 'unknown: a unknown 0', 81: 'denied: a denies 1', 82: 'allowed: b allows 2' },
);

becomes(
  'undefined: the later rules of a policy do not count against its own first',
  [admin('a', ['allow', 'deny']), admin('b', ['allow', 'deny'])],
  'allowed: a allows 0',
);

becomes(
  'undefined: policies of another order, or of a union, are no rivals',
  [admin('a', ['allow'], 1), admin('b', ['deny'], 2)],
  'allowed: a allows 0',
);

becomes(
  'undefined: policies of a union in the same place come before, and are no rivals',
  [policy('u', ['allow'], { tier: ADMIN_TIER.name }), admin('d', ['deny'])],
  'allowed: u allows 0',
);

becomes(
  'undefined: policies that are tried by name in the same place come after, and are no rivals',
  [policy('b', ['deny'], { tier: ADMIN_TIER.name, ties: 'by name' }), admin('d', ['allow'])],
  'allowed: d allows 0',
);

becomes(
  'undefined: an allow is a rival of a deny, also where the next tier would deny',
  [admin('a', ['deny']), admin('b', ['allow']), policy('n', [])],
  'unknown: a unknown 0',
);

becomes(
  'undefined: after a rule that nobody can judge the next of its policy is a rival too',
  [admin('a', ['allow']), admin('b', ['allow perhaps', 'deny'])],
  'unknown: a unknown 0',
);

becomes(
  'undefined: after a rule that holds no other of its policy is a rival, even if nobody knows whether it is about the pod',
  [admin('a', ['allow']), { ...admin('b', ['allow', 'deny']), selects: PERHAPS }],
  'allowed: a allows 0',
);

becomes(
  'pass: on to the next tier, whatever else this one has',
  [admin('a', ['pass', 'deny']), admin('b', ['deny'], 1), policy('n', ['allow 81'])],
  {
    80: 'denied: a passes 0, n isolates',
    81: 'allowed: a passes 0, n allows 0',
  },
);

becomes(
  'pass: after the last tier everything is allowed',
  [admin('a', ['pass']), baseline('b', ['pass'])],
  'allowed: a passes 0, b passes 0',
);

becomes('log: decides nothing', [admin('a', ['log', 'deny 80'])], {
  80: 'denied: a denies 1',
  81: 'allowed: no policy isolates the destination pod',
});

becomes(
  'doubt: does not matter where the rule would do what happens anyway',
  [admin('a', ['allow perhaps', 'allow 80'])],
  'allowed: a allows 1',
);

becomes(
  'doubt: does not matter where nothing else says anything',
  [admin('a', ['allow perhaps'])],
  'allowed: no policy isolates the destination pod',
);

becomes('doubt: matters where the rule would turn the verdict', [admin('a', ['allow perhaps', 'deny 80'])], {
  80: 'unknown: a unknown 0',
  81: 'allowed: no policy isolates the destination pod',
});

becomes('doubt: matters against the default deny of a tier', [policy('a', ['allow perhaps', 'allow 80'])], {
  80: 'allowed: a allows 1',
  81: 'unknown: a unknown 0',
});

becomes('doubt: a deny that nobody can judge', [policy('a', ['deny perhaps', 'allow 80'])], {
  80: 'unknown: a unknown 0',
  81: 'denied: a isolates',
});

becomes(
  'doubt: all of them are named',
  [policy('a', ['allow perhaps', 'allow perhaps'])],
  'unknown: a unknown 0, a unknown 1',
);

becomes(
  'doubt: a pass that nobody can judge counts for what the next tier says',
  [admin('a', ['pass perhaps', 'deny 80', 'allow 81', 'deny 82']), policy('n', ['allow 82'])],
  { 80: 'denied: a denies 1', 81: 'unknown: a unknown 0', 82: 'unknown: a unknown 0' },
);

becomes(
  'doubt: a rule whose ports do not match is no doubt',
  [admin('a', ['deny 81'], 0), policy('n', ['allow'], {})].map((one) => ({
    ...one,
    selects: one.name === 'a' ? PERHAPS : one.selects,
  })),
  { 80: 'allowed: n allows 0', 81: 'unknown: a unknown 0' },
);

becomes(
  'doubt: whether a policy is about the pod does not matter where it allows what else nobody denies',
  [policy('a', ['allow 80'], { selects: PERHAPS })],
  { 80: 'allowed: no policy isolates the destination pod', 81: 'unknown: a unknown' },
);

becomes(
  'doubt: whether a policy isolates the pod does not matter where another does',
  [policy('a', ['allow 80'], { selects: PERHAPS }), policy('b', ['allow 82'])],
  { 80: 'unknown: a unknown 0', 81: 'denied: b isolates', 82: 'allowed: b allows 0' },
);

becomes(
  'doubt: whether a policy isolates the pod does not matter in a tier that passes on by default',
  [policy('p', [], { tier: 'passing', selects: PERHAPS })],
  'allowed: no policy isolates the destination pod',
  [PASSING],
);

becomes(
  'doubt: a rule that holds does not keep another policy from isolating the pod, perhaps',
  [policy('a', ['allow'], { selects: PERHAPS }), policy('b', [], { selects: PERHAPS })],
  'unknown: a unknown 0, b unknown',
);

for (const kinds of [
  ['A', 'B'],
  ['B', 'A'],
]) {
  test(`by name: those of one name by their kinds, given as ${kinds.join(', ')}`, () => {
    const policies = kinds.map((kind) => policy('same', [], { kind, ties: 'by name' }));
    const { decisions } = ingress(policies, 80, []);
    assert.deepEqual(
      decisions.map(({ policy: { kind } }) => kind),
      ['A', 'B'],
    );
  });
}

becomes(
  'doubt: a rule that nobody can judge does not keep its policy from isolating the pod, perhaps',
  [policy('a', ['allow perhaps'], { selects: PERHAPS })],
  'unknown: a unknown 0, a unknown',
);

test('doubt: where it is about whom the policy selects, that is the reason', () => {
  const [decision] = ingress([policy('a', ['deny'], { selects: PERHAPS })], 80, []).decisions;
  assert.equal(decision?.unknown, 'nobody knows');
});

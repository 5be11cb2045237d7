import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PolicyHistory } from '../../../../src/policy/history/policy_history.js';
import { ClusterTimeline } from '../../../../src/policy/history/timeline.js';
import { marks, policyYaml, rowsOf } from '../cluster.js';

const calico = (kind: string, name: string, spec: string) =>
  `{kind: ${kind}, apiVersion: projectcalico.org/v3, metadata: {name: ${name}, labels: {a: b}}, spec: {${spec}}}`;
const TIER = calico('Tier', 'secure', 'order: 5');
const SET = calico('GlobalNetworkSet', 'corp', 'nets: [10.1.0.0/16]');

/** A policy of a name, with that as its creationTimestamp. */
const made = (name: string, created: string) =>
  policyYaml(name, 'podSelector: {}').replace('metadata: {', `metadata: {creationTimestamp: ${created}, `);

/** The cluster in which these are listed at first, changed at 10 and deleted at 20. */
function timelineOf(listed: string, changed: string): ClusterTimeline {
  const later = [...rowsOf(changed, 10n, 'modified'), ...rowsOf(changed, 20n, 'deleted')];
  return new ClusterTimeline([...rowsOf(listed), ...marks(), ...later]);
}

test('a tier: as it was at each time', () => {
  const timeline = timelineOf(TIER, TIER.replace('5', '7'));
  const orders = [9n, 10n, 19n, 20n].map((time) => timeline.at(time).tier('secure')?.order);
  assert.deepEqual(orders, [5, 7, 7, undefined]);
});

test('a network set: as it was at each time', () => {
  const timeline = timelineOf(SET, SET.replace('10.1.', '10.2.'));
  const seconds = [9n, 10n, 19n, 20n].map((time) =>
    timeline
      .at(time)
      .addressGroups('GlobalNetworkSet')
      .map(({ blocks }) => blocks[0]?.bytes[1]),
  );
  assert.deepEqual(seconds, [[1], [2], [2], []]);
});

test('problems: of policies, tiers and network sets at whatever time, each once', () => {
  const bad = policyYaml('bad', 'ingress: [{from: [{}]}]');
  const { history } = timelineOf(
    [bad, calico('Tier', 'odd', 'order: x'), calico('GlobalNetworkSet', 'odd', 'nets: [x]')].join('\n---\n'),
    [bad, TIER, SET].join('\n---\n'),
  );
  assert.deepEqual(
    history.policies.problems.map(({ kind, name, field }) => `${kind} ${name}: ${field}`),
    [
      'NetworkPolicy bad: spec.ingress[0].from[0]',
      'Tier odd: spec.order',
      'GlobalNetworkSet odd: spec.nets[0]',
    ],
  );
});

test('policies: the oldest first, and those of one age as they were recorded, whatever their names are', () => {
  const timeline = timelineOf(
    [made('d', 'null'), made('b', '2026-11-22T10:00:00Z'), made('c', '"2026-11-22T09:00:00Z"')].join(
      '\n---\n',
    ),
    [made('a', 'null'), made('d', 'null'), made('e', '2026-11-22T09:00:00Z')].join('\n---\n'),
  );
  const names = timeline.at(10n).allPolicies.map(({ name }) => name);
  assert.deepEqual(names, ['c', 'e', 'b', 'd', 'a']);
});

test('a creationTimestamp that is no text says nothing', () => {
  for (const odd of ['{toString: 1}', '[[2020]]', '2020', '{}', 'soon']) {
    const timeline = timelineOf([made('b', odd), made('a', '"2026-11-22T10:00:00Z"')].join('\n---\n'), TIER);
    assert.deepEqual(
      timeline.at(9n).allPolicies.map(({ name }) => name),
      ['a', 'b'],
      odd,
    );
  }
});

test('an error that is no word on the object is not taken for one', () => {
  const [row] = rowsOf(policyYaml('p', 'podSelector: {}'));
  const policy = () => {
    throw new RangeError('of the compiler');
  };
  assert(row !== undefined);
  assert.throws(() => new PolicyHistory().take(row, 'p', { policy }, {}), RangeError);
});

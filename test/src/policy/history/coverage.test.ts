import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Coverage } from '../../../../src/policy/history/coverage.js';

const GAP = { kind: 'Pod', since: 2_000_000_000n, until: 3_000_000_000n, reason: 'the API server was away' };

test('a kind is known from its first list on, except across gaps', () => {
  const coverage = new Coverage([GAP]);
  coverage.listed('Pod', 1_000_000_000n);
  coverage.listed('Pod', 5_000_000_000n);
  const why = (seconds: number) => coverage.whyUnknown('Pod', BigInt(seconds * 1e9));
  assert.equal(why(0.5), 'Pod objects are known only from 1970-01-01T00:00:01.000000000Z on');
  assert.equal(why(1), undefined);
  const gap =
    'Pod objects were not watched from 1970-01-01T00:00:02.000000000Z to 1970-01-01T00:00:03.000000000Z (the API server was away)';
  assert.equal(why(2), gap);
  assert.equal(why(2.9), gap);
  assert.equal(why(3), undefined);
  assert.equal(coverage.listedSince('Pod'), 1_000_000_000n);
});

test('a kind without a list was not recorded, and its gaps add nothing', () => {
  assert.equal(new Coverage([GAP]).whyUnknown('Pod', 9n), 'Pod objects were not recorded');
  assert.equal(new Coverage([GAP]).whyUnknown('Node', 9n), 'Node objects were not recorded');
  assert.equal(new Coverage([]).listedSince('Pod'), undefined);
});

test('several gaps of one kind, and those of another', () => {
  const coverage = new Coverage([
    GAP,
    { ...GAP, since: 5n, until: 6n },
    { ...GAP, kind: 'Node', since: 7n, until: 8n },
  ]);
  coverage.listed('Pod', 0n);
  assert.match(coverage.whyUnknown('Pod', 5n) ?? '', /^Pod objects were not watched/);
  assert.match(coverage.whyUnknown('Pod', 2_000_000_000n) ?? '', /^Pod objects were not watched/);
  assert.equal(coverage.whyUnknown('Pod', 7n), undefined);
  assert.deepEqual(coverage.boundaries, [0n, 2_000_000_000n, 3_000_000_000n, 5n, 6n, 7n, 8n]);
});

test('policies: NetworkPolicy must be known, other kinds only where somebody looked for them', () => {
  const coverage = new Coverage([{ ...GAP, kind: 'CiliumNetworkPolicy', since: 5n, until: 6n }]);
  assert.equal(coverage.whyPoliciesUnknown(9n), 'NetworkPolicy objects were not recorded');
  coverage.listed('NetworkPolicy', 0n);
  coverage.listed('AdminNetworkPolicy', 3n);
  coverage.listed('CiliumNetworkPolicy', 0n);
  assert.match(coverage.whyPoliciesUnknown(2n) ?? '', /^AdminNetworkPolicy objects are known only from/);
  assert.equal(coverage.whyPoliciesUnknown(4n), undefined);
  assert.match(coverage.whyPoliciesUnknown(5n) ?? '', /^CiliumNetworkPolicy objects were not watched/);
});

test('policies: a kind with nothing but a gap was looked for', () => {
  const coverage = new Coverage([{ ...GAP, kind: 'ClusterNetworkPolicy' }]);
  coverage.listed('NetworkPolicy', 0n);
  assert.equal(coverage.whyPoliciesUnknown(0n), 'ClusterNetworkPolicy objects were not recorded');
});

test('policies: what nobody looked for is named, and each that somebody looked for counts', () => {
  const extensions = [
    'AdminNetworkPolicy',
    'BaselineAdminNetworkPolicy',
    'ClusterNetworkPolicy',
    'CiliumNetworkPolicy',
    'CiliumClusterwideNetworkPolicy',
    'Calico NetworkPolicy',
    'Calico GlobalNetworkPolicy',
  ];
  assert.deepEqual(new Coverage([]).notRecorded, extensions);
  for (const kind of extensions) {
    const listed = new Coverage([]);
    listed.listed('NetworkPolicy', 0n);
    listed.listed(kind, 5n);
    assert.match(listed.whyPoliciesUnknown(0n) ?? '', new RegExp(`^${kind} objects are known only from`));
    const others = extensions.filter((one) => one !== kind);
    assert.deepEqual(listed.notRecorded, others);
    assert.deepEqual(new Coverage([{ ...GAP, kind }]).notRecorded, others);
  }
});

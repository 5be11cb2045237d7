import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DroppedPacket, ToldNames } from '../../../../src/policy/drops/dropped_packet.js';
import { podYaml, policyYaml } from '../cluster.js';
import { ALLOW_API, ALLOW_WEB, judgeOf, SECOND, synAt } from './dropped.js';

/** From web's port 40000 to db's port 7777, on which db is not known to listen; no SYN. */
const LATER = { tcpFlags: 'ACK', destinationPort: 7777 };
const BACK = {
  tcpFlags: 'ACK',
  sourceAddress: '10.0.0.2',
  sourcePort: 7777,
  destinationAddress: '10.0.0.1',
  destinationPort: 40000,
};

test('who opened the connection: its SYN tells, also later and for what comes back', () => {
  const judge = judgeOf({});
  const initiator = (packet: Partial<DroppedPacket>) => judge.judge(synAt(5, packet)).initiator;
  assert.equal(initiator(LATER), 'unknown');
  assert.equal(initiator({ ...LATER, tcpFlags: 'SYN' }), 'source');
  assert.equal(initiator(LATER), 'source');
  assert.equal(initiator(BACK), 'destination');
  assert.equal(initiator({ ...LATER, sourcePort: 40001 }), 'unknown');
});

test('who opened the connection: the flags of netobserv are those of a whole flow and tell nothing', () => {
  const judge = judgeOf({});
  const { initiator } = judge.judge(synAt(5, { seenBy: 'netobserv', tcpFlags: 'SYN,ACK' }));
  assert.equal(initiator, 'source');
  assert.equal(judge.judge(synAt(5, { tcpFlags: 'SYN,ACK' })).initiator, 'destination');
});

test('who opened the connection: a pod listens on the ports that it declares, of their protocol', () => {
  const toDns = { tcpFlags: null, destinationPort: 53 };
  const initiator = (protocol: string) => judgeOf({}).judge(synAt(5, { ...toDns, protocol })).initiator;
  assert.deepEqual([initiator('UDP'), initiator('TCP')], ['source', 'unknown']);
});

test('who opened the connection: what a data plane asked its policies about came from the end that opened it', () => {
  const initiator = (packet: Partial<DroppedPacket>) =>
    judgeOf({}).judge(synAt(5, { ...LATER, ...packet })).initiator;
  assert.equal(initiator({ seenBy: 'hubble', reason: 'POLICY_DENIED' }), 'source');
  assert.equal(initiator({ deniedBy: { egress: ['shop/p'], ingress: [] } }), 'source');
  assert.equal(initiator({ deniedBy: { egress: [], ingress: ['shop/p'] } }), 'source');
  assert.equal(initiator({ deniedBy: { egress: [], ingress: ['shop/p'] }, isReply: true }), 'destination');
});

test('where nobody knows who opened it, it is no policy only if neither way could be one', () => {
  const grade = (policy: string) => judgeOf({ 1: ['listed', policy] }).judge(synAt(5, LATER)).grade;
  assert.equal(grade(policyYaml('p', 'podSelector: {matchLabels: {app: api}}')), 'not a policy');
  assert.equal(grade(policyYaml('p', 'podSelector: {matchLabels: {app: web}}')), 'unknown');
  assert.equal(grade(policyYaml('p', 'podSelector: {matchLabels: {app: db}}')), 'unknown');
  assert.equal(grade(policyYaml('p', 'podSelector: {}')), 'unknown');
});

test('where nobody knows who opened it, what could not be judged of either way is said', () => {
  const rejecting = `{kind: Service, apiVersion: v1, metadata: {namespace: shop, name: empty}, spec: {clusterIP: 10.96.0.9}}
---
{kind: EndpointSlice, apiVersion: discovery.k8s.io/v1, metadata: {namespace: shop, name: e, labels: {kubernetes.io/service-name: empty}}}`;
  const bad = policyYaml('bad', 'ingress: [{from: [{}]}]');
  const judge = judgeOf({ 1: ['listed', `${rejecting}\n---\n${bad}`] });
  const db = ['10.0.0.2', 5432] as const;
  const service = ['10.96.0.9', 80] as const;
  for (const [[sourceAddress, sourcePort], [destinationAddress, destinationPort]] of [
    [db, service],
    [service, db],
  ] as const) {
    const ends = { sourceAddress, sourcePort, destinationAddress, destinationPort };
    const { initiator, left_out } = judge.judge(synAt(5, { ...ends, tcpFlags: 'ACK' }));
    assert.equal(initiator, 'unknown');
    assert.deepEqual(left_out, [
      'NetworkPolicy shop/bad is left out of the answer: spec.ingress[0].from[0] names no peer.',
    ]);
  }
});

test('ends that the recording does not know have the names that the tool gave them', () => {
  const told = (pod: string): ToldNames => ({ namespace: 'far', pod, workload: pod, workloadKind: 'Job' });
  const names = (packet: Partial<DroppedPacket>) => {
    const row = judgeOf({}).judge(synAt(5, { tcpFlags: null, seenBy: 'hubble', ...packet }));
    return [row.source_pod, row.source_workload_kind, row.destination_pod, row.destination_workload_kind];
  };
  const both = { toldSource: told('a'), toldDestination: told('b') };
  assert.deepEqual(names({ ...both, isReply: false }), ['web', 'Pod', 'db', 'Pod']);
  const far = { sourceAddress: '198.51.100.1', destinationAddress: '198.51.100.2' };
  assert.deepEqual(names({ ...both, ...far, isReply: false }), ['a', 'Job', 'b', 'Job']);
  assert.deepEqual(names({ ...both, ...far, isReply: true }), ['b', 'Job', 'a', 'Job']);
  assert.deepEqual(names({ ...far, isReply: false }), [null, null, null, null]);
});

test('what was found for one drop is not said of another that differs in one thing', () => {
  const edited = judgeOf({
    1: ['listed', policyYaml('p', ALLOW_WEB)],
    10: ['modified', policyYaml('p', ALLOW_API)],
    30: ['modified', policyYaml('p', ALLOW_WEB)],
    50: ['added', podYaml('shop/late', '10.0.0.9', 'app: web')],
  });
  const ports = judgeOf({
    1: ['listed', policyYaml('p', 'podSelector: {}\ningress: [{ports: [{port: 5432}]}]')],
  });
  const byHubble = { seenBy: 'hubble', reason: 'POLICY_DENIED' } as const;
  const named = (egress: string[], ingress: string[]) => ({ ...byHubble, deniedBy: { egress, ingress } });
  const at = (seconds: number) => ({ time: BigInt(seconds * 10) * (SECOND / 10n) });
  const pairs = {
    'before and at a change': [edited, at(9.5), at(10.5)],
    'while a change takes effect, and after': [edited, at(31), at(36)],
    'before a change, and seen late': [edited, at(8.5), at(9.5)],
    'an address, and the pod that has it soon': [
      edited,
      { ...at(44), sourceAddress: '10.0.0.9' },
      { ...at(46), sourceAddress: '10.0.0.9' },
    ],
    source: [edited, at(20), { ...at(20), sourceAddress: '10.0.1.1' }],
    destination: [edited, at(20), { ...at(20), destinationAddress: '10.0.1.1' }],
    port: [ports, { destinationPort: 5432 }, { destinationPort: 80 }],
    protocol: [ports, { protocol: 'TCP' }, { protocol: 'SCTP' }],
    reason: [ports, { destinationPort: 80 }, { destinationPort: 80, reason: 'NO_SOCKET' }],
    'who saw it': [ports, { reason: 'POLICY_DENIED' }, byHubble],
    'policies named in egress': [ports, named(['shop/a'], []), named(['shop/b'], [])],
    'policies named in ingress': [ports, named([], ['shop/a']), named([], ['shop/b'])],
  } as const;
  const found = Object.entries(pairs).map(([what, [judge, one, other]]) => {
    const [first, second] = [one, other].map((packet) => judge.judge(synAt(20, packet)));
    return [what, first?.why !== second?.why || first?.policies[0] !== second?.policies[0]];
  });
  assert.deepEqual(
    found,
    Object.keys(pairs).map((what) => [what, true]),
  );
});

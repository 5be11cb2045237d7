import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gradeDrop } from '../../../src/policy/drops/grade.js';
import { initiatorOf } from '../../../src/policy/drops/initiator.js';

const DENIED = ['denied', 'ingress is isolated by shop/p'] as const;
const ALLOWED = ['allowed', 'no policy isolates the pod'] as const;

test('consistent: a reason that data planes of policies give, and the policies deny', () => {
  for (const reason of [
    'NETFILTER_DROP',
    'TC_INGRESS',
    'TC_EGRESS',
    'BPF_CGROUP_EGRESS',
    'OVS_DROP_LAST_ACTION',
  ]) {
    assert.deepEqual(gradeDrop(reason, ...DENIED), {
      grade: 'consistent',
      why: `${reason} fits: ingress is isolated by shop/p.`,
    });
  }
  assert.equal(gradeDrop('SKB_DROP_REASON_NETFILTER_DROP', ...DENIED).grade, 'consistent');
});

test('not a policy: the policies allow it, so another rule dropped it', () => {
  assert.deepEqual(gradeDrop('NETFILTER_DROP', ...ALLOWED), {
    grade: 'not a policy',
    why: 'The policies allow the connection (no policy isolates the pod): another rule of netfilter (nftables, iptables) dropped it.',
  });
});

test('not a policy: another reason is never blamed on policies, whatever they say', () => {
  for (const reason of ['TCP_INVALID_SEQUENCE', 'NO_SOCKET', 'TCP_RESET', 'QDISC_DROP', 'PKT_TOO_BIG']) {
    assert.deepEqual(gradeDrop(reason, ...DENIED), {
      grade: 'not a policy',
      why: `${reason} is not a reason that a policy's data plane gives.`,
    });
  }
});

test('unknown: the recording cannot tell, or the kernel gave no reason', () => {
  assert.equal(
    gradeDrop('NETFILTER_DROP', 'unknown', 'Pod objects were not recorded').why,
    'Cannot be judged: Pod objects were not recorded.',
  );
  assert.equal(gradeDrop('NOT_SPECIFIED', ...DENIED).grade, 'unknown');
  assert.equal(gradeDrop('NOT_SPECIFIED', ...ALLOWED).grade, 'not a policy');
});

test('who opened the connection: SYN and SYN,ACK tell, else the port that is listened on, else nobody knows', () => {
  const of = (tcpFlags: string | null, sourceListens: boolean, destinationListens: boolean) =>
    initiatorOf({ tcpFlags, sourceListens, destinationListens });
  assert.equal(of('SYN', true, false), 'source');
  assert.equal(of('SYN,ACK', false, true), 'destination');
  assert.equal(of('ACK', false, true), 'source');
  assert.equal(of('RST', true, false), 'destination');
  assert.equal(of(null, true, false), 'destination');
  assert.equal(of('ACK', false, false), 'unknown');
  assert.equal(of('ACK', true, true), 'unknown');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gradeDrop, gradeNamed } from '../../../../src/policy/drops/grade.js';
import { initiatorOf } from '../../../../src/policy/drops/initiator.js';

const kernel = (reason: string) => ({ reason, seenBy: 'kernel' }) as const;
const hubble = (reason: string) => ({ reason, seenBy: 'hubble' }) as const;
const DENIED = ['denied', 'ingress is isolated by shop/p'] as const;
/** A packet that tells nothing of who opened its connection. */
const NOTHING = {
  tcpFlags: null,
  isReply: null,
  sourceOpened: false,
  destinationOpened: false,
  sourceListens: false,
  destinationListens: false,
};
const ALLOWED = ['allowed', 'no policy isolates the pod'] as const;

test('consistent: a reason that data planes of policies give, and the policies deny', () => {
  for (const reason of [
    'NETFILTER_DROP',
    'TC_INGRESS',
    'TC_EGRESS',
    'BPF_CGROUP_EGRESS',
    'XDP',
    'OVS_DROP_LAST_ACTION',
    'OVS_DROP_EXPLICIT',
  ]) {
    assert.deepEqual(gradeDrop(kernel(reason), ...DENIED), {
      grade: 'consistent',
      why: `${reason} fits: ingress is isolated by shop/p.`,
    });
  }
  assert.equal(gradeDrop(kernel('SKB_DROP_REASON_NETFILTER_DROP'), ...DENIED).grade, 'consistent');
});

test('not a policy: the policies allow it, so another rule dropped it', () => {
  assert.deepEqual(gradeDrop(kernel('NETFILTER_DROP'), ...ALLOWED), {
    grade: 'not a policy',
    why: 'The policies allow the connection (no policy isolates the pod): another rule of netfilter (nftables, iptables) dropped it.',
  });
});

test('not a policy: another reason is never blamed on policies, whatever they say', () => {
  for (const reason of ['TCP_INVALID_SEQUENCE', 'NO_SOCKET', 'TCP_RESET', 'QDISC_DROP', 'PKT_TOO_BIG']) {
    assert.deepEqual(gradeDrop(kernel(reason), ...DENIED), {
      grade: 'not a policy',
      why: `${reason} is not a reason that a policy's data plane gives.`,
    });
  }
});

test('unknown: a policy that is left out may have dropped what the others allow, never what they deny', () => {
  assert.equal(gradeDrop(kernel('XDP'), ...ALLOWED, ['NetworkPolicy shop/bad is left out']).grade, 'unknown');
  assert.equal(
    gradeDrop(kernel('XDP'), ...DENIED, ['NetworkPolicy shop/bad is left out']).grade,
    'consistent',
  );
});

test('unknown: the recording cannot tell, or the kernel gave no reason', () => {
  assert.equal(
    gradeDrop(kernel('NETFILTER_DROP'), 'unknown', 'Pod objects were not recorded').why,
    'Cannot be judged: Pod objects were not recorded.',
  );
  for (const reason of ['NOT_SPECIFIED', 'SKB_DROP_REASON_NOT_SPECIFIED', '']) {
    assert.deepEqual(gradeDrop(kernel(reason), ...DENIED), {
      grade: 'unknown',
      why: 'The policies deny it (ingress is isolated by shop/p), but the kernel gave no reason.',
    });
    assert.deepEqual(gradeDrop(kernel(reason), ...ALLOWED), {
      grade: 'not a policy',
      why: 'The policies allow the connection (no policy isolates the pod): something else dropped it.',
    });
  }
});

test("Cilium's own reasons: a policy decided, whatever the recorded ones say; other reasons are no policy's", () => {
  assert.deepEqual(gradeDrop(hubble('POLICY_DENIED'), ...DENIED), {
    grade: 'consistent',
    why: 'POLICY_DENIED fits: ingress is isolated by shop/p.',
  });
  assert.deepEqual(gradeDrop(hubble('POLICY_DENY'), ...ALLOWED), {
    grade: 'unknown',
    why: 'POLICY_DENY says that a policy denied it; those recorded allow it (no policy isolates the pod).',
  });
  assert.deepEqual(gradeDrop(hubble('AUTH_REQUIRED'), 'unknown', 'Pod objects were not recorded'), {
    grade: 'unknown',
    why: 'AUTH_REQUIRED says that a policy denied it; which one cannot be judged: Pod objects were not recorded.',
  });
  assert.equal(gradeDrop(hubble('INVALID_SOURCE_IP'), ...DENIED).grade, 'not a policy');
  assert.equal(gradeDrop(kernel('POLICY_DENIED'), ...DENIED).grade, 'not a policy');
});

test('proven: the data plane named the policy, and it is said whether the recorded ones agree', () => {
  assert.deepEqual(gradeNamed('shop/p', 'hubble', ...DENIED), {
    grade: 'proven',
    why: 'Hubble names shop/p. The policies recorded deny it: ingress is isolated by shop/p.',
  });
  assert.deepEqual(gradeNamed('shop/p', 'netobserv', ...ALLOWED), {
    grade: 'proven',
    why: 'netobserv names shop/p. Yet the policies recorded allow it: no policy isolates the pod.',
  });
  assert.equal(gradeNamed('shop/p', 'hubble', 'unknown', 'nothing is known').why, 'Hubble names shop/p.');
});

test('who opened the connection: SYN and SYN,ACK tell first', () => {
  assert.equal(
    initiatorOf({ ...NOTHING, tcpFlags: 'SYN', destinationOpened: true, isReply: true }),
    'source',
  );
  assert.equal(initiatorOf({ ...NOTHING, tcpFlags: 'SYN,ACK', destinationListens: true }), 'destination');
});

test('who opened the connection: else a tool may know a reply, or the SYN was seen before', () => {
  assert.equal(initiatorOf({ ...NOTHING, isReply: true, sourceOpened: true }), 'destination');
  assert.equal(initiatorOf({ ...NOTHING, isReply: false, sourceListens: true }), 'source');
  assert.equal(initiatorOf({ ...NOTHING, sourceOpened: true, sourceListens: true }), 'source');
  assert.equal(initiatorOf({ ...NOTHING, destinationOpened: true, destinationListens: true }), 'destination');
});

test('who opened the connection: else the end on whose port nobody listens, where the other listens', () => {
  assert.equal(initiatorOf({ ...NOTHING, tcpFlags: 'ACK', destinationListens: true }), 'source');
  assert.equal(initiatorOf({ ...NOTHING, tcpFlags: 'RST', sourceListens: true }), 'destination');
  assert.equal(initiatorOf(NOTHING), 'unknown');
  assert.equal(initiatorOf({ ...NOTHING, sourceListens: true, destinationListens: true }), 'unknown');
});

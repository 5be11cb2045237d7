import assert from 'node:assert/strict';
import { test } from 'node:test';
import { portOf, protocolOf } from '../../../../../src/policy/questions/explain/asked_connection.js';

test('protocols in any case, by number and by the other name of one', () => {
  const given = ['TCP', 'udp', 'sctp', 'ICMPv6', 'ipv6-icmp', '6', '200'];
  assert.deepEqual(given.map(protocolOf), ['TCP', 'UDP', 'SCTP', 'IPv6-ICMP', 'IPv6-ICMP', 'TCP', '200']);
  assert.throws(() => protocolOf('TPC'), {
    name: 'UsageError',
    message: 'protocol "TPC" is not known; expected TCP, UDP, SCTP, ICMP or another of IANA\'s keywords',
  });
  assert.throws(() => protocolOf('256'), { message: /^protocol "256" is not known/ });
});

test('ports by number, also as text, or by name', () => {
  assert.deepEqual(
    [1, 65535, '443', 'http'].map((port) => portOf(port, 'TCP')),
    [1, 65535, 443, 'http'],
  );
  assert.equal(portOf(undefined, 'ICMP'), null);
  const expected = 'expected 1 to 65535 or the name of a port';
  const wrong: [number | string | undefined, string, string][] = [
    [0, 'TCP', `port 0 is out of range; ${expected}`],
    [65536, 'UDP', `port 65536 is out of range; ${expected}`],
    ['-1', 'TCP', `port "-1" is out of range; ${expected}`],
    [80.5, 'TCP', `port 80.5 is out of range; ${expected}`],
    ['HTTP!', 'TCP', `port "HTTP!" is no port; ${expected}`],
    [undefined, 'SCTP', 'port is missing: SCTP needs one'],
    [80, 'ICMP', 'port 80: ICMP has no ports'],
  ];
  for (const [port, protocol, message] of wrong) {
    assert.throws(() => portOf(port, protocol), { name: 'UsageError', message });
  }
});

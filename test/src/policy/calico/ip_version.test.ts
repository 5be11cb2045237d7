import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IpVersionClause } from '../../../../src/policy/calico/protocols.js';
import type { Endpoint } from '../../../../src/policy/cluster/endpoint.js';
import { parseIp } from '../../../../src/policy/ip.js';
import { unknown } from '../../../../src/policy/rules/match.js';
import { template } from './calico_objects.js';

test('ipVersion: of an end without an address yet, the other end tells', () => {
  const ip = parseIp('2001:db8::9');
  assert(ip !== undefined);
  const outside: Endpoint = { kind: 'external', address: '2001:db8::9', ip };
  const ends = { protocol: 'TCP', sourcePort: null, destinationPort: 80 };
  const clause = new IpVersionClause(6);
  assert.equal(clause.holds({ ...ends, source: outside, destination: template() }), true);
  assert.equal(clause.holds({ ...ends, source: template(), destination: outside }), true);
  const none = clause.holds({ ...ends, source: template(), destination: template() });
  assert.deepEqual(none, unknown('neither end has an address'));
});

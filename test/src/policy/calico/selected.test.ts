import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSelector } from '../../../../src/policy/calico/parse_selector.js';
import { SelectedEndpoints } from '../../../../src/policy/calico/selected.js';
import type { AddressGroup } from '../../../../src/policy/cluster/address_group.js';
import { UNADDRESSED } from '../../../../src/policy/rules/address_block.js';
import type { Match } from '../../../../src/policy/rules/match.js';
import { clusterOf, SHOP } from '../cluster.js';
import { clusterObject, template } from './calico_objects.js';

const PARTNERS = clusterObject('GlobalNetworkSet', 'partners', 'nets: [0.0.0.0/0]', 'role: partner');
const partners = (unaddressed: Match = false) =>
  new SelectedEndpoints(parseSelector(`role == 'partner'`, 'spec'), 'partners', unaddressed);

test('a pod without an address yet is in a network set if it is taken to be in blocks', () => {
  const state = clusterOf(SHOP, PARTNERS);
  assert.equal(partners().has(template(), state), false);
  assert.equal(partners(UNADDRESSED).has(template(), state), UNADDRESSED);
  assert.equal(partners().has(state.endpointAt('10.0.0.2'), state), true);
});

test('network sets are looked through once for each state of the cluster', () => {
  const asked: string[] = [];
  const watched = () => {
    const state = clusterOf(SHOP, PARTNERS);
    const addressGroups = state.addressGroups.bind(state);
    return Object.assign(state, {
      addressGroups: (kind: AddressGroup['kind']) => {
        asked.push(kind);
        return addressGroups(kind);
      },
    });
  };
  const [state, other, set] = [watched(), watched(), partners()];
  for (const address of ['203.0.113.9', '203.0.113.10']) {
    assert.equal(set.has(state.endpointAt(address), state), true);
  }
  assert.deepEqual(asked, ['NetworkSet', 'GlobalNetworkSet']);
  set.has(other.endpointAt('203.0.113.9'), other);
  assert.equal(asked.length, 4);
});

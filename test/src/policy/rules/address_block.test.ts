import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PodEndpoint } from '../../../../src/policy/cluster/endpoint.js';
import { addressBlock } from '../../../../src/policy/rules/address_block.js';
import { clusterOf, SHOP } from '../cluster.js';

const shop = clusterOf(SHOP);
const pod = shop.pod('shop', 'web');
assert(pod !== undefined);
const template: PodEndpoint = { kind: 'pod', address: '', ip: undefined, pod };

test('a pod without an address is outside every block but that of all addresses', () => {
  const has = (cidr: string, except: string[] = []) => addressBlock(cidr, except, '').has(template, shop);
  assert.equal(has('0.0.0.0/0'), true);
  assert.equal(has('0.0.0.0/0', ['10.0.0.0/8']), false);
  assert.equal(has('10.0.0.0/8'), false);
});

test('why a pod without an address is in no block', () => {
  const { asks, actual } = addressBlock('10.0.0.0/8', [], '').whyNot(template, 'the source', shop);
  assert.equal(`${asks}: ${actual}`, '10.0.0.0/8: the source pod has no address and is taken to be outside');
});

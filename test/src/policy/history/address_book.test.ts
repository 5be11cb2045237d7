import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod } from '../../../../src/policy/cluster/endpoint.js';
import { podOf } from '../../../../src/policy/cluster/pod.js';
import { AddressOwners, PodAddresses, PodRanges } from '../../../../src/policy/history/address_book.js';
import { parseCidr } from '../../../../src/policy/ip.js';
import { objectOf, podYaml } from '../cluster.js';

const pod = (name: string, address: string, more = ''): Pod =>
  podOf(objectOf(podYaml(name, address, '', '', more)));

/** `shop/web 1-3`: who had the address in that time. */
function held(book: PodAddresses, address: string, since: bigint, until = since): string[] {
  return book
    .during(address, since, until)
    .map((one) => `${one.pod.namespace}/${one.pod.name} ${one.from}-${one.to ?? ''}`);
}

test('an address is held from the version that has it to the one that has it no more, its end excluded', () => {
  const book = new PodAddresses();
  const web = pod('shop/web', '10.0.0.1');
  book.change(1n, undefined, pod('shop/web', ''));
  book.change(2n, pod('shop/web', ''), web);
  book.change(3n, web, web);
  book.change(5n, web, undefined);
  assert.deepEqual(held(book, '10.0.0.1', 1n), []);
  assert.deepEqual(held(book, '10.0.0.1', 2n), ['shop/web 2-5']);
  assert.deepEqual(held(book, '10.0.0.1', 4n), ['shop/web 2-5']);
  assert.deepEqual(held(book, '10.0.0.1', 5n), []);
  assert.deepEqual(held(book, '10.0.0.9', 3n), []);
});

test('an address used again: each has its time, and a stretch shows all that it touches', () => {
  const book = new PodAddresses();
  const [web, db] = [pod('shop/web', '10.0.0.1'), pod('shop/db', '10.0.0.1')];
  book.change(1n, undefined, web);
  book.change(2n, web, undefined);
  book.change(4n, undefined, db);
  assert.deepEqual(held(book, '10.0.0.1', 3n), []);
  assert.deepEqual(held(book, '10.0.0.1', 1n, 4n), ['shop/web 1-2', 'shop/db 4-']);
  assert.deepEqual(held(book, '10.0.0.1', 2n, 4n), ['shop/db 4-']);
});

test('an address that two pods claim at once is held by both, and each ends its own time', () => {
  const book = new PodAddresses();
  const [web, db] = [pod('shop/web', '10.0.0.1'), pod('shop/db', '10.0.0.1')];
  book.change(1n, undefined, web);
  book.change(2n, undefined, db);
  book.change(3n, web, undefined);
  assert.deepEqual(held(book, '10.0.0.1', 2n), ['shop/web 1-3', 'shop/db 2-']);
  assert.deepEqual(held(book, '10.0.0.1', 3n), ['shop/db 2-']);
});

test('an address that a pod loses and gets again: each time of its own', () => {
  const book = new PodAddresses();
  const [without, web] = [pod('shop/web', ''), pod('shop/web', '10.0.0.1')];
  book.change(1n, undefined, web);
  book.change(2n, web, without);
  book.change(4n, without, web);
  book.change(6n, web, undefined);
  assert.deepEqual(held(book, '10.0.0.1', 0n, 9n), ['shop/web 1-2', 'shop/web 4-6']);
});

test('pods on the network of their node hold no address', () => {
  const book = new PodAddresses();
  book.change(1n, undefined, pod('shop/agent', '192.168.0.1', ', hostNetwork: true'));
  assert.deepEqual(held(book, '192.168.0.1', 1n), []);
});

test('addresses of nodes and services: from one owner to the next, and to none', () => {
  const owners = new AddressOwners();
  owners.set(1n, 'n1', ['192.168.0.1', '192.168.0.2']);
  owners.set(2n, 'n1', ['192.168.0.1', '192.168.0.2']);
  owners.set(3n, 'n1', ['192.168.0.2']);
  owners.set(4n, 'n2', ['192.168.0.1', '192.168.0.2']);
  owners.set(5n, 'n1', []);
  const at = (address: string) => [0n, 1n, 3n, 4n, 5n].map((time) => owners.at(address, time));
  assert.deepEqual(at('192.168.0.1'), [undefined, 'n1', undefined, 'n2', 'n2']);
  assert.deepEqual(at('192.168.0.2'), [undefined, 'n1', 'n1', 'n2', 'n2']);
  assert.equal(owners.at('192.168.0.3', 9n), undefined);
  assert.deepEqual(owners.allAt(3n), [{ address: '192.168.0.2', owner: 'n1' }]);
});

test('ranges of pods: the node in whose range an address lies, of each family', () => {
  const ranges = new PodRanges();
  for (const [node, text] of [
    ['n1', '10.0.0.0/24'],
    ['n2', '10.0.1.0/24'],
    ['n2', 'fd00:1::/64'],
  ] as const) {
    const cidr = parseCidr(text);
    assert(cidr);
    ranges.add(node, cidr);
  }
  const found = ['10.0.0.9', '10.0.1.9', 'fd00:1::9', '10.0.2.9', 'nowhere'].map((address) =>
    ranges.nodeOf(address),
  );
  assert.deepEqual(found, ['n1', 'n2', 'n2', undefined, undefined]);
});

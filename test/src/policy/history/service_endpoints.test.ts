import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServiceEndpoints } from '../../../../src/policy/history/service_endpoints.js';
import { objectOf } from '../cluster.js';

/** A slice `s` of a service of namespace shop, by its endpoints. */
const slice = (service: string, endpoints: string) =>
  objectOf(
    `{kind: EndpointSlice, apiVersion: discovery.k8s.io/v1, metadata: {namespace: shop, name: s${service && `, labels: {kubernetes.io/service-name: ${service}}`}}, ports: [{port: 80}], endpoints: [${endpoints}]}`,
  );
const ONE = '{addresses: [10.0.0.1]}';

/** The addresses behind a service at each time. */
const seen = (endpoints: ServiceEndpoints, service: string, times: readonly bigint[]) =>
  times.map((time) => endpoints.at(service, time)?.flatMap(({ addresses }) => addresses));

test('ready endpoints, and those of which nothing is said', () => {
  const endpoints = new ServiceEndpoints();
  const conditions = ['{ready: true}', '{ready: false}', '{}'].map(
    (one, i) => `{addresses: [10.0.0.${i}], conditions: ${one}}`,
  );
  endpoints.set(1n, 'shop', 's', slice('db', [...conditions, '{hostname: none}'].join(', ')));
  assert.deepEqual(endpoints.at('shop/db', 1n), [
    { addresses: ['10.0.0.0', '10.0.0.2'], ports: [{ name: null, port: 80, protocol: 'TCP' }] },
  ]);
});

test('ports: one without a number means every port, and is not one', () => {
  const endpoints = new ServiceEndpoints();
  const ports = [{ name: 'web', port: 80, protocol: 'UDP' }, { name: 'any' }, { port: 5, protocol: 7 }];
  endpoints.set(1n, 'shop', 's', { ...slice('db', ONE), ports });
  assert.deepEqual(endpoints.at('shop/db', 1n)?.[0]?.ports, [{ name: 'web', port: 80, protocol: 'UDP' }]);
});

test('a slice belongs to the service that its label names, as long as it does', () => {
  const endpoints = new ServiceEndpoints();
  endpoints.set(1n, 'shop', 's', slice('db', ONE));
  endpoints.set(2n, 'shop', 's', slice('web', ONE));
  endpoints.set(3n, 'shop', 's', slice('', ONE));
  endpoints.set(4n, 'shop', 's', slice('web', ONE));
  endpoints.set(5n, 'shop', 's', undefined);
  assert.deepEqual(seen(endpoints, 'shop/db', [0n, 1n, 2n, 5n]), [[], ['10.0.0.1'], [], []]);
  assert.deepEqual(seen(endpoints, 'shop/web', [1n, 2n, 3n, 4n, 5n]), [
    [],
    ['10.0.0.1'],
    [],
    ['10.0.0.1'],
    [],
  ]);
  assert.deepEqual(seen(endpoints, 'shop/never', [1n]), [undefined]);
  assert.deepEqual(
    [1n, 3n].map((time) => endpoints.allAt(time).length),
    [1, 0],
  );
  assert.deepEqual(endpoints.boundaries, [1n, 2n, 2n, 3n, 4n, 5n]);
});

test('a service is empty where none of its slices has a ready endpoint, at some moment of a stretch', () => {
  const endpoints = new ServiceEndpoints();
  endpoints.set(10n, 'shop', 's', slice('db', ONE));
  endpoints.set(20n, 'shop', 's', slice('db', ''));
  endpoints.set(30n, 'shop', 's', slice('db', ONE));
  endpoints.set(40n, 'shop', 's', undefined);
  endpoints.set(40n, 'shop', 'other', slice('db', ONE));
  endpoints.set(50n, 'shop', 'other', undefined);
  const empty = (since: bigint, until: bigint) => endpoints.wasEmpty('shop/db', since, until);
  assert.deepEqual(
    [empty(10n, 19n), empty(12n, 20n), empty(25n, 26n), empty(29n, 35n), empty(30n, 49n), empty(35n, 50n)],
    [false, true, true, true, false, true],
  );
  assert.equal(endpoints.wasEmpty('shop/never', 0n, 99n), false);
});

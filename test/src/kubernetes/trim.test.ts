import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isJsonObject, type JsonObject } from '../../../src/kubernetes/json.js';
import { trimObject } from '../../../src/kubernetes/trim.js';

/** Trims, and shows what is left and what was removed. */
function trim(object: JsonObject, options = {}): [unknown, ...string[]] {
  const trimmed = trimObject(object, options);
  return [trimmed.object, ...trimmed.removed];
}

test('managed fields and the last applied configuration go, other annotations stay', () => {
  const metadata = {
    name: 'a',
    managedFields: [{ manager: 'kubectl' }],
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"password":"x"}', team: 'a' },
  };
  assert.deepEqual(trim({ kind: 'Pod', metadata }), [
    { kind: 'Pod', metadata: { name: 'a', annotations: { team: 'a' } } },
    'last_applied_configuration',
    'managed_fields',
  ]);
});

const container = {
  name: 'main',
  command: ['sh', '-c'],
  args: ['--token=secret'],
  env: [
    { name: 'PASSWORD', value: 'secret' },
    { name: 'EMPTY', value: '' },
    { name: 'FROM', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
  ],
  livenessProbe: { exec: { command: ['check', '--password=secret'] } },
  readinessProbe: { httpGet: { path: '/', httpHeaders: [{ name: 'Authorization', value: 'secret' }] } },
};
const bare = {
  name: 'main',
  env: [
    { name: 'PASSWORD' },
    { name: 'EMPTY', value: '' },
    { name: 'FROM', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
  ],
  livenessProbe: { exec: {} },
  readinessProbe: { httpGet: { path: '/', httpHeaders: [{ name: 'Authorization' }] } },
};
const REMOVED = ['arguments', 'commands', 'env_values', 'header_values'];

test('containers keep the names of their environment, not the values; commands and arguments go', () => {
  for (const list of ['containers', 'initContainers', 'ephemeralContainers']) {
    assert.deepEqual(
      trim({ spec: { [list]: [container] } }),
      [{ spec: { [list]: [bare] } }, ...REMOVED],
      list,
    );
  }
});

test('so do those in the templates of workloads, however deep', () => {
  const spec = (inner: unknown) => ({
    jobTemplate: { spec: { template: { spec: { containers: [inner] } } } },
  });
  assert.deepEqual(trim({ kind: 'CronJob', spec: spec(container) }), [
    { kind: 'CronJob', spec: spec(bare) },
    ...REMOVED,
  ]);
});

test('they stay when asked for', () => {
  const pod = { kind: 'Pod', spec: { containers: [container] } };
  assert.deepEqual(trim(pod, { containerDetails: true }), [pod]);
});

test('labels that happen to be called command or env are labels', () => {
  const labels = { metadata: { labels: { command: 'run', env: 'prod', args: 'none' } } };
  assert.deepEqual(trim(labels), [labels]);
});

test('the data of a ConfigMap goes unless asked for; that of other kinds stays', () => {
  const map = { kind: 'ConfigMap', metadata: { name: 'a' }, data: { key: 'secret' }, binaryData: { b: 'x' } };
  assert.deepEqual(trim(map), [{ kind: 'ConfigMap', metadata: { name: 'a' } }, 'config_map_data']);
  assert.deepEqual(trim(map, { configMapData: true }), [map]);
  assert.deepEqual(trim({ kind: 'ControllerRevision', data: { a: 1 } }), [
    { kind: 'ControllerRevision', data: { a: 1 } },
  ]);
});

test('a Secret inside another object goes', () => {
  const secret = { kind: 'Secret', apiVersion: 'v1', data: { a: 'x' } };
  assert.deepEqual(trim({ kind: 'Template', objects: [secret, { kind: 'Service' }], one: secret }), [
    { kind: 'Template', objects: [{ kind: 'Service' }] },
    'secrets',
  ]);
});

test('an object nested too deep is refused', () => {
  let deep: unknown = 1;
  for (let i = 0; i < 100_000; i++) deep = { a: deep };
  assert(isJsonObject(deep));
  const object = deep;
  assert.throws(() => trimObject(object), /^DecodeError: nested deeper than 64 levels$/);
});

test('the object given is not changed, and the order of keys is kept', () => {
  const pod = { z: 1, metadata: { name: 'a', managedFields: [] }, a: [{ env: [{ value: 'x', name: 'N' }] }] };
  const before = JSON.stringify(pod);
  assert.equal(
    JSON.stringify(trimObject(pod).object),
    '{"z":1,"metadata":{"name":"a"},"a":[{"env":[{"name":"N"}]}]}',
  );
  assert.equal(JSON.stringify(pod), before);
});

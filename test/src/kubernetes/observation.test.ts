import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listMark, observe } from '../../../src/kubernetes/observation.js';

test('a row has what identifies the object, and the object as JSON', () => {
  const policy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'deny', namespace: 'shop', uid: '1-2', resourceVersion: '7', managedFields: [] },
    spec: { podSelector: {} },
  };
  assert.deepEqual(observe(policy, 'modified', 5n), {
    row: {
      time: 5n,
      observed: 'modified',
      kind: 'NetworkPolicy',
      api_version: 'networking.k8s.io/v1',
      namespace: 'shop',
      name: 'deny',
      uid: '1-2',
      resource_version: '7',
      object:
        '{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"deny","namespace":"shop","uid":"1-2","resourceVersion":"7"},"spec":{"podSelector":{}}}',
      removed: 'managed_fields',
    },
  });
});

test('a manifest has no uid and no version; its namespace is default where its kind has one', () => {
  const row = (kind: string, apiVersion: string) => {
    const observation = observe({ kind, apiVersion, metadata: { name: 'a' } }, 'imported', 5n);
    assert('row' in observation);
    const { namespace, uid, resource_version } = observation.row;
    return [namespace, uid, resource_version];
  };
  assert.deepEqual(row('Pod', 'v1'), ['default', null, null]);
  assert.deepEqual(row('Node', 'v1'), [null, null, null]);
  assert.deepEqual(row('GlobalNetworkPolicy', 'crd.projectcalico.org/v1'), [null, null, null]);
});

test('a Secret gives no row', () => {
  assert.deepEqual(observe({ kind: 'Secret', apiVersion: 'v1', metadata: { name: 's' } }, 'listed', 5n), {
    secret: true,
  });
});

test('what is missing is named', () => {
  const problem = (object: object) => observe({ ...object }, 'listed', 5n);
  assert.deepEqual(problem({ replicas: 3 }), { problem: 'not a Kubernetes object: it has no kind' });
  assert.deepEqual(problem({ kind: 'Pod' }), { problem: 'Pod without apiVersion' });
  assert.deepEqual(problem({ kind: 'Pod', apiVersion: 'v1', metadata: { name: 7 } }), {
    problem: 'Pod without metadata.name',
  });
});

test('the mark of a complete list', () => {
  const { kind, name, object } = listMark('NetworkPolicy', 'networking.k8s.io/v1', '812', 5n);
  assert.deepEqual([kind, name], ['NetworkPolicyList', null]);
  assert.equal(
    object,
    '{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicyList","metadata":{"resourceVersion":"812"}}',
  );
});

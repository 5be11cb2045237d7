import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectionPath, isNamespaced, WATCHED_KINDS } from '../../../src/kubernetes/kinds.js';

test('paths of the API', () => {
  assert.deepEqual(WATCHED_KINDS.map(collectionPath), [
    '/api/v1/pods',
    '/api/v1/services',
    '/apis/discovery.k8s.io/v1/endpointslices',
    '/api/v1/nodes',
    '/api/v1/namespaces',
    '/apis/apps/v1/replicasets',
    '/apis/apps/v1/deployments',
    '/apis/apps/v1/daemonsets',
    '/apis/apps/v1/statefulsets',
    '/apis/batch/v1/jobs',
    '/apis/networking.k8s.io/v1/networkpolicies',
    '/api/v1/events',
  ]);
});

test('a kind is told by its group: there is more than one NetworkPolicy', () => {
  assert.equal(isNamespaced('NetworkPolicy', 'networking.k8s.io/v1'), true);
  assert.equal(isNamespaced('NetworkPolicy', 'crd.projectcalico.org/v1'), false);
  assert.equal(isNamespaced('Node', 'v1'), false);
});

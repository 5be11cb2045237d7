import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  collectionPath,
  isNamespaced,
  kindName,
  versionsOf,
  WATCHED_KINDS,
} from '../../../src/kubernetes/kinds.js';

test('paths of the API', () => {
  assert.deepEqual(WATCHED_KINDS.filter((kind) => !kind.otherVersions).map(collectionPath), [
    '/api/v1/pods',
    '/api/v1/services',
    '/apis/discovery.k8s.io/v1/endpointslices',
    '/api/v1/nodes',
    '/api/v1/namespaces',
    '/api/v1/serviceaccounts',
    '/apis/apps/v1/replicasets',
    '/apis/apps/v1/deployments',
    '/apis/apps/v1/daemonsets',
    '/apis/apps/v1/statefulsets',
    '/apis/batch/v1/jobs',
    '/apis/networking.k8s.io/v1/networkpolicies',
    '/api/v1/events',
  ]);
});

test('kinds that come by a CustomResourceDefinition, in the versions that are asked for in turn', () => {
  const custom = WATCHED_KINDS.filter((kind) => kind.otherVersions);
  const lines = custom.map(
    (kind) => `${kind.plural} ${kind.namespaced ? 'of namespaces' : 'of the cluster'} ${versionsOf(kind)}`,
  );
  assert.deepEqual(lines, [
    'adminnetworkpolicies of the cluster policy.networking.k8s.io/v1alpha1',
    'baselineadminnetworkpolicies of the cluster policy.networking.k8s.io/v1alpha1',
    'clusternetworkpolicies of the cluster policy.networking.k8s.io/v1alpha2,policy.networking.k8s.io/v1beta1',
    'ciliumnetworkpolicies of namespaces cilium.io/v2',
    'ciliumclusterwidenetworkpolicies of the cluster cilium.io/v2',
    'ciliumcidrgroups of the cluster cilium.io/v2,cilium.io/v2alpha1',
    'networkpolicies of namespaces projectcalico.org/v3,crd.projectcalico.org/v1',
    'globalnetworkpolicies of the cluster projectcalico.org/v3,crd.projectcalico.org/v1',
    'networksets of namespaces projectcalico.org/v3,crd.projectcalico.org/v1',
    'globalnetworksets of the cluster projectcalico.org/v3,crd.projectcalico.org/v1',
    'tiers of the cluster projectcalico.org/v3,crd.projectcalico.org/v1',
    'profiles of the cluster projectcalico.org/v3,crd.projectcalico.org/v1',
    'stagednetworkpolicies of namespaces projectcalico.org/v3,crd.projectcalico.org/v1',
    'stagedglobalnetworkpolicies of the cluster projectcalico.org/v3,crd.projectcalico.org/v1',
    'stagedkubernetesnetworkpolicies of namespaces projectcalico.org/v3,crd.projectcalico.org/v1',
  ]);
});

test('a kind is told by its group: there is more than one NetworkPolicy', () => {
  assert.equal(isNamespaced('NetworkPolicy', 'networking.k8s.io/v1'), true);
  assert.equal(isNamespaced('NetworkPolicy', 'crd.projectcalico.org/v1'), true);
  assert.equal(isNamespaced('NetworkPolicy', 'example.com/v1'), false);
  assert.equal(isNamespaced('Node', 'v1'), false);
});

test('kinds of one name are told apart by whose they are', () => {
  assert.equal(kindName('v1', 'Pod'), 'Pod');
  assert.equal(kindName('networking.k8s.io/v1', 'NetworkPolicy'), 'NetworkPolicy');
  assert.equal(kindName('projectcalico.org/v3', 'NetworkPolicy'), 'Calico NetworkPolicy');
  assert.equal(kindName('crd.projectcalico.org/v1', 'NetworkPolicy'), 'Calico NetworkPolicy');
  const names = WATCHED_KINDS.map(({ apiVersion, kind }) => kindName(apiVersion, kind));
  assert.equal(new Set(names).size, names.length);
});

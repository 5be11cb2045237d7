import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONTAINERS, MANIFESTS, PODS } from './manifests.js';

/** Why each is needed stands in capture/deploy/README.md; that it is enough is tested live in test/bpf. */
const LOADER_CAPABILITIES = ['BPF', 'PERFMON', 'SYSLOG'];
const USER = 65_532;

test('no container has more rights than it needs', () => {
  assert.equal(CONTAINERS.length, 8);
  for (const { where, container } of CONTAINERS) {
    const isLoader = container.name === 'loader';
    const user = isLoader ? { runAsUser: 0 } : { runAsNonRoot: true, runAsUser: USER, runAsGroup: USER };
    const add = isLoader ? { add: LOADER_CAPABILITIES } : {};
    assert.deepEqual(
      container.securityContext,
      {
        ...user,
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'], ...add },
      },
      where,
    );
    assert.ok(container.resources?.limits?.memory, `${where} has no memory limit`);
  }
});

test('pods share nothing with their node but its cgroups, which they only read', () => {
  for (const { where, spec } of PODS) {
    const { hostNetwork, hostPID, hostIPC } = spec;
    assert.deepEqual(
      { hostNetwork, hostPID, hostIPC },
      { hostNetwork: undefined, hostPID: undefined, hostIPC: undefined },
      where,
    );
    assert.deepEqual(
      spec.securityContext,
      { fsGroup: USER, seccompProfile: { type: 'RuntimeDefault' } },
      where,
    );
    const paths = (spec.volumes ?? []).flatMap(({ name, hostPath }) =>
      hostPath ? [{ name, ...hostPath }] : [],
    );
    assert.ok(
      paths.every(({ name, path }) => name === 'cgroup' && path === '/sys/fs/cgroup'),
      where,
    );
    for (const { name, volumeMounts = [] } of spec.containers) {
      const mounts = volumeMounts.filter((mount) => mount.name === 'cgroup');
      assert.ok(
        mounts.every(({ readOnly }) => readOnly === true && name === 'recorder'),
        `${where} ${name}`,
      );
    }
  }
});

test('only the cluster recorder has a token', () => {
  for (const { where, spec } of PODS) {
    const isCluster = spec.serviceAccountName === 'ktape-cluster';
    assert.equal(spec.automountServiceAccountToken, isCluster, where);
    assert.ok(isCluster || spec.serviceAccountName === 'ktape-node', where);
  }
  const bound = MANIFESTS.filter(({ kind }) => kind === 'ClusterRoleBinding').map(
    ({ object }) => object.subjects,
  );
  assert.deepEqual(bound, [[{ kind: 'ServiceAccount', name: 'ktape-cluster', namespace: 'ktape' }]]);
});

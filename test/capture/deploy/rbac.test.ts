import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { V1PolicyRule } from '@kubernetes/client-node';
import { versionsOf, WATCHED_KINDS } from '../../../src/kubernetes/kinds.js';
import { MANIFESTS } from './manifests.js';

/** `apps/deployments`, or `/pods` for the core group. */
function allowed(rules: readonly V1PolicyRule[]): string[] {
  return rules.flatMap(({ apiGroups = [], resources = [] }) =>
    apiGroups.flatMap((group) => resources.map((resource) => `${group}/${resource}`)),
  );
}

test('the cluster recorder may list and watch exactly the kinds that it watches', () => {
  const watched = WATCHED_KINDS.flatMap((kind) =>
    versionsOf(kind).map((version) => `${version.includes('/') ? version.split('/')[0] : ''}/${kind.plural}`),
  );
  const roles = MANIFESTS.filter(({ kind }) => kind === 'ClusterRole' || kind === 'Role');
  assert.deepEqual(
    roles.map(({ name }) => name),
    ['ktape-cluster'],
  );
  const rules = roles.flatMap(({ object }) => object.rules as V1PolicyRule[]);
  assert.deepEqual(allowed(rules).sort(), [...new Set(watched)].sort());
  for (const { verbs, nonResourceURLs } of rules)
    assert.deepEqual([verbs, nonResourceURLs], [['list', 'watch'], undefined]);
});

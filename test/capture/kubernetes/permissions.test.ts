import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectionPath, versionPath, versionsOf, WATCHED_KINDS } from '../../../src/kubernetes/kinds.js';
import { until } from '../until.js';
import { LabApi } from './lab_api.js';
import { Recording } from './recording.js';

const EVERYWHERE = WATCHED_KINDS.filter(({ otherVersions }) => otherVersions === undefined);

test('all that is asked of the API server is to list and watch the kinds, and what it serves at all', async () => {
  const api = new LabApi();
  api.store.create({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'tiers.crd.projectcalico.org' },
    spec: {
      group: 'crd.projectcalico.org',
      names: { kind: 'Tier', plural: 'tiers' },
      scope: 'Cluster',
      versions: [{ name: 'v1', served: true }],
    },
  });
  await api.start();
  const recording = new Recording(api, 1_000_000_000n, WATCHED_KINDS);
  const watched = () =>
    new Set(api.requests.filter((url) => url.searchParams.has('watch')).map(({ pathname }) => pathname));
  await until('it watches', () => watched().size > EVERYWHERE.length);
  await recording.end();

  assert.deepEqual(
    [...watched()].sort(),
    [...EVERYWHERE.map(collectionPath), '/apis/crd.projectcalico.org/v1/tiers'].sort(),
  );
  assert.deepEqual([...api.methods], ['GET']);
  const versions = new Set(WATCHED_KINDS.flatMap(versionsOf).map(versionPath));
  for (const { pathname, searchParams } of api.requests) {
    const isCollection = watched().has(pathname) && (searchParams.has('limit') || searchParams.has('watch'));
    assert.ok(isCollection || pathname === '/apis' || versions.has(pathname), pathname);
  }
});

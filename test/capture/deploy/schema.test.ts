import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { repository } from '../../repository.js';
import { MANIFESTS } from './manifests.js';

/** The types are generated from the OpenAPI document of Kubernetes 1.34: an unknown field is an error in a literal. */
function typeErrors(t: TestContext, objects: readonly Readonly<Record<string, unknown>>[]): string[] {
  const directory = mkdtempSync(join(repository, 'dist/manifests-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const source = objects.map(
    (object, i) =>
      `export const object${i}: import('@kubernetes/client-node').V1${object.kind} = ${JSON.stringify(object)};\n`,
  );
  const file = join(directory, 'manifests.ts');
  writeFileSync(file, source.join(''));
  const options = [
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    '--module',
    'nodenext',
    '--target',
    'es2022',
    '--ignoreConfig',
  ];
  const args = [join(repository, 'node_modules/typescript/bin/tsc'), ...options, '--types', 'node', file];
  const { stdout } = spawnSync(process.execPath, args, { cwd: directory, encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line !== '');
}

test('every manifest is what the Kubernetes API describes', (t) => {
  assert.deepEqual([...new Set(MANIFESTS.map(({ kind }) => kind))].sort(), [
    'ClusterRole',
    'ClusterRoleBinding',
    'DaemonSet',
    'Deployment',
    'Job',
    'Namespace',
    'Service',
    'ServiceAccount',
  ]);
  assert.deepEqual(
    typeErrors(
      t,
      MANIFESTS.map(({ object }) => object),
    ),
    [],
  );
});

test('a misspelt, a missing and a mistyped field would be found', (t) => {
  const found = (spec: object) => typeErrors(t, [{ apiVersion: 'v1', kind: 'Pod', spec }]).join('\n');
  assert.match(
    found({ containers: [{ name: 'a', securityContext: { runAsNonRot: true } }] }),
    /'"runAsNonRot"' does not exist/,
  );
  assert.match(found({ containers: [{ image: 'a' }] }), /Property ''name'' is missing/);
  assert.match(
    found({ containers: [{ name: 'a', command: 'sh' }] }),
    /'string' is not assignable to type 'string\[\]'/,
  );
});

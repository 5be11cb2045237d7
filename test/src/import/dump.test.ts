import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { TapeDatabase } from '../../../src/query/tape_database.js';
import { openTape } from '../../../src/tape/tape.js';
import { scratch } from '../../scratch.js';
import { runCaptured } from '../cli/captured_terminal.js';

const pod = (namespace: string, name: string, resourceVersion = '1') => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace, name, resourceVersion, creationTimestamp: '2026-11-20T08:00:00Z' },
});
const namespace = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
const list = (kind: string, ...items: readonly object[]) => ({
  apiVersion: 'v1',
  kind: `${kind}List`,
  items,
});

/** Writes a dump: content by path, objects as JSON. */
async function dump(directory: string, files: Readonly<Record<string, object | string>>): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    const file = join(directory, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
    await utimes(file, new Date('2026-11-21T00:00:00Z'), new Date('2026-11-21T00:00:00Z'));
  }
  return directory;
}

async function imported(t: TestContext, tool: string, path: string) {
  const directory = scratch(t);
  const output = join(directory, 'out.tape');
  const { stderr } = await runCaptured(['import', tool, path, '-o', output], { temporary: directory });
  const rows = async (sql: string) => {
    const database = await TapeDatabase.open(await openTape(output), directory);
    try {
      return await database.rows(sql);
    } finally {
      database.close();
    }
  };
  return { said: stderr.replaceAll(directory, 'OUT').replaceAll(path, 'DUMP'), rows };
}

const MUST_GATHER = {
  timestamp: '2026-11-22 10:00:00.5 +0000 UTC m=+0.1\n2026-11-22 11:05:00.25 +0100 CET m=+300.1\n',
  'image/cluster-scoped-resources/core/namespaces/shop.yaml': namespace('shop'),
  'image/cluster-scoped-resources/core/namespaces/bank.yaml': namespace('bank'),
  'image/namespaces/shop/core/pods.yaml': list('Pod', pod('shop', 'web', '7')),
  'image/namespaces/shop/pods/web/web.yaml': pod('shop', 'web', '9'),
  'image/namespaces/shop/core/services.yaml': list('Service'),
  'image/namespaces/bank/core/services.yaml': list('Service'),
  'image/namespaces/shop/core/secrets.yaml': list('Secret', {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'key' },
  }),
  'image/namespaces/shop/pods/web/web/logs/current.log': 'listening\n',
};

test('a must-gather is its objects, each once, as of its timestamp, and says of what it has not all', async (t) => {
  const { said, rows } = await imported(t, 'must-gather', await dump(scratch(t), MUST_GATHER));
  assert.equal(
    said,
    'OUT/out.tape: 3 objects; 1 Secret left out; as of 2026-11-22T10:05:00.25Z by its timestamp\n',
  );
  assert.deepEqual(
    await rows('SELECT kind, namespace, name, resource_version FROM kubernetes_objects ORDER BY ALL'),
    [
      ['Namespace', null, 'bank', null],
      ['Namespace', null, 'shop', null],
      ['NamespaceList', null, null, null],
      ['Pod', 'shop', 'web', '9'],
      ['ServiceList', null, null, null],
    ],
  );
  assert.deepEqual(await rows('SELECT reason, subject, detail FROM losses'), [
    ['not in the dump', 'Pod', 'not of bank'],
  ]);
});

const BUNDLE = {
  'support-bundle/cluster-resources/namespaces.json': [{ metadata: { name: 'shop' } }],
  'support-bundle/cluster-resources/pods/shop.json': [{ metadata: { namespace: 'shop', name: 'web' } }],
  'support-bundle/cluster-resources/network-policy/shop.json': list('NetworkPolicy'),
  'support-bundle/cluster-resources/services-errors.json': { shop: 'services is forbidden' },
  'support-bundle/cluster-resources/pods/logs/shop/web/main.log': 'listening\n',
  'support-bundle/cluster-resources/custom-resources/ciliumnetworkpolicies.cilium.io/shop.yaml':
    '- apiVersion: cilium.io/v2\n  kind: CiliumNetworkPolicy\n  metadata: {namespace: shop, name: web}\n',
  'support-bundle/cluster-resources/image-pull-secrets/shop/key.json': { 'registry.example': 'user' },
};

test('a support bundle is read from its archive, its errors are told', async (t) => {
  const directory = await dump(join(scratch(t), 'b'), BUNDLE);
  const archive = `${directory}.tar.gz`;
  execFileSync('tar', ['czf', archive, '-C', directory, 'support-bundle']);
  const { said, rows } = await imported(t, 'support-bundle', archive);
  assert.equal(
    said,
    'DUMP: support-bundle/cluster-resources/services-errors.json: shop: services is forbidden\n' +
      "OUT/out.tape: 3 objects; as of 2026-11-21T00:00:00Z by its files' times\n",
  );
  assert.deepEqual(
    await rows('SELECT kind, api_version, namespace, name FROM kubernetes_objects ORDER BY ALL'),
    [
      ['CiliumNetworkPolicy', 'cilium.io/v2', 'shop', 'web'],
      ['Namespace', 'v1', null, 'shop'],
      ['NamespaceList', 'v1', null, null],
      ['NetworkPolicyList', 'networking.k8s.io/v1', null, null],
      ['Pod', 'v1', 'shop', 'web'],
      ['PodList', 'v1', null, null],
    ],
  );
});

test('where nothing else tells the time of a bundle its name does', async (t) => {
  const directory = join(scratch(t), 'support-bundle-2026-11-20T10_00_05');
  const { said } = await imported(
    t,
    'support-bundle',
    await dump(directory, { ...BUNDLE, 'support-bundle/cluster-resources/nodes.json': '{"kind": "Node"' }),
  );
  assert.deepEqual(said.trim().split('\n').slice(1), [
    'DUMP: support-bundle/cluster-resources/services-errors.json: shop: services is forbidden',
    'OUT/out.tape: 3 objects; 1 document NOT READ; as of 2026-11-20T10:00:05Z by the time in its name, taken for UTC',
  ]);
});

test('a hostile archive is refused or harmless, and nothing is left behind', async (t) => {
  const directory = scratch(t);
  const archiveOf = async (
    name: string,
    ...entries: readonly (readonly [Parameters<ReturnType<typeof pack>['entry']>[0], string])[]
  ) => {
    const tar = pack();
    for (const [header, content] of entries) tar.entry(header, content);
    tar.finalize();
    const path = join(directory, name);
    await writeFile(path, gzipSync(await buffer(tar)));
    return path;
  };
  const inside = JSON.stringify(pod('shop', 'web'));
  const escaping = await archiveOf(
    'escaping.tgz',
    [{ name: '../../namespaces/shop/core/pods.yaml' }, inside],
    [{ name: 'namespaces/shop/core/link.yaml', type: 'symlink', linkname: '/etc/passwd' }, ''],
  );
  assert.match((await imported(t, 'must-gather', escaping)).said, /OUT\/out\.tape: 1 object;/);
  const cut = join(directory, 'cut.tgz');
  await writeFile(cut, gzipSync(Buffer.alloc(4096, 1)).subarray(0, 20));
  assert.match((await imported(t, 'must-gather', cut)).said, /not an archive that can be read/);
  const empty = await archiveOf('empty.tgz', [{ name: 'readme.txt' }, 'nothing']);
  assert.match(
    (await imported(t, 'support-bundle', empty)).said,
    /no objects where a support bundle has them/,
  );
  await mkdir(join(directory, 'linked/namespaces/shop/core'), { recursive: true });
  await symlink('/etc/passwd', join(directory, 'linked/namespaces/shop/core/pods.yaml'));
  assert.match((await imported(t, 'must-gather', join(directory, 'linked'))).said, /no objects/);
  assert.match((await imported(t, 'must-gather', join(directory, 'none'))).said, /no such file/);
  assert.deepEqual((await readdir(directory)).sort(), ['cut.tgz', 'empty.tgz', 'escaping.tgz', 'linked']);
});

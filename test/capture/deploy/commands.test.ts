import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Command } from 'commander';
import { addRecordOptions, KNOWN_PROBES, type RecordOptions } from '../../../capture/record_options.js';
import { toolName } from '../../../src/tape/tool.js';
import { repository } from '../../repository.js';
import { CONTAINERS, MANIFESTS, PODS } from './manifests.js';

/** What the recorder makes of its arguments in a pod. */
function recordOptions(args: readonly string[]): RecordOptions {
  const command = new Command().exitOverride().configureOutput({ writeErr: (text) => assert.fail(text) });
  const environment = { KUBERNETES_SERVICE_HOST: '10.0.0.1', NODE_NAME: 'node-1' };
  return addRecordOptions(command, environment).parse(args, { from: 'user' }).opts();
}

function argsOf(name: string): (readonly [string, readonly string[]])[] {
  return CONTAINERS.filter(({ container }) => container.name === name).map(({ where, container }) => [
    where,
    container.args ?? [],
  ]);
}

test('recorders understand their arguments', () => {
  const recorders = argsOf('recorder').map(([where, args]) => ({ where, ...recordOptions(args) }));
  const told = recorders.map(({ where, out, node, kubernetes, probesSocket, otlpGrpc }) =>
    [where, out, node, kubernetes, probesSocket ?? 'none', otlpGrpc].join(' | '),
  );
  assert.deepEqual(told, [
    'daemonset.yaml DaemonSet ktape-node recorder | /tape | node-1 | off | /run/ktape/loader.sock | 0.0.0.0:4317',
    'daemonset.yaml Deployment ktape-cluster recorder | /tape | cluster | in-cluster | none | off',
    'job.yaml Job ktape-node recorder | /tape | node-1 | off | /run/ktape/loader.sock | 0.0.0.0:4317',
    'job.yaml Job ktape-cluster recorder | /tape | cluster | in-cluster | none | off',
  ]);
  for (const { where, for: time, keep, maxSize } of recorders) {
    const isJob = where.startsWith('job');
    assert.deepEqual([time, keep], isJob ? [1_800_000, undefined] : [undefined, 86_400_000], where);
    // Less than the volume has, or the kubelet would evict the pod with its tape.
    assert.equal(maxSize, 4 * 2 ** 30, where);
  }
});

test('loaders load every probe, for the recorder beside them', () => {
  const probes = KNOWN_PROBES.map((probe) => `/ktape/dist/bpf/${probe}.bpf.o`);
  for (const [where, args] of argsOf('loader')) {
    assert.deepEqual(args, ['--socket', '/run/ktape/loader.sock', '--peer-uid', '65532', ...probes], where);
  }
});

test('programs are those that are built, images and mounts fit together', () => {
  for (const { where, container } of CONTAINERS) {
    assert.equal(container.image, toolName().replace(' ', ':'), where);
    for (const word of container.command ?? []) {
      const path = word.startsWith('/ktape/') ? join(repository, word.slice('/ktape/'.length)) : repository;
      // The loader is not built where there is no clang.
      assert.ok(existsSync(path) || path.endsWith('/bpf/loader'), `${where}: ${word}`);
    }
  }
  for (const { where, spec } of PODS) {
    const volumes = (spec.volumes ?? []).map(({ name }) => name).sort();
    const mounted = spec.containers.flatMap(({ volumeMounts = [] }) => volumeMounts.map(({ name }) => name));
    assert.deepEqual([...new Set(mounted)].sort(), volumes, where);
    assert.equal(spec.volumes?.find(({ name }) => name === 'tape')?.emptyDir?.sizeLimit, '6Gi', where);
  }
});

test('the tape is in the container that `ktape collect` asks, and the pods have the labels that it looks for', () => {
  for (const { file, kind, object } of MANIFESTS) {
    const { template } = (object.spec ?? {}) as {
      template?: { metadata: Record<string, Record<string, string>> };
    };
    if (template === undefined) continue;
    const { labels = {}, annotations = {} } = template.metadata;
    assert.equal(labels['app.kubernetes.io/name'], 'ktape', `${file} ${kind}`);
    const container = annotations['kubectl.kubernetes.io/default-container'];
    assert.equal(container, kind === 'Job' ? 'tape' : 'recorder', `${file} ${kind}`);
  }
});

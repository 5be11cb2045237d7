import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { clusterFindings, tryCluster } from '../../../capture/doctor/cluster.js';
import { scratch } from '../../scratch.js';
import { startCluster } from '../../src/collect/cluster.js';

test('each kind is listed and watched, and the clocks are compared', async (t) => {
  const directory = scratch(t);
  const kubeconfig = await startCluster(t, directory, [{ name: 'a', tape: 404 }]);
  const trial = await tryCluster(kubeconfig, {});
  assert.ok(typeof trial !== 'string', String(trial));
  const served = trial.kinds.filter(({ isServed }) => isServed);
  assert.deepEqual(
    served.map(({ kind, failure }) => failure ?? kind),
    'Pod Service EndpointSlice Node Namespace ServiceAccount ReplicaSet Deployment DaemonSet StatefulSet Job NetworkPolicy Event'.split(
      ' ',
    ),
  );
  const [kubernetes, clock] = clusterFindings(trial);
  assert.match(
    kubernetes?.detail ?? '',
    /: 13 kinds can be listed and watched; the cluster does not have AdminNetworkPolicy, /,
  );
  assert.deepEqual(clock, {
    check: 'clock of the cluster',
    ok: 'yes',
    detail: 'the API server has the same time',
  });
});

test('a cluster that does not let in, one that does not answer, and a file that is none', async (t) => {
  const directory = scratch(t);
  const kubeconfig = await startCluster(t, directory, []);
  const other = join(directory, 'other');
  writeFileSync(other, readFileSync(kubeconfig, 'utf8').replace('secret', 'stranger'));
  assert.match(String(await tryCluster(other, {})), /^the API server answered 401 Unauthorized/);
  writeFileSync(other, readFileSync(kubeconfig, 'utf8').replace(/127.0.0.1:\d+/, '127.0.0.1:1'));
  assert.match(String(await tryCluster(other, {})), /^cannot reach the API server .*ECONNREFUSED/);
  writeFileSync(other, 'none');
  assert.match(String(await tryCluster(other, {})), /other: not a kubeconfig/);
  assert.equal(
    await tryCluster('in-cluster', {}),
    'not in a cluster: the variable KUBERNETES_SERVICE_HOST is not set',
  );
});

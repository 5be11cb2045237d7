import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { kindName, WATCHED_KINDS } from '../../../src/kubernetes/kinds.js';
import { scratch } from '../../scratch.js';
import { CLUSTER_ONLY, ktapeRows, startRecorder } from '../recorder_process.js';

test('the cluster that KTAPE_KUBECONFIG names: every kind is listed, and nothing is lost', async (t) => {
  const kubeconfig = process.env.KTAPE_KUBECONFIG;
  if (kubeconfig === undefined) {
    t.skip('KTAPE_KUBECONFIG names no kubeconfig of a cluster to try on');
    return;
  }
  const out = join(scratch(t), 'tape');
  const recorder = startRecorder(t, [
    '--out',
    out,
    '--for',
    '10s',
    ...CLUSTER_ONLY,
    '--kubernetes',
    kubeconfig,
  ]);
  assert.equal(await recorder.exited, 0, recorder.said.join('\n'));
  assert.deepEqual(
    ktapeRows(out, 'SELECT DISTINCT kind, api_version FROM kubernetes_objects WHERE name IS NULL')
      .map(([kind, apiVersion]) => kindName(String(apiVersion), String(kind).replace(/List$/, '')))
      .sort(),
    WATCHED_KINDS.map(({ kind, apiVersion }) => kindName(apiVersion, kind)).sort(),
  );
  assert.deepEqual(ktapeRows(out, 'FROM losses'), []);
  assert.ok(ktapeRows(out, 'FROM pods').length > 0);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lossesOf } from '../../../capture/storage/shed.js';
import { appendRow } from '../../../src/kubernetes/append_row.js';
import { type KubernetesObjectRow, listMark } from '../../../src/kubernetes/observation.js';
import { kubernetesObjects } from '../../../src/schema/tables/kubernetes_objects.js';
import { RowBatch } from '../../../src/tape/row_batch.js';

function seen(time: bigint, kind: string, api_version: string): KubernetesObjectRow {
  const identity = { namespace: 'shop', name: 'a', uid: 'u', resource_version: '1' };
  return { time, observed: 'added', kind, api_version, ...identity, object: '{}', removed: null };
}

test('of objects that are given up each kind is told by itself, the mark of its list with it', () => {
  const batch = new RowBatch(kubernetesObjects, 'n1');
  for (const row of [
    seen(10n, 'Pod', 'v1'),
    seen(9n, 'Pod', 'v1'),
    listMark('Pod', 'v1', '1', 12n),
    seen(11n, 'NetworkPolicy', 'networking.k8s.io/v1'),
    seen(13n, 'NetworkPolicy', 'projectcalico.org/v3'),
  ]) {
    appendRow(batch, row);
  }
  const told = lossesOf(batch as unknown as RowBatch, 'no space').map(
    ({ source, reason, subject, since, until, count }) => [source, reason, subject, since, until, count],
  );
  assert.deepEqual(told, [
    ['kubernetes', 'memory full', 'Pod', 9n, 12n, 3n],
    ['kubernetes', 'memory full', 'NetworkPolicy', 11n, 11n, 1n],
    ['kubernetes', 'memory full', 'Calico NetworkPolicy', 13n, 13n, 1n],
  ]);
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { labFile } from '../../../fixtures/lab/files.js';
import { labUnavailable, startLab } from '../../../fixtures/lab/lab.js';
import { labIdentity } from '../../../fixtures/lab/lab_number.js';
import { podNamespace } from '../../../fixtures/lab/network.js';
import { copySegment } from '../../../src/tape/copy_segment.js';
import { mergeTapes } from '../../../src/tape/merge_tapes.js';
import { openTape } from '../../../src/tape/tape.js';
import { skippedLive } from '../../live.js';
import { scratch } from '../../scratch.js';
import { ktapeRows, startRecorder } from '../recorder_process.js';

const DROP_PORT_9 =
  'add table inet t; add chain inet t o { type filter hook output priority 0; }; add rule inet t o udp dport 9 drop';
const SEND_TO_PORT_9 = `require('node:dgram').createSocket('udp4').on('error', () => process.exit()).send('x', 9, '192.0.2.1', () => process.exit())`;

test('a recorder of the node and one of the cluster: merged, the cgroup of a dropped packet leads to pod and container', async (t) => {
  if (skippedLive(t, labUnavailable())) return;
  const lab = await startLab({ objects: [labFile('kiosk.yaml')] });
  t.after(() => lab.stop());
  const web = lab.podOf('kiosk/web');
  const folder = scratch(t);
  const [node, cluster, merged] = ['node', 'cluster', 'merged'].map((name) => join(folder, name));
  assert.ok(node && cluster && merged);
  const off = ['--otlp-grpc', 'off', '--otlp-http', 'off'];
  const nodeNamespace = ['ip', 'netns', 'exec', `kt${lab.number}-node`];
  const recorders = [
    startRecorder(t, ['--out', node, '--kubernetes', 'off', ...off]),
    startRecorder(
      t,
      ['--out', cluster, '--kubernetes', lab.kubeconfig, '--probes', 'off', '--node', 'cluster', ...off],
      nodeNamespace,
    ),
  ];
  for (const recorder of recorders) await recorder.says(/^recording /);

  const namespace = podNamespace(labIdentity(lab.number), web.metadata.name);
  execFileSync('ip', ['netns', 'exec', namespace, 'nft', DROP_PORT_9]);
  await once(lab.startInPod('kiosk/web', process.execPath, ['-e', SEND_TO_PORT_9]), 'exit');
  for (const { child, exited } of recorders) {
    child.kill('SIGTERM');
    assert.equal(await exited, 0);
  }

  await mergeTapes([await openTape(node), await openTape(cluster)], merged, 'ktape test', copySegment);
  assert.deepEqual(
    ktapeRows(
      merged,
      `SELECT DISTINCT namespace, name, container, workload_name, pod_uid
       FROM packet_drops JOIN pod_cgroups USING (node, cgroup_id)
       WHERE destination_port = 9 AND destination_address = '192.0.2.1'`,
    ),
    [['kiosk', web.metadata.name, 'server', 'web', web.metadata.uid]],
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cgroupOwner } from '../../../../src/kubernetes/cgroup_owner.js';
import { redactCgroupPath } from '../../../../src/share/objects/cgroup_path.js';
import { wordsOf } from '../words/tiny_words.js';

const { words } = wordsOf(['acme']);
const UID = '3e6c3f15-742c-4e15-95d1-7ba8d49d2c19';
const SLICE = 'kubepods-burstable-pod3e6c3f15_742c_4e15_95d1_7ba8d49d2c19.slice';
const STATIC = 'fd0b1ff7d4c6c7d3f8c0e45df1e2ab0c';
const ID = 'c688c856b21cfb29c1dbf6c14793435e44a1299dfc12add33283239bffed2620';
const NODE = '5ffb254447f359ebf3b1f04a53fe5ea17f523f9e583016d3a8ee23beaea11a4e';

const PATHS = [
  `/kubepods.slice/kubepods-burstable.slice/${SLICE}/cri-containerd-${ID}.scope`,
  `/kubepods.slice/${SLICE}/crio-${ID}.scope/container`,
  `/kubepods.slice/${SLICE}/cri-containerd-${ID}.scope/system.slice/acme.service`,
  `/kubepods.slice/${SLICE}/crio-conmon-${ID}.scope`,
  `/kubepods/burstable/pod${UID}/${ID}`,
  `/kubepods/burstable/pod${UID}/crio-conmon-${ID}`,
  `/kubepods/burstable/pod${STATIC}/${ID}`,
  `/kubepods.slice/kubepods-pod${STATIC}.slice/crio-${ID}.scope`,
  `/system.slice/containerd.service/${SLICE}:cri-containerd:${ID}`,
  `/system.slice/docker-${NODE}.scope/kubelet.slice/kubelet-${SLICE}/cri-containerd-${ID}.scope`,
  `/docker/${NODE}/kubepods/besteffort/pod${UID}/${ID}`,
  `/../../${SLICE}/crio-${ID}.scope`,
  `/kubepods/pod${UID}/${ID}/docker/${NODE}`,
  `/machine.slice/libpod-${ID}.scope/container`,
  `/machine.slice/libpod-conmon-${ID}.scope`,
  `/acme-${SLICE}/acme-${ID}.scope`,
  `/system.slice/var-lib-docker-overlay2-${ID}-merged.mount`,
  `/user.slice/pod${UID}x/podinfo`,
  '/system.slice/acme-billing.service',
  '/',
];

test('the pod and the container are found in every form of path, by the ids that stand for theirs', () => {
  for (const path of PATHS) {
    const { podUid, containerId } = cgroupOwner(path);
    const redacted = redactCgroupPath(path, words);
    const expected = {
      podUid: podUid && words.name(podUid),
      containerId: containerId && words.name(containerId),
    };
    assert.deepEqual(cgroupOwner(redacted), expected, redacted);
    assert.doesNotMatch(redacted, /acme|billing|3e6c3f15|fd0b1ff7|c688c856|5ffb2544/, path);
  }
});

test('the rest of a path stays to be read', () => {
  const uid = words.name(UID).replaceAll('-', '_');
  assert.equal(
    redactCgroupPath(PATHS[0] ?? '', words),
    `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${uid}.slice/cri-containerd-${words.name(ID)}.scope`,
  );
  assert.equal(
    redactCgroupPath('/system.slice/acme-billing.service', words),
    `/system.slice/${words.name('acme')}-${words.name('billing')}.service`,
  );
});

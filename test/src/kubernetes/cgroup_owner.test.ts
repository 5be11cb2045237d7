import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cgroupOwner } from '../../../src/kubernetes/cgroup_owner.js';

const UID = '3e6c3f15-742c-4e15-95d1-7ba8d49d2c19';
const SLICE_UID = '3e6c3f15_742c_4e15_95d1_7ba8d49d2c19';
const STATIC = 'fd0b1ff7d4c6c7d3f8c0e45df1e2ab0c';
const ID = 'c688c856b21cfb29c1dbf6c14793435e44a1299dfc12add33283239bffed2620';
const NODE = '5ffb254447f359ebf3b1f04a53fe5ea17f523f9e583016d3a8ee23beaea11a4e';

const BURSTABLE = `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${SLICE_UID}.slice`;
const KIND = '/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-besteffort.slice';

/** Forms as they are seen on nodes: path, uid of the pod, id of the container. */
const PATHS: readonly [string, string, string | null, string | null][] = [
  ['systemd, containerd', `${BURSTABLE}/cri-containerd-${ID}.scope`, UID, ID],
  ['systemd, CRI-O', `${BURSTABLE}/crio-${ID}.scope`, UID, ID],
  ['systemd, Docker', `${BURSTABLE}/docker-${ID}.scope`, UID, ID],
  [
    'a guaranteed pod has no class',
    `/kubepods.slice/kubepods-pod${SLICE_UID}.slice/crio-${ID}.scope`,
    UID,
    ID,
  ],
  ['crun nests the processes once more', `${BURSTABLE}/crio-${ID}.scope/container`, UID, ID],
  ['systemd in the container', `${BURSTABLE}/cri-containerd-${ID}.scope/system.slice/x.service`, UID, ID],
  ['the pod itself', BURSTABLE, UID, null],
  ['the monitor of CRI-O', `${BURSTABLE}/crio-conmon-${ID}.scope`, UID, null],
  ['the same, cgroupfs', `/kubepods/burstable/pod${UID}/crio-conmon-${ID}`, UID, null],

  ['cgroupfs, containerd or Docker', `/kubepods/burstable/pod${UID}/${ID}`, UID, ID],
  ['cgroupfs, guaranteed', `/kubepods/pod${UID}/${ID}`, UID, ID],
  ['cgroupfs, CRI-O', `/kubepods/besteffort/pod${UID}/crio-${ID}`, UID, ID],
  ['a static pod', `/kubepods/burstable/pod${STATIC}/${ID}`, STATIC, ID],
  [
    'a static pod, systemd',
    `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${STATIC}.slice/crio-${ID}.scope`,
    STATIC,
    ID,
  ],
  [
    'kubelet with systemd, containerd without',
    `/system.slice/containerd.service/kubepods-besteffort-pod${SLICE_UID}.slice:cri-containerd:${ID}`,
    UID,
    ID,
  ],

  ['kind', `${KIND}/kubelet-kubepods-besteffort-pod${SLICE_UID}.slice/cri-containerd-${ID}.scope`, UID, ID],
  [
    'kind seen from the host, v2',
    `/system.slice/docker-${NODE}.scope${KIND}/kubelet-kubepods-besteffort-pod${SLICE_UID}.slice/cri-containerd-${ID}.scope`,
    UID,
    ID,
  ],
  ['minikube seen from the host, v1', `/docker/${NODE}/kubepods/besteffort/pod${UID}/${ID}`, UID, ID],
  ['the kubelet of kind, from the host', `/docker/${NODE}/kubelet.slice/kubelet.service`, null, NODE],
  [
    'from another cgroup namespace',
    `/../../kubepods-burstable-pod${SLICE_UID}.slice/crio-${ID}.scope`,
    UID,
    ID,
  ],
  ['a v1 mount with its controller', `/sys/fs/cgroup/cpu,cpuacct${BURSTABLE}/docker-${ID}.scope`, UID, ID],
  ['Docker in a pod', `/kubepods/pod${UID}/${ID}/docker/${NODE}`, UID, ID],

  ['Docker alone, systemd', `/system.slice/docker-${ID}.scope`, null, ID],
  ['Docker alone, cgroupfs', `/docker/${ID}`, null, ID],
  ['Podman', `/machine.slice/libpod-${ID}.scope/container`, null, ID],
  ['the monitor of Podman', `/machine.slice/libpod-conmon-${ID}.scope`, null, null],
  ['the root', '/', null, null],
  ['a service', '/system.slice/kubelet.service', null, null],
  ['a class of pods', '/kubepods.slice/kubepods-burstable.slice', null, null],
  ['a mount of a layer', `/system.slice/var-lib-docker-overlay2-${ID}-merged.mount`, null, null],
  ['a name that begins like a pod', `/user.slice/pod${UID}x/podinfo`, null, null],
];

test('the pod and the container that a path of a cgroup names', () => {
  for (const [form, path, podUid, containerId] of PATHS) {
    assert.deepEqual(cgroupOwner(path), { podUid, containerId }, form);
  }
});

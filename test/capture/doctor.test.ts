import assert from 'node:assert/strict';
import { test } from 'node:test';
import { examine, type Machine } from '../../capture/doctor.js';

const FILES: Readonly<Record<string, string>> = {
  '/sys/kernel/btf/vmlinux': 'type information',
  '/proc/self/status': 'Name:\tnode\nCapEff:\t000001ffffffffff\n',
  '/proc/kallsyms': 'ffffffff81000000 T _stext\n',
  '/proc/mounts': 'proc /proc proc rw 0 0\ncgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n',
  '/sys/devices/system/clocksource/clocksource0/current_clocksource': 'tsc\n',
};

const GOOD: Machine = {
  platform: 'linux',
  architecture: 'x64',
  kernel: '6.1.0-18-amd64',
  read: (path) => FILES[path],
  tryProbes: async () => [{ probe: 'packet_drops', failure: undefined }],
  whyNotListen: async () => undefined,
};

/** The findings on a machine as rows of words. */
async function findings(machine: Machine): Promise<string[]> {
  const found = await examine(machine, ['127.0.0.1:4317']);
  return found.map(({ check, ok, detail }) => `${check} | ${ok} | ${detail}`);
}

test('a machine on which everything can be recorded', async () => {
  assert.deepEqual(await findings(GOOD), [
    'system | yes | linux on x64',
    'kernel | yes | 6.1.0-18-amd64',
    'kernel type information | yes | /sys/kernel/btf/vmlinux',
    'privileges | yes | may load probes',
    'kernel function names | yes | /proc/kallsyms',
    'cgroups | yes | version 2 at /sys/fs/cgroup',
    'clock | yes | clock source tsc',
    'probe packet_drops | yes | attached and detached again',
    'listen on 127.0.0.1:4317 | yes | free',
  ]);
});

test('an old kernel, few privileges and a port in use', async () => {
  const files: Readonly<Record<string, string>> = {
    '/proc/self/status': 'CapEff:\t0000008000000000\n',
    '/proc/kallsyms': '0000000000000000 T _stext\n',
    '/sys/devices/system/clocksource/clocksource0/current_clocksource': 'hpet\n',
  };
  const poor: Machine = {
    ...GOOD,
    architecture: 'arm64',
    kernel: '5.10.0',
    read: (path) => files[path],
    tryProbes: async () => [{ probe: 'packet_drops', failure: 'Operation not permitted' }],
    whyNotListen: async () => 'listen EADDRINUSE: address already in use 127.0.0.1:4317',
  };
  assert.deepEqual(await findings(poor), [
    'system | degraded | linux on arm64: probes are tested on x64 only',
    'kernel | degraded | 5.10.0: drop reasons are known from 5.17 on',
    'kernel type information | no | /sys/kernel/btf/vmlinux is missing: the kernel needs CONFIG_DEBUG_INFO_BTF=y',
    'privileges | no | missing CAP_PERFMON: probes need root or these',
    'kernel function names | degraded | /proc/kallsyms hides addresses (kernel.kptr_restrict, CAP_SYSLOG): location will be NULL',
    'cgroups | degraded | no cgroup v2 is mounted: cgroup_id will lead to no container',
    'clock | degraded | clock source hpet: reading it is slow',
    'probe packet_drops | no | Operation not permitted',
    'listen on 127.0.0.1:4317 | no | listen EADDRINUSE: address already in use 127.0.0.1:4317',
  ]);
});

test('a kernel too old, and another system', async () => {
  const old = await findings({ ...GOOD, kernel: '5.4.0' });
  assert.equal(old[1], 'kernel | no | 5.4.0: probes need 5.8 or newer');
  const mac = await findings({ ...GOOD, platform: 'darwin', architecture: 'arm64' });
  assert.equal(mac[0], 'system | no | darwin on arm64: kernel events are recorded on Linux only');
  assert.equal(mac[1], 'probe packet_drops | yes | attached and detached again');
});

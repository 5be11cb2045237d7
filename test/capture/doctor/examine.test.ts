import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DoctorOptions, examine, type Machine } from '../../../capture/doctor/examine.js';

const FILES: Readonly<Record<string, string>> = {
  '/sys/kernel/btf/vmlinux': 'type information',
  '/proc/self/status': 'Name:\tnode\nCapEff:\t000001ffffffffff\n',
  '/proc/self/limits': 'Max locked memory         8388608              8388608              bytes\n',
  '/proc/kallsyms': 'ffffffff81000000 T _stext\n',
  '/proc/mounts': 'proc /proc proc rw 0 0\ncgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n',
  '/sys/devices/system/clocksource/clocksource0/current_clocksource': 'tsc\n',
};

const KINDS = [
  { kind: 'Pod', isServed: true, failure: undefined },
  { kind: 'CiliumNetworkPolicy', isServed: false, failure: undefined },
];

const GOOD: Machine = {
  platform: 'linux',
  architecture: 'x64',
  release: '6.1.0-18-amd64',
  read: (path) => FILES[path],
  tryProbes: async () => [{ probe: 'packet_drops', failure: undefined }],
  cgroupsAt: (directory) => directory,
  whyNotConnect: async () => undefined,
  whyNotListen: async () => undefined,
  tryDisk: async () => ({ freeBytes: 50 * 2 ** 30, syncMs: 1.25 }),
  tryCluster: async () => ({ url: 'https://10.0.0.1:443', kinds: KINDS, aheadMs: -400 }),
  watchClock: async () => 0.3,
};

const OPTIONS: DoctorOptions = {
  out: 'incident.tape',
  otlpGrpc: '127.0.0.1:4317',
  otlpHttp: 'off',
  kubernetes: 'in-cluster',
  probes: ['packet_drops'],
};

/** The findings on a machine as rows of words. */
async function findings(machine: Machine, options: Partial<DoctorOptions> = {}): Promise<string[]> {
  const found = await examine(machine, { ...OPTIONS, ...options });
  return found.map(({ check, ok, detail }) => `${check} | ${ok} | ${detail}`);
}

test('a machine on which everything can be recorded', async () => {
  assert.deepEqual(await findings(GOOD), [
    'system | yes | linux on x64',
    'kernel | yes | 6.1.0-18-amd64',
    'kernel type information | yes | /sys/kernel/btf/vmlinux',
    'privileges | yes | may load probes',
    'locked memory | yes | enough for the ring',
    'kernel function names | yes | /proc/kallsyms',
    'clock source | yes | tsc',
    'probe packet_drops | yes | attached and detached again',
    'cgroups | yes | version 2 at /sys/fs/cgroup',
    'wall clock | yes | steady',
    'listen on 127.0.0.1:4317 | yes | free',
    'disk incident.tape | yes | writable, 50.0 GiB free, 1.3 ms to make a write durable',
    'kubernetes | yes | https://10.0.0.1:443: 1 kinds can be listed and watched; the cluster does not have CiliumNetworkPolicy',
    'clock of the cluster | yes | the API server has the same time',
  ]);
});

test('an old kernel, few privileges, a port in use, a full and slow disk, clocks that are wrong', async () => {
  const files: Readonly<Record<string, string>> = {
    '/proc/self/status': 'CapEff:\t0000008000000000\n',
    '/proc/self/limits': 'Max locked memory         65536                65536                bytes\n',
    '/proc/kallsyms': '0000000000000000 T _stext\n',
    '/sys/devices/system/clocksource/clocksource0/current_clocksource': 'hpet\n',
  };
  const refused = {
    kind: 'Event',
    isServed: true,
    failure: 'the API server answered 403 events is forbidden',
  };
  const poor: Machine = {
    ...GOOD,
    architecture: 'arm64',
    release: '5.10.0',
    read: (path) => files[path],
    tryProbes: async () => [{ probe: 'packet_drops', failure: 'Operation not permitted' }],
    whyNotListen: async () => 'listen EADDRINUSE: address already in use 127.0.0.1:4317',
    tryDisk: async () => ({ freeBytes: 2 ** 30, syncMs: 80 }),
    tryCluster: async () => ({
      url: 'https://10.0.0.1:443',
      kinds: [...KINDS.slice(0, 1), refused],
      aheadMs: 61_300,
    }),
    watchClock: async () => -250,
  };
  assert.deepEqual(await findings(poor), [
    'system | degraded | linux on arm64: probes are tested on x64 only',
    'kernel | degraded | 5.10.0: drop reasons are known from 5.17 on',
    'kernel type information | no | /sys/kernel/btf/vmlinux is missing: the kernel needs CONFIG_DEBUG_INFO_BTF=y',
    'privileges | no | missing CAP_PERFMON: probes need root or these',
    'locked memory | no | the limit is 65536 bytes; before 5.11 the ring needs 16777216, or CAP_SYS_RESOURCE',
    'kernel function names | degraded | /proc/kallsyms hides addresses (kernel.kptr_restrict, CAP_SYSLOG): location will be NULL',
    'clock source | degraded | hpet: reading it is slow',
    'probe packet_drops | no | Operation not permitted',
    'cgroups | degraded | /proc/mounts has no cgroup v2: cgroup_id will lead to no container',
    'wall clock | degraded | the wall clock moved by -250 ms within a second: times will be doubtful',
    'listen on 127.0.0.1:4317 | no | listen EADDRINUSE: address already in use 127.0.0.1:4317',
    'disk incident.tape | degraded | 1.0 GiB free: a tape may grow by gigabytes a day; 80.0 ms to make a write durable: so long each OTLP request waits',
    'kubernetes | yes | https://10.0.0.1:443: 1 kinds can be listed and watched',
    'kubernetes Event | no | the API server answered 403 events is forbidden',
    "clock of the cluster | degraded | the API server's clock is 61.3 s ahead of this one: nodes' times will not fit together",
  ]);
});

test('a kernel too old, and another system', async () => {
  const old = await findings({ ...GOOD, release: '5.4.0' });
  assert.equal(old[1], 'kernel | no | 5.4.0: probes need 5.8 or newer');
  const mac = await findings({ ...GOOD, platform: 'darwin', architecture: 'arm64' });
  assert.equal(mac[0], 'system | no | darwin on arm64: kernel events are recorded on Linux only');
  assert.equal(mac[1], 'probe packet_drops | yes | attached and detached again');
});

test('only what the options ask for is looked at', async () => {
  const { out, ...withoutOut } = OPTIONS;
  const off = { ...withoutOut, otlpGrpc: 'off', kubernetes: 'off', probes: [] };
  const found = await examine(GOOD, off);
  assert.deepEqual(
    found.map(({ check }) => check),
    ['system', 'wall clock'],
    out,
  );
});

test('a loader elsewhere is looked for by its socket; the cluster may not answer', async () => {
  const machine: Machine = {
    ...GOOD,
    whyNotConnect: async () => "ENOENT: no such file or directory, stat '/run/loader.sock'",
    tryProbes: () => assert.fail('this process needs no privileges'),
    cgroupsAt: () => undefined,
    tryDisk: async () => 'EROFS: read-only file system',
    tryCluster: async () => 'cannot reach the API server https://10.0.0.1:443: connect ECONNREFUSED',
  };
  assert.deepEqual(
    (await findings(machine, { probesSocket: '/run/loader.sock', cgroups: '/host' })).filter(
      (line) => !line.includes('| yes |'),
    ),
    [
      "loader at /run/loader.sock | no | ENOENT: no such file or directory, stat '/run/loader.sock'",
      'cgroups | degraded | /host has no cgroup v2: cgroup_id will lead to no container',
      'disk incident.tape | no | EROFS: read-only file system',
      'kubernetes | no | cannot reach the API server https://10.0.0.1:443: connect ECONNREFUSED',
    ],
  );
});

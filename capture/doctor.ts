import type { ProbeStatus } from './probes/probes.js';

/** One thing that recording depends on. */
export interface Finding {
  readonly check: string;
  /** `degraded`: it records, but less; `no`: something is not recorded at all. */
  readonly ok: 'yes' | 'no' | 'degraded';
  readonly detail: string;
}

/** What the doctor looks at, passed in. */
export interface Machine {
  readonly platform: string;
  readonly architecture: string;
  /** Release of the kernel, such as `6.1.0-18-amd64`. */
  readonly kernel: string;
  /** Content of a file of the kernel, its first 4 KiB; undefined if it cannot be read. */
  readonly read: (path: string) => string | undefined;
  /** Loads and attaches each probe for a moment. */
  readonly tryProbes: () => Promise<readonly ProbeStatus[]>;
  /** Why nothing can listen on this address, `HOST:PORT`; undefined if something can. */
  readonly whyNotListen: (address: string) => Promise<string | undefined>;
}

/** Says what can be recorded on this machine: what each source needs, and whether it is there. */
export async function examine(machine: Machine, addresses: readonly string[]): Promise<Finding[]> {
  const probes = await machine.tryProbes();
  const listeners = await Promise.all(addresses.map((address) => listener(machine, address)));
  return [
    system(machine),
    ...(machine.platform === 'linux' ? kernelFindings(machine) : []),
    ...probes.map(({ probe, failure }) => finding(`probe ${probe}`, failure, 'attached and detached again')),
    ...listeners,
  ];
}

function kernelFindings(machine: Machine): Finding[] {
  return [
    kernelRelease(machine),
    finding(
      'kernel type information',
      machine.read('/sys/kernel/btf/vmlinux') === undefined
        ? '/sys/kernel/btf/vmlinux is missing: the kernel needs CONFIG_DEBUG_INFO_BTF=y'
        : undefined,
      '/sys/kernel/btf/vmlinux',
    ),
    privileges(machine),
    functionNames(machine),
    cgroups(machine),
    clockSource(machine),
  ];
}

function finding(check: string, problem: string | undefined, detail: string): Finding {
  return problem === undefined ? { check, ok: 'yes', detail } : { check, ok: 'no', detail: problem };
}

function degraded(check: string, problem: string | undefined, detail: string): Finding {
  return problem === undefined ? { check, ok: 'yes', detail } : { check, ok: 'degraded', detail: problem };
}

function system({ platform, architecture }: Machine): Finding {
  const here = `${platform} on ${architecture}`;
  if (platform !== 'linux') {
    return { check: 'system', ok: 'no', detail: `${here}: kernel events are recorded on Linux only` };
  }
  const tested = architecture === 'x64' ? undefined : `${here}: probes are tested on x64 only`;
  return degraded('system', tested, here);
}

/** Ring buffers and the clock that counts sleep came with 5.8, drop reasons with 5.17. */
function kernelRelease({ kernel }: Machine): Finding {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(kernel) ?? [];
  const version = Number(major) * 1000 + Number(minor);
  if (!(version >= 5008)) return { check: 'kernel', ok: 'no', detail: `${kernel}: probes need 5.8 or newer` };
  const problem = version < 5017 ? `${kernel}: drop reasons are known from 5.17 on` : undefined;
  return degraded('kernel', problem, kernel);
}

const CAPABILITIES = { CAP_SYS_ADMIN: 21n, CAP_PERFMON: 38n, CAP_BPF: 39n };

function privileges(machine: Machine): Finding {
  const status = machine.read('/proc/self/status') ?? '';
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  const has = (name: keyof typeof CAPABILITIES) => ((effective >> CAPABILITIES[name]) & 1n) === 1n;
  const missing = has('CAP_SYS_ADMIN')
    ? []
    : (['CAP_BPF', 'CAP_PERFMON'] as const).filter((name) => !has(name));
  const problem =
    missing.length > 0 ? `missing ${missing.join(' and ')}: probes need root or these` : undefined;
  return finding('privileges', problem, 'may load probes');
}

/** Without the right to see kernel addresses all of them read as 0. */
function functionNames(machine: Machine): Finding {
  const [first = ''] = (machine.read('/proc/kallsyms') ?? '').split(' ');
  const hidden = /^0*$/.test(first);
  return degraded(
    'kernel function names',
    hidden
      ? '/proc/kallsyms hides addresses (kernel.kptr_restrict, CAP_SYSLOG): location will be NULL'
      : undefined,
    '/proc/kallsyms',
  );
}

function cgroups(machine: Machine): Finding {
  const mount = /^\S+ (\S+) cgroup2 /m.exec(machine.read('/proc/mounts') ?? '')?.[1];
  return degraded(
    'cgroups',
    mount === undefined ? 'no cgroup v2 is mounted: cgroup_id will lead to no container' : undefined,
    `version 2 at ${mount}`,
  );
}

/** Every event reads the clock: sources outside the processor take microseconds. */
function clockSource(machine: Machine): Finding {
  const path = '/sys/devices/system/clocksource/clocksource0/current_clocksource';
  const source = machine.read(path)?.trim() ?? 'unknown';
  const slow = ['hpet', 'acpi_pm', 'refined-jiffies', 'jiffies', 'unknown'].includes(source);
  return degraded(
    'clock',
    slow ? `clock source ${source}: reading it is slow` : undefined,
    `clock source ${source}`,
  );
}

async function listener(machine: Machine, address: string): Promise<Finding> {
  return finding(`listen on ${address}`, await machine.whyNotListen(address), 'free');
}

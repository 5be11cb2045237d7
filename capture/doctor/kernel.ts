import { type Finding, needed, wanted } from './finding.js';

/** A kernel as it tells of itself. */
export interface Kernel {
  /** Its release, such as `6.1.0-18-amd64`. */
  readonly release: string;
  /** Content of one of its files, the first 4 KiB; undefined if it cannot be read. */
  readonly read: (path: string) => string | undefined;
}

/** What loading probes and understanding what they send depends on. */
export function kernelFindings(kernel: Kernel): Finding[] {
  return [
    release(kernel),
    needed(
      'kernel type information',
      kernel.read('/sys/kernel/btf/vmlinux') === undefined
        ? '/sys/kernel/btf/vmlinux is missing: the kernel needs CONFIG_DEBUG_INFO_BTF=y'
        : undefined,
      '/sys/kernel/btf/vmlinux',
    ),
    privileges(kernel),
    lockedMemory(kernel),
    functionNames(kernel),
    clockSource(kernel),
  ];
}

/** As one number: 5017 for 5.17; NaN if it cannot be told. */
function versionOf({ release }: Kernel): number {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(release) ?? [];
  return Number(major) * 1000 + Number(minor);
}

/** Ring buffers and the clock that counts sleep came with 5.8, drop reasons with 5.17. */
function release(kernel: Kernel): Finding {
  const version = versionOf(kernel);
  if (!(version >= 5008)) {
    return { check: 'kernel', ok: 'no', detail: `${kernel.release}: probes need 5.8 or newer` };
  }
  const problem = version < 5017 ? `${kernel.release}: drop reasons are known from 5.17 on` : undefined;
  return wanted('kernel', problem, kernel.release);
}

const CAPABILITIES = { CAP_SYS_ADMIN: 21n, CAP_SYS_RESOURCE: 24n, CAP_PERFMON: 38n, CAP_BPF: 39n };

function has(kernel: Kernel, name: keyof typeof CAPABILITIES): boolean {
  const status = kernel.read('/proc/self/status') ?? '';
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  return ((effective >> CAPABILITIES[name]) & 1n) === 1n;
}

function privileges(kernel: Kernel): Finding {
  const missing = has(kernel, 'CAP_SYS_ADMIN')
    ? []
    : (['CAP_BPF', 'CAP_PERFMON'] as const).filter((name) => !has(kernel, name));
  const problem =
    missing.length > 0 ? `missing ${missing.join(' and ')}: probes need root or these` : undefined;
  return needed('privileges', problem, 'may load probes');
}

/** The ring of 8 MiB and what is beside it. */
const LOCKED_BYTES = 16 << 20;

/** Kernels before 5.11 count the memory of maps as locked by the process. */
function lockedMemory(kernel: Kernel): Finding {
  const limit = /^Max locked memory\s+(\S+)/m.exec(kernel.read('/proc/self/limits') ?? '')?.[1] ?? 'unknown';
  const isLimited = !(limit === 'unlimited' || Number(limit) >= LOCKED_BYTES);
  const problem =
    versionOf(kernel) < 5011 && isLimited && !has(kernel, 'CAP_SYS_RESOURCE')
      ? `the limit is ${limit} bytes; before 5.11 the ring needs ${LOCKED_BYTES}, or CAP_SYS_RESOURCE`
      : undefined;
  return needed('locked memory', problem, 'enough for the ring');
}

/** Without the right to see kernel addresses all of them read as 0. */
function functionNames(kernel: Kernel): Finding {
  const [first = ''] = (kernel.read('/proc/kallsyms') ?? '').split(' ');
  const hidden = /^0*$/.test(first);
  return wanted(
    'kernel function names',
    hidden
      ? '/proc/kallsyms hides addresses (kernel.kptr_restrict, CAP_SYSLOG): location will be NULL'
      : undefined,
    '/proc/kallsyms',
  );
}

/** Every event reads the clock: sources outside the processor take microseconds. */
function clockSource(kernel: Kernel): Finding {
  const path = '/sys/devices/system/clocksource/clocksource0/current_clocksource';
  const source = kernel.read(path)?.trim() ?? 'unknown';
  const slow = ['hpet', 'acpi_pm', 'refined-jiffies', 'jiffies', 'unknown'].includes(source);
  return wanted('clock source', slow ? `${source}: reading it is slow` : undefined, source);
}

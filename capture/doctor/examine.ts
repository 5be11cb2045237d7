import { cgroup2Mount } from '../cgroups/source.js';
import type { ProbeStatus } from '../probes/probes.js';
import { OFF, type RecordOptions, standingNode } from '../record_options.js';
import { stepFinding } from './clock.js';
import { type ClusterTrial, clusterFindings } from './cluster.js';
import { type DiskTrial, diskFinding } from './disk.js';
import { type Finding, needed, wanted } from './finding.js';
import { type Kernel, kernelFindings } from './kernel.js';

/** What the doctor looks at, passed in. */
export interface Machine extends Kernel {
  readonly platform: string;
  readonly architecture: string;
  /** Loads and attaches each probe for a moment. */
  readonly tryProbes: (probes: readonly string[]) => Promise<readonly ProbeStatus[]>;
  /** Where cgroup v2 is mounted, at this directory or in it; undefined if it is not. */
  readonly cgroupsAt: (directory: string) => string | undefined;
  /** Why nothing can connect to the socket at this path; undefined if somebody can. */
  readonly whyNotConnect: (path: string) => Promise<string | undefined>;
  /** Why nothing can listen on this address, `HOST:PORT`; undefined if something can. */
  readonly whyNotListen: (address: string) => Promise<string | undefined>;
  /** Writes to the disk of the directory, or says why it cannot. */
  readonly tryDisk: (directory: string, standing?: string) => Promise<DiskTrial | string>;
  /** Asks the cluster of `--kubernetes`, or says why it cannot. */
  readonly tryCluster: (kubernetes: string) => Promise<ClusterTrial | string>;
  /** How far the wall clock moves against the one that never steps while it is watched, in milliseconds. */
  readonly watchClock: () => Promise<number>;
}

/** What `ktape record` would be asked to do; without a directory that is not looked at. */
export type DoctorOptions = Pick<RecordOptions, 'otlpGrpc' | 'otlpHttp' | 'kubernetes' | 'probes'> &
  Partial<Pick<RecordOptions, 'out' | 'cgroups' | 'probesSocket' | 'for' | 'keep' | 'maxSize' | 'node'>>;

/** Says what can be recorded on this machine with these options: what each source needs, and whether it is there. */
export async function examine(machine: Machine, options: DoctorOptions): Promise<Finding[]> {
  const { kubernetes, out, otlpGrpc, otlpHttp } = options;
  const addresses = [otlpGrpc, otlpHttp].filter((address) => address !== OFF);
  const stepped = machine.watchClock();
  const kernel = await kernelSource(machine, options);
  const ports = await Promise.all(addresses.map((address) => port(machine, address)));
  const disk = out === undefined ? [] : [diskFinding(out, await machine.tryDisk(out, standingNode(options)))];
  const cluster = kubernetes === OFF ? [] : clusterFindings(await machine.tryCluster(kubernetes));
  return [system(machine), ...kernel, stepFinding(await stepped), ...ports, ...disk, ...cluster];
}

async function kernelSource(machine: Machine, options: DoctorOptions): Promise<Finding[]> {
  if (options.probesSocket === undefined && options.probes.length === 0) return [];
  return [...(await probeFindings(machine, options)), ...cgroups(machine, options)];
}

/** With a loader elsewhere this process needs no privileges, and the loader may not be disturbed. */
async function probeFindings(machine: Machine, { probes, probesSocket }: DoctorOptions): Promise<Finding[]> {
  if (probesSocket !== undefined) {
    const problem = await machine.whyNotConnect(probesSocket);
    return [needed(`loader at ${probesSocket}`, problem, 'its socket is there')];
  }
  const kernel = machine.platform === 'linux' ? kernelFindings(machine) : [];
  const tried = await machine.tryProbes(probes);
  return [
    ...kernel,
    ...tried.map(({ probe, failure }) => needed(`probe ${probe}`, failure, 'attached and detached again')),
  ];
}

function cgroups(machine: Machine, { cgroups: given }: DoctorOptions): Finding[] {
  if (given === OFF || machine.platform !== 'linux') return [];
  const mount =
    given === undefined ? cgroup2Mount(machine.read('/proc/mounts') ?? '') : machine.cgroupsAt(given);
  const problem =
    mount === undefined
      ? `${given ?? '/proc/mounts'} has no cgroup v2: cgroup_id will lead to no container`
      : undefined;
  return [wanted('cgroups', problem, `version 2 at ${mount}`)];
}

function system({ platform, architecture }: Machine): Finding {
  const here = `${platform} on ${architecture}`;
  if (platform !== 'linux') {
    return { check: 'system', ok: 'no', detail: `${here}: kernel events are recorded on Linux only` };
  }
  const tested = architecture === 'x64' ? undefined : `${here}: probes are tested on x64 only`;
  return wanted('system', tested, here);
}

async function port(machine: Machine, address: string): Promise<Finding> {
  return needed(`listen on ${address}`, await machine.whyNotListen(address), 'free');
}

import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { tryProbes } from '../../../capture/probes/probes.js';
import { repository } from '../../repository.js';

/** Where bpf/build.sh puts the loader and the probes. */
export const PROBES_DIRECTORY = `${repository}/dist/bpf`;

const run = promisify(execFile);

/** Where the version 2 hierarchy of cgroups is mounted; empty where it is not. */
function cgroupMount(): string {
  return /^\S+ (\S+) cgroup2 /m.exec(readFileSync('/proc/mounts', 'utf8'))?.[1] ?? '';
}

/** Why the probe packet_drops cannot be tested here; undefined where it can. */
export async function whyNotLive(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'this needs root, for network namespaces';
  for (const tool of ['ip', 'nft']) {
    try {
      execFileSync(tool, ['-V'], { stdio: 'ignore' });
    } catch {
      return `${tool} is not installed`;
    }
  }
  if (cgroupMount() === '') return 'cgroup v2 is not mounted';
  const [status] = await tryProbes(PROBES_DIRECTORY, ['packet_drops']);
  return status?.failure && `the probe cannot be attached: ${status.failure}`;
}

/** What takes care of the end: a test, say. */
export interface Ending {
  after(undo: () => void): void;
}

/** A network namespace with a cgroup for the processes in it, for as long as the test runs. */
export class Namespace {
  readonly name: string;
  /** What the kernel and the probes know the namespace and the cgroup by. */
  readonly inode: number;
  readonly cgroupId: bigint;
  private readonly cgroup: string;

  constructor(t: Ending, role: string) {
    this.name = `ktape-${process.pid}-${role}`;
    execFileSync('ip', ['netns', 'add', this.name]);
    t.after(() => execFileSync('ip', ['netns', 'del', this.name]));
    this.inode = statSync(`/run/netns/${this.name}`).ino;
    this.cgroup = join(cgroupMount(), this.name);
    mkdirSync(this.cgroup);
    t.after(() => rmdirSync(this.cgroup));
    this.cgroupId = statSync(this.cgroup, { bigint: true }).ino;
    this.ip('link set lo up');
    // No wait for duplicate addresses: without it the first packets would be late by seconds.
    this.set('net.ipv6.conf.default.dad_transmits', '0');
  }

  ip(command: string): void {
    execFileSync('ip', ['-n', this.name, ...command.split(' ')]);
  }

  /** Runs a command in the namespace and returns its output. */
  exec(...command: readonly string[]): string {
    return execFileSync('ip', ['netns', 'exec', this.name, ...command], { encoding: 'utf8' });
  }

  /** Sets a kernel parameter of the namespace, such as `net.ipv4.ip_forward`. */
  set(parameter: string, value: string): void {
    this.exec('sh', '-c', `echo ${value} > /proc/sys/${parameter.replaceAll('.', '/')}`);
  }

  /** Loads a table of rules. */
  nft(rules: string): void {
    execFileSync('ip', ['netns', 'exec', this.name, 'nft', '-f', '-'], { input: rules });
  }

  /** Packets that a named counter of the table `inet test` has counted. */
  counted(counter: string): bigint {
    const text = this.exec('nft', 'list', 'counter', 'inet', 'test', counter);
    return BigInt(/packets (\d+)/.exec(text)?.[1] ?? -1);
  }

  /** Runs traffic.ts with these arguments; resolves when it has sent everything, with what it printed. */
  async traffic(...args: readonly (string | number)[]): Promise<string> {
    const script = `${repository}/dist/test/capture/probes/traffic.js`;
    const enter = `echo $$ > ${this.cgroup}/cgroup.procs; exec ip netns exec ${this.name} "$@"`;
    const { stdout } = await run('sh', ['-c', enter, 'sh', process.execPath, script, ...args.map(String)]);
    return stdout;
  }
}

/** Joins two namespaces by a link; each end has a name, an IPv4 and an IPv6 address with prefix length. */
export function link(left: End, right: End): void {
  left.at.ip(`link add ${left.device} type veth peer name ${right.device} netns ${right.at.name}`);
  for (const { at, device, ipv4, ipv6 } of [left, right]) {
    at.ip(`addr add ${ipv4} dev ${device}`);
    at.ip(`addr add ${ipv6} dev ${device} nodad`);
    at.ip(`link set ${device} up`);
  }
}

interface End {
  readonly at: Namespace;
  readonly device: string;
  readonly ipv4: string;
  readonly ipv6: string;
}

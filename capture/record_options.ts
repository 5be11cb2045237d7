import { hostname } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { tables } from '../src/schema/tables/index.js';
import { parseBytes, parseDuration } from '../src/tape/units.js';
import { DEFAULT_MAX_MEMORY, LEAST_MEMORY_MIB, memoryLimits } from './storage/memory_limits.js';
import { DEFAULT_DISK_LIMITS, type FreeSpace } from './storage/retention/limits.js';
import type { StorageLimits } from './storage/session.js';

/** What `ktape record` was asked to do. */
export interface RecordOptions {
  readonly out: string;
  /** Milliseconds to record; undefined until told to stop. */
  readonly for?: number;
  /** Milliseconds after which what was received may go; undefined: never. */
  readonly keep?: number;
  /** Bytes that the directory of the tape may have; undefined: as many as there is room for. */
  readonly maxSize?: number;
  readonly minFree: FreeSpace;
  /** Bytes of memory that the recorder may have. */
  readonly maxMemory: number;
  /** Address to listen on, or `off`. */
  readonly otlpGrpc: string;
  readonly otlpHttp: string;
  /** A kubeconfig file, `in-cluster` or `off`. */
  readonly kubernetes: string;
  readonly kubernetesLiterals: boolean;
  /** Where the node's cgroup v2 is mounted, or `off`; undefined where /proc/mounts has it. */
  readonly cgroups?: string;
  /** Names of the probes to load. */
  readonly probes: readonly string[];
  /** Socket of a loader that runs elsewhere; it then chooses the probes. */
  readonly probesSocket?: string;
  readonly node: string;
}

/** Said of a source that is not to be recorded. */
export const OFF = 'off';

/** The longest time that a timer can wait. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** A smaller window would hold little but what is about to be written. */
const LEAST_SIZE_MIB = 64;

function parseFor(text: string): number {
  const milliseconds = durationOf(text);
  if (milliseconds > LONGEST_TIMER_MS) throw new InvalidArgumentError('Expected at most 24 days.');
  return milliseconds;
}

function durationOf(text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined) {
    throw new InvalidArgumentError('Expected a duration such as 30s, 15m, 24h or 7d.');
  }
  return milliseconds;
}

/** Reads a size of at least so many MiB as bytes. */
function sizeFrom(leastMib: number): (text: string) => number {
  return (text) => {
    const bytes = parseBytes(text);
    if (bytes === undefined || bytes < leastMib * 2 ** 20) {
      throw new InvalidArgumentError(`Expected a size of at least ${leastMib}MiB, such as 500MiB or 2GiB.`);
    }
    return bytes;
  };
}

/** Reads a size, or a share such as `5%`. */
function parseFreeSpace(text: string): FreeSpace {
  const percent = Number(/^(\d+(?:\.\d+)?)%$/.exec(text)?.[1]);
  if (percent < 100) return { share: percent / 100 };
  const bytes = parseBytes(text);
  if (bytes === undefined) {
    throw new InvalidArgumentError('Expected a size such as 1GiB, or a share of the disk such as 5%.');
  }
  return { bytes };
}

/**
 * The node of a recorder that is to run for good, which goes on with its tape also after it was stopped; undefined where
 * the recording is meant to end.
 */
export function standingNode(
  options: Partial<Pick<RecordOptions, 'for' | 'keep' | 'maxSize' | 'node'>>,
): string | undefined {
  const { keep, maxSize, node } = options;
  return options.for === undefined && (keep !== undefined || maxSize !== undefined) ? node : undefined;
}

/** What the recording may take of memory and disk. */
export function storageLimits({ keep, maxSize, minFree, maxMemory }: RecordOptions): StorageLimits {
  return {
    memory: memoryLimits(maxMemory),
    disk: {
      minFree,
      ...(keep === undefined ? {} : { keepNs: BigInt(Math.round(keep)) * 1_000_000n }),
      ...(maxSize === undefined ? {} : { maxBytes: maxSize }),
    },
  };
}

/** Reads `HOST:PORT`, with the host of IPv6 in brackets, or `off`. */
function parseAddress(text: string): string {
  if (text === OFF) return OFF;
  const port = Number(/^(?:[^:\s]+|\[[0-9a-fA-F:.]+\]):(\d{1,5})$/.exec(text)?.[1]);
  if (!(port <= 65_535)) {
    throw new InvalidArgumentError('Expected HOST:PORT such as 127.0.0.1:4317 or [::1]:4317, or off.');
  }
  return text;
}

/** Names of all probes: those of the tables that they fill. */
export const KNOWN_PROBES = tables.filter(({ source }) => source === 'kernel').map(({ name }) => name);

/** Reads a list of probes separated by commas, `all` or `off`. */
function parseProbes(text: string): readonly string[] {
  if (text === 'all') return KNOWN_PROBES;
  if (text === OFF) return [];
  const names = text.split(',');
  const unknown = names.find((name) => !KNOWN_PROBES.includes(name));
  if (unknown !== undefined) {
    throw new InvalidArgumentError(
      `There is no probe ${unknown}; there is ${KNOWN_PROBES.join(', ')}, all and off.`,
    );
  }
  return names;
}

function parseNode(text: string): string {
  if (text === '' || text.length > 253)
    throw new InvalidArgumentError('Expected a name of 1 to 253 characters.');
  return text;
}

function addressOption(flags: string, description: string, address: string): Option {
  return new Option(flags, description).default(address, address).argParser(parseAddress);
}

/** Adds the options of `record` to a command. `environment` gives the defaults inside a cluster. */
export function addRecordOptions(command: Command, environment: Record<string, string | undefined>): Command {
  const node = environment.NODE_NAME ?? hostname();
  const inCluster = environment.KUBERNETES_SERVICE_HOST === undefined ? OFF : 'in-cluster';
  return command
    .requiredOption('--out <dir>', 'directory of the tape: new, empty, or left unfinished')
    .option('--for <duration>', 'stop after this long, such as 30s or 15m', parseFor)
    .option('--keep <duration>', 'remove what is older, such as 24h', durationOf)
    .option(
      '--max-size <size>',
      'remove the oldest beyond this size of the tape, such as 2GiB',
      sizeFrom(LEAST_SIZE_MIB),
    )
    .addOption(
      new Option('--min-free <size>', 'leave so much of the disk free: remove the oldest, or take no more')
        .default(DEFAULT_DISK_LIMITS.minFree, '5%')
        .argParser(parseFreeSpace),
    )
    .addOption(
      new Option('--max-memory <size>', 'refuse and shed what would take more memory')
        .default(DEFAULT_MAX_MEMORY, '200MiB')
        .argParser(sizeFrom(LEAST_MEMORY_MIB)),
    )
    .addOption(addressOption('--otlp-grpc <addr>', 'listen for OTLP by gRPC here, or off', '127.0.0.1:4317'))
    .addOption(addressOption('--otlp-http <addr>', 'listen for OTLP by HTTP here, or off', '127.0.0.1:4318'))
    .addOption(
      new Option(
        '--kubernetes <kubeconfig>',
        'watch the cluster of this file, in-cluster, or off: one recorder of a cluster is enough',
      ).default(inCluster, inCluster),
    )
    .addOption(
      new Option('--kubernetes-literals', 'also keep literal env values, commands and arguments').default(
        false,
        'no',
      ),
    )
    .option('--cgroups <dir>', "where the node's cgroup v2 is mounted, if not as /proc/mounts says; or off")
    .addOption(
      new Option('--probes <list>', 'kernel probes to load: all, off, or names with commas')
        .default(KNOWN_PROBES, 'all')
        .argParser(parseProbes),
    )
    .addOption(
      new Option('--probes-socket <path>', 'take kernel events from the loader that listens here').conflicts(
        'probes',
      ),
    )
    .addOption(
      new Option('--node <name>', 'name of this node on the tape').default(node, node).argParser(parseNode),
    );
}

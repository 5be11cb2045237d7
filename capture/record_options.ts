import { hostname } from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import { tables } from '../src/schema/tables/index.js';

/** What `ktape record` was asked to do. */
export interface RecordOptions {
  readonly out: string;
  /** Milliseconds to record; undefined until told to stop. */
  readonly for?: number;
  /** Address to listen on, or `off`. */
  readonly otlpGrpc: string;
  readonly otlpHttp: string;
  /** A kubeconfig file, `in-cluster` or `off`. */
  readonly kubernetes: string;
  readonly kubernetesLiterals: boolean;
  /** Names of the probes to load. */
  readonly probes: readonly string[];
  readonly node: string;
}

/** Said of a source that is not to be recorded. */
export const OFF = 'off';

const MILLISECONDS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Reads a duration such as `30s`, `15m` or `24h` as milliseconds. */
function parseDuration(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  const milliseconds = Number(amount) * MILLISECONDS[(unit ?? 's') as keyof typeof MILLISECONDS];
  if (!(milliseconds > 0 && milliseconds < 2 ** 31)) {
    throw new InvalidArgumentError('Expected a duration such as 30s, 15m or 24h.');
  }
  return milliseconds;
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

/** Where OTLP is listened for unless told otherwise, by gRPC and by HTTP. */
export const DEFAULT_ADDRESSES = ['127.0.0.1:4317', '127.0.0.1:4318'] as const;

/** Adds the options of `record` to a command. `environment` gives the defaults inside a cluster. */
export function addRecordOptions(command: Command, environment: Record<string, string | undefined>): Command {
  const inCluster = environment.KUBERNETES_SERVICE_HOST === undefined ? OFF : 'in-cluster';
  return command
    .requiredOption('--out <dir>', 'directory of the tape, new or empty')
    .option('--for <duration>', 'stop after this long, such as 30s or 15m', parseDuration)
    .option('--otlp-grpc <addr>', 'listen for OTLP by gRPC here, or off', parseAddress, DEFAULT_ADDRESSES[0])
    .option('--otlp-http <addr>', 'listen for OTLP by HTTP here, or off', parseAddress, DEFAULT_ADDRESSES[1])
    .option('--kubernetes <kubeconfig>', 'watch the cluster of this file, in-cluster, or off', inCluster)
    .option('--kubernetes-literals', 'also keep literal env values, commands and arguments', false)
    .option(
      '--probes <list>',
      'kernel probes to load: all, off, or names with commas',
      parseProbes,
      KNOWN_PROBES,
    )
    .option('--node <name>', 'name of this node on the tape', parseNode, environment.NODE_NAME ?? hostname());
}

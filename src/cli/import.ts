import { hostname } from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import { reasonOf } from '../errors.js';
import { importKubernetes } from '../import/kubernetes.js';
import type { NewTapeOptions } from '../import/new_tape.js';
import { importOtlp } from '../import/otlp.js';
import { counted } from '../report/counted.js';
import { inert } from '../report/inert.js';
import { parseTime } from '../tape/time.js';
import { toolName } from '../tape/tool.js';
import type { Terminal } from './terminal.js';

interface KubernetesOptions {
  readonly output: string;
  readonly at?: bigint;
}

/** `ktape import otlp` and `ktape import kubernetes`. */
export function addImport(program: Command, terminal: Terminal): void {
  const command = program.command('import').description("make a tape of other tools' files");
  const say = (lines: readonly string[]) =>
    terminal.stderr.write(lines.map((line) => `${inert(line)}\n`).join(''));
  command
    .command('otlp')
    .description('OTLP as JSON, JSON lines (as the Collector writes them) or protobuf')
    .argument('<files...>', 'files to read')
    .requiredOption('-o, --output <tape>', 'directory of the new tape')
    .addHelpText('after', '\nExample:\n  ktape import otlp traces.json logs.jsonl -o incident.tape')
    .action(async (files: string[], { output }: { readonly output: string }) => {
      const { records, problems } = await importOtlp(files, output, newTapeOptions());
      await say([...problems, `${output}: ${counted(records, 'record')}`]);
    });
  command
    .command('kubernetes')
    .description('Kubernetes objects: manifests, kubectl get -o yaml|json, lists')
    .argument('<paths...>', 'files, and directories of .yaml, .yml and .json files')
    .requiredOption('-o, --output <tape>', 'directory of the new tape')
    .option('--at <time>', 'when the objects were so (default: now)', timeOption)
    .addHelpText('after', KUBERNETES_HELP)
    .action(async (paths: string[], { output, at }: KubernetesOptions) => {
      const options = newTapeOptions();
      const result = await importKubernetes(paths, output, { ...options, at: at ?? options.now });
      const secrets = result.secrets === 0 ? '' : `; ${counted(result.secrets, 'Secret')} left out`;
      await say([...result.problems, `${output}: ${counted(result.objects, 'object')}${secrets}`]);
    });
}

function newTapeOptions(): NewTapeOptions {
  return { tool: toolName(), now: BigInt(Date.now()) * 1_000_000n, node: hostname() };
}

function timeOption(text: string): bigint {
  try {
    return parseTime(text);
  } catch (error) {
    throw new InvalidArgumentError(`${reasonOf(error)}.`);
  }
}

const KUBERNETES_HELP = `
Example:
  kubectl get pods,networkpolicies -A -o yaml > all.yaml
  ktape import kubernetes all.yaml -o cluster.tape`;

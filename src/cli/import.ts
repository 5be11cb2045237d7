import { hostname } from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import { reasonOf } from '../errors.js';
import type { FlowImport } from '../import/flows/import_flows.js';
import { importHubble } from '../import/hubble/hubble.js';
import { importKubernetes } from '../import/kubernetes.js';
import { importNetobserv } from '../import/netobserv/netobserv.js';
import type { NewTapeOptions } from '../import/new_tape.js';
import { importOtlp } from '../import/otlp.js';
import { counted } from '../report/counted.js';
import { inert } from '../report/inert.js';
import { parseTime } from '../tape/time.js';
import { toolName } from '../tape/tool.js';
import type { Terminal } from './terminal.js';

/** Options of imports of what may have no time of its own. */
interface AtOptions {
  readonly output: string;
  readonly at?: bigint;
}

/** `ktape import` with `otlp`, `kubernetes`, `hubble` and `netobserv`. */
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
    .action(async (paths: string[], { output, at }: AtOptions) => {
      const options = newTapeOptions();
      const result = await importKubernetes(paths, output, { ...options, at: at ?? options.now });
      const secrets = result.secrets === 0 ? '' : `; ${counted(result.secrets, 'Secret')} left out`;
      await say([...result.problems, `${output}: ${counted(result.objects, 'object')}${secrets}`]);
    });
  command
    .command('hubble')
    .description("verdicts of Cilium's Hubble: JSON lines of the exporter or of hubble observe -o json")
    .argument('<files...>', 'files to read')
    .requiredOption('-o, --output <tape>', 'directory of the new tape')
    .addHelpText('after', HUBBLE_HELP)
    .action(async (files: string[], { output }: { readonly output: string }) =>
      say(flowLines(output, await importHubble(files, output, newTapeOptions()))),
    );
  command
    .command('netobserv')
    .description('flows of netobserv: JSON or the SQLite database that netobserv-cli writes')
    .argument('<files...>', 'files to read')
    .requiredOption('-o, --output <tape>', 'directory of the new tape')
    .option('--at <time>', 'when flows were that have no time, as in SQLite', timeOption)
    .addHelpText('after', NETOBSERV_HELP)
    .action(async (files: string[], { output, at }: AtOptions) => {
      const options = { ...newTapeOptions(), at: at ?? null };
      await say(flowLines(output, await importNetobserv(files, output, options)));
    });
}

function flowLines(output: string, { flows, others, problems }: FlowImport): string[] {
  const rest = others === 0 ? '' : `; ${counted(others, 'other event')} left out`;
  return [...problems, `${output}: ${counted(flows, 'flow')}${rest}`];
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

const HUBBLE_HELP = `
Example:
  hubble observe --since 1h -o json > flows.jsonl
  ktape import hubble flows.jsonl -o verdicts.tape`;

const NETOBSERV_HELP = `
The SQLite database has no times: prefer the JSON that netobserv-cli writes
beside it, or say with --at when it was captured.

Example:
  ktape import netobserv output/flow/capture.json -o flows.tape`;

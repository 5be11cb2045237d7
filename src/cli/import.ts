import { hostname } from 'node:os';
import type { Command } from 'commander';
import { importDump } from '../import/dump/import_dump.js';
import type { Layout } from '../import/dump/layout.js';
import { MUST_GATHER } from '../import/dump/must_gather.js';
import { SUPPORT_BUNDLE } from '../import/dump/support_bundle.js';
import type { FlowImport } from '../import/flows/import_flows.js';
import { importHubble } from '../import/hubble/hubble.js';
import { importJaeger } from '../import/jaeger/jaeger.js';
import { importKubernetes, type KubernetesImport } from '../import/kubernetes.js';
import { importNetobserv } from '../import/netobserv/netobserv.js';
import type { NewTapeOptions } from '../import/new_tape.js';
import { importOtlp } from '../import/otlp.js';
import { counted } from '../report/counted.js';
import { shortTime } from '../tape/time.js';
import { toolName } from '../tape/tool.js';
import { oneMore } from './options.js';
import { say } from './say.js';
import type { Terminal } from './terminal.js';
import { timeOption } from './time_option.js';

interface OutputOption {
  readonly output: string;
}

/** Of imports of what may have no time of its own. */
interface AtOptions extends OutputOption {
  readonly at?: bigint;
}

/** Of imports of what other tools saw in a cluster. */
interface FlowOptions extends OutputOption {
  readonly kubernetes?: readonly string[];
}

/** `ktape import`, with a command for each tool. */
export function defineImport(command: Command, terminal: Terminal): void {
  addOtlp(command, terminal);
  addKubernetes(command, terminal);
  for (const dump of DUMPS) addDump(command, terminal, dump);
  addJaeger(command, terminal);
  addHubble(command, terminal);
  addNetobserv(command, terminal);
}

/** A command that reads files; its paths say which. */
function addImporter(
  parent: Command,
  name: string,
  description: string,
  paths: readonly [name: string, description: string] = ['<files...>', 'files to read'],
): Command {
  return parent
    .command(name)
    .description(description)
    .argument(...paths)
    .requiredOption('-o, --output <tape>', 'directory of the new tape');
}

function addOtlp(parent: Command, terminal: Terminal): void {
  addImporter(parent, 'otlp', 'OTLP as JSON, JSON lines (as the Collector writes them) or protobuf')
    .addHelpText('after', '\nExample:\n  ktape import otlp traces.json logs.jsonl -o incident.tape')
    .action(async (files: string[], { output }: OutputOption) => {
      const { records, problems } = await importOtlp(files, output, newTapeOptions());
      await say(terminal, [...problems, `${output}: ${counted(records, 'record')}`]);
    });
}

function addKubernetes(parent: Command, terminal: Terminal): void {
  addImporter(parent, 'kubernetes', 'Kubernetes objects: manifests, kubectl get -o yaml|json, lists', [
    '<paths...>',
    'files, and directories of .yaml, .yml and .json files',
  ])
    .option('--at <time>', 'when the objects were so (default: now)', timeOption)
    .addHelpText('after', KUBERNETES_HELP)
    .action(async (paths: string[], { output, at }: AtOptions) => {
      const options = newTapeOptions();
      const result = await importKubernetes(paths, output, { ...options, at: at ?? options.now });
      await say(terminal, [...result.problems, `${output}: ${objectsSaid(result)}`]);
    });
}

function addDump(parent: Command, terminal: Terminal, { name, layout, description, help }: Dump): void {
  addImporter(parent, name, description, ['<paths...>', 'directories, and archives (.tar.gz, .tgz, .tar)'])
    .option('--at <time>', 'when the objects were so (default: as the dump tells)', timeOption)
    .addHelpText('after', help)
    .action(async (paths: string[], { output, at }: AtOptions) => {
      const result = await importDump(layout, paths, output, { ...newTapeOptions(), at });
      const unread = result.unread === 0 ? '' : `; ${counted(result.unread, 'document')} NOT READ`;
      const when = `as of ${shortTime(result.at)} by ${result.from}`;
      await say(terminal, [...result.problems, `${output}: ${objectsSaid(result)}${unread}; ${when}`]);
    });
}

function addJaeger(parent: Command, terminal: Terminal): void {
  addImporter(parent, 'jaeger', "traces as Jaeger's UI saves them and its query service answers: JSON")
    .addHelpText('after', JAEGER_HELP)
    .action(async (files: string[], { output }: OutputOption) => {
      const { spans, problems } = await importJaeger(files, output, newTapeOptions());
      await say(terminal, [...problems, `${output}: ${counted(spans, 'span')}`]);
    });
}

function addHubble(parent: Command, terminal: Terminal): void {
  const description = "verdicts of Cilium's Hubble: JSON lines of the exporter or of hubble observe -o json";
  addImporter(parent, 'hubble', description)
    .option('--kubernetes <path>', MANIFESTS_OPTION, oneMore)
    .addHelpText('after', HUBBLE_HELP)
    .action(async (files: string[], { output, kubernetes: manifests = [] }: FlowOptions) => {
      const imported = await importHubble(files, output, { ...newTapeOptions(), manifests });
      await say(terminal, flowLines(output, imported));
    });
}

function addNetobserv(parent: Command, terminal: Terminal): void {
  const description = 'flows of netobserv: JSON or the SQLite database that netobserv-cli writes';
  addImporter(parent, 'netobserv', description)
    .option('--at <time>', 'when flows were that have no time, as in SQLite', timeOption)
    .option('--kubernetes <path>', MANIFESTS_OPTION, oneMore)
    .addHelpText('after', NETOBSERV_HELP)
    .action(async (files: string[], { output, at, kubernetes: manifests = [] }: FlowOptions & AtOptions) => {
      const options = { ...newTapeOptions(), at: at ?? null, manifests };
      await say(terminal, flowLines(output, await importNetobserv(files, output, options)));
    });
}

function flowLines(output: string, { flows, others, problems, cluster }: FlowImport): string[] {
  const rest = others === 0 ? '' : `; ${counted(others, 'other event')} left out`;
  const objects = cluster === undefined ? '' : `; ${objectsSaid(cluster)}`;
  return [...problems, ...(cluster?.problems ?? []), `${output}: ${counted(flows, 'flow')}${rest}${objects}`];
}

/** `12 objects; 1 Secret left out`. */
function objectsSaid({ objects, secrets }: KubernetesImport): string {
  return counted(objects, 'object') + (secrets === 0 ? '' : `; ${counted(secrets, 'Secret')} left out`);
}

function newTapeOptions(): NewTapeOptions {
  return { tool: toolName(), now: BigInt(Date.now()) * 1_000_000n, node: hostname() };
}

const MANIFESTS_OPTION =
  'manifests of the cluster, as it was all the time: a file or directory; may be repeated';

const KUBERNETES_HELP = `
Example:
  kubectl get pods,networkpolicies -A -o yaml > all.yaml
  ktape import kubernetes all.yaml -o cluster.tape`;

/** What a tool writes that asks a cluster's API. */
interface Dump {
  readonly name: string;
  readonly layout: Layout;
  readonly description: string;
  readonly help: string;
}

const DUMPS: readonly Dump[] = [
  {
    name: 'must-gather',
    layout: MUST_GATHER,
    description: "Kubernetes objects of OpenShift's must-gather (oc adm must-gather, oc adm inspect)",
    help: dumpHelp('must-gather', 'must-gather.local.123/'),
  },
  {
    name: 'support-bundle',
    layout: SUPPORT_BUNDLE,
    description: 'Kubernetes objects of a support bundle of troubleshoot.sh',
    help: dumpHelp('support-bundle', 'support-bundle.tar.gz'),
  },
];

function dumpHelp(name: string, dump: string): string {
  return `
The time of the objects is that of the dump: by its timestamp where it has one,
else the newest time in it, else the one in its name (taken for UTC), else that
of its files. Archives are read without being unpacked. Logs and what else a
dump has are left out.

Example:
  ktape import ${name} ${dump} -o cluster.tape
  ktape policy explain cluster.tape --from shop/web --to shop/db --port 5432`;
}

const JAEGER_HELP = `
Spans become what the OpenTelemetry Collector makes of them: tags attributes,
processes resources, logs events, references parents and links.

Example:
  curl -s 'http://127.0.0.1:16686/api/traces?service=checkout' > traces.json
  ktape import jaeger traces.json -o incident.tape`;

/** For both tools. */
const CLUSTER_HELP = `
Of what the tool saw dropped, network/dropped_by_policy says no more than the
tool did (proven, where it named policies). With --kubernetes it judges by the
policies in the manifests too (consistent), as if they had been so all the time;
a kind of object that they have none of is not known.`;

const HUBBLE_HELP = `${CLUSTER_HELP}

Example:
  hubble observe --since 1h -o json > flows.jsonl
  ktape import hubble flows.jsonl -o verdicts.tape
  kubectl get pods,nodes,namespaces,networkpolicies -A -o yaml > all.yaml
  ktape import hubble flows.jsonl --kubernetes all.yaml -o verdicts.tape`;

const NETOBSERV_HELP = `${CLUSTER_HELP}

The SQLite database has no times: prefer the JSON that netobserv-cli writes
beside it, or say with --at when it was captured.

Example:
  ktape import netobserv output/flow/capture.json -o flows.tape`;

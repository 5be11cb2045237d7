import { createReadStream } from 'node:fs';
import type { Command } from 'commander';
import { UsageError, unreadable } from '../../errors.js';
import { type AskedConnection, portOf, protocolOf } from '../../policy/questions/explain/asked_connection.js';
import { Inquiry } from '../../policy/questions/explain/inquiry.js';
import { notRecorded } from '../../policy/questions/unrecorded.js';
import { addDataPlane, addFormat, addIdentity } from '../options.js';
import { say } from '../say.js';
import type { Terminal } from '../terminal.js';
import { answerJson, answerText } from './answer_text.js';
import { answerFlows } from './flows.js';
import { lastChanges } from './history_notes.js';
import { instantOf, openSource, problemsOf, type Source, type SourceOption } from './source.js';

const FORMATS = ['table', 'json'] as const;
type Format = (typeof FORMATS)[number];

interface ExplainOptions extends SourceOption {
  readonly from?: string;
  readonly to?: string;
  readonly port?: string;
  readonly protocol?: string;
  readonly at?: string;
  readonly flows?: string;
  readonly format: Format;
}

/** `ktape policy explain SOURCE`. */
export function addExplain(policy: Command, terminal: Terminal): void {
  const command = policy
    .command('explain')
    .description('say whether the policies allow a connection, which decide it and why')
    .argument('<source>', 'a tape, a manifest file or a directory of manifests')
    .option('--from <end>', 'who opens the connection')
    .option('--to <end>', 'who is connected to')
    .option('--port <port>', 'destination port: a number, or its name in the destination')
    .option('--protocol <protocol>', 'such as UDP, SCTP or ICMP (default: TCP)')
    .option('--at <time>', 'when, of a tape (default: the end of the recording)')
    .option('--flows <file>', 'judge many: a line of JSON each; - for standard input');
  addIdentity(addDataPlane(addFormat(command, FORMATS)))
    .addHelpText('after', HELP)
    .action(async (path: string, options: ExplainOptions) => {
      checkOptions(options);
      const source = await openSource(path, terminal, options);
      if (options.flows !== undefined) return explainFlows(source, options.flows, options.at, terminal);
      await explainOne(source, questionOf(options), options, terminal);
    });
}

async function explainOne(
  source: Source,
  asked: AskedConnection,
  { at, format }: ExplainOptions,
  { stdout, layout }: Terminal,
): Promise<void> {
  const inquiry = new Inquiry(source.timeline, instantOf(source, at, '--at'));
  const pairs = inquiry.pairs(asked);
  const answer = inquiry.answer(pairs);
  const time = source.range && inquiry.time;
  const changes = lastChanges(source, inquiry.time, pairs, answer);
  const notes = [
    ...inquiry.notes(asked, pairs),
    ...notRecorded(source.timeline, format === 'json' ? 'kinds' : 'families'),
  ];
  const problems = [...source.unread, ...inquiry.problems(pairs)];
  const { dataPlane } = source.timeline;
  const told = { asked, time, answer, dataPlane, changes, notes, problems };
  await stdout.write(format === 'json' ? answerJson(told) : answerText(told, layout));
}

async function explainFlows(
  source: Source,
  file: string,
  at: string | undefined,
  terminal: Terminal,
): Promise<void> {
  // A time that cannot be asked about is as wrong for every line.
  instantOf(source, at, '--at');
  await say(terminal, [...notRecorded(source.timeline, 'families'), ...problemsOf(source)]);
  const lines = file === '-' ? terminal.inputChunks() : chunksOf(file);
  await answerFlows(source, at, lines, terminal.stdout);
}

async function* chunksOf(file: string): AsyncIterable<Uint8Array> {
  try {
    yield* createReadStream(file, { highWaterMark: 1 << 18 });
  } catch (error) {
    unreadable(file, error);
  }
}

function questionOf({ from, to, port, protocol: given = 'TCP' }: ExplainOptions): AskedConnection {
  if (from === undefined) throw new UsageError('--from is missing: who opens the connection');
  if (to === undefined) throw new UsageError('--to is missing: who is connected to');
  const protocol = protocolOf(given);
  return { from, to, protocol, port: portOf(port, protocol, '--port') };
}

/** Wrong options are told before anything is opened. */
function checkOptions(options: ExplainOptions): void {
  if (options.flows === undefined) {
    questionOf(options);
    return;
  }
  const given = (['from', 'to', 'port', 'protocol'] as const).find((name) => options[name] !== undefined);
  if (given !== undefined)
    throw new UsageError(`--${given} cannot be given with --flows, whose lines say it`);
}

/** What the data planes are assumed to do where the APIs leave it open, for the help. */
const DATA_PLANE_HELP = `
Data planes differ where the APIs leave it open:
  kubernetes  address blocks mean pods and nodes too; traffic between a pod and
              its own node escapes NetworkPolicies; what becomes of ICMP and the
              like is unknown where a pod is isolated
  calico      as kubernetes, but what a node sends to its own pods escapes every
              policy, and isolation is from every protocol
  cilium      as calico, but address blocks never mean pods and nodes
Where --dataplane does not say, policies of Cilium's or Calico's own kinds do;
without any it is kubernetes.`;

const HELP = `
An end is namespace/pod, namespace/workload (all its pods; where it has none,
its template stands for them), 'namespace/name[Kind]' where several kinds share
a name ([Service] for a service; quoted, for shells expand brackets), an IP
address, or a block such as 10.0.0.0/8: the addresses in it that no pod, node or
service has. Where the pods of a workload or the parts of a block are judged
differently the verdict is unknown and says for which: ask again for one of
them. A port is that of the pods, or with [Service] that of the service.

The verdict is allowed, denied or unknown, with the policies that decide it in
each direction: those that isolate the pod, each with its nearest rule (counted
from zero) and what of it does not hold. Of manifests, what is given is taken
for all there is. A malformed policy is named and left out. Denied is an answer
too and exits with 0; to go by the verdict, add --format json and pipe it into
  jq -e '.verdict == "allowed"'

--flows FILE takes lines such as
  {"from":"shop/web","to":"10.0.0.2","port":5432,"protocol":"TCP"}
with "at" if need be, and gives for each, in order, a line of JSON: verdict,
egress and ingress as --format json has them, or {"error":…}.
${DATA_PLANE_HELP}

Examples:
  ktape policy explain a.tape --from shop/web --to shop/db --port 5432
  ktape policy explain a.tape --from shop/web --to 'shop/db[Service]' --port 80
  ktape policy explain manifests/ --from shop/web --to 203.0.113.0/24 --port 443
  ktape policy explain a.tape --flows flows.ndjson --at 2026-11-22T10:15Z`;

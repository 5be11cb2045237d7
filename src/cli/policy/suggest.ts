import type { Command } from 'commander';
import { KtapeError, UsageError } from '../../errors.js';
import type { ClusterTimeline } from '../../policy/history/timeline.js';
import { Directory } from '../../policy/questions/names/directory.js';
import { summarised } from '../../policy/questions/suggest/dropped_flow.js';
import { type Denied, suggest } from '../../policy/questions/suggest/suggest.js';
import { notRecorded } from '../../policy/questions/unrecorded.js';
import { problemSaid } from '../../policy/rules/problem.js';
import { cannedQueryNamed } from '../../query/canned.js';
import { droppedFlows, type NamedFlow, writtenObjects } from '../../query/dropped_flows.js';
import { recordedTime } from '../../query/recorded_time.js';
import type { TapeDatabase } from '../../query/tape_database.js';
import { counted } from '../../report/counted.js';
import { recordingCoverage } from '../../report/coverage.js';
import { type SuggestAnswer, suggestJson, suggestYaml } from '../../report/suggestion_text.js';
import {
  addDataPlane,
  addFormat,
  addIdentity,
  type DataPlaneOption,
  type IdentityOption,
  TAPE,
} from '../options.js';
import type { Terminal } from '../terminal.js';
import { withDatabase } from '../with_database.js';

const FORMATS = ['yaml', 'json'] as const;
type Format = (typeof FORMATS)[number];

interface SuggestOptions extends DataPlaneOption, IdentityOption {
  readonly format: Format;
  readonly all?: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly port?: string;
}

/** `ktape policy suggest TAPE`. */
export function addSuggest(policy: Command, terminal: Terminal): void {
  const command = policy
    .command('suggest')
    .description('the smallest NetworkPolicy change that lets wrongly dropped connections through')
    .argument('<tape>', TAPE)
    .option('--all', 'also for connections that were not allowed before either')
    .option('--from <end>', 'only connections that it opened')
    .option('--to <end>', 'only connections to it')
    .option('--port <port>', 'only connections to this port');
  addIdentity(addDataPlane(addFormat(command, FORMATS)))
    .addHelpText('after', HELP)
    .action(async (path: string, options: SuggestOptions) => {
      const port = portOf(options.port);
      const answer = await withDatabase(path, terminal, options, (database) =>
        suggestOf(database, options, port),
      );
      await terminal.stdout.write(options.format === 'json' ? suggestJson(answer) : suggestYaml(answer));
    });
}

async function suggestOf(
  database: TapeDatabase,
  options: SuggestOptions,
  port: number | undefined,
): Promise<SuggestAnswer> {
  const timeline = await database.clusterTimeline();
  const range = recordedTime(database.tape, ['kubernetes_objects']);
  if (range === undefined) throw new KtapeError('the tape has no rows that tell of a cluster');
  const dropped = await droppedFlows(database);
  checkNames(timeline, range.last, dropped, options);
  const asked = dropped.filter((flow) => isAsked(flow, options, port));
  const chosen = asked.filter(({ allowedBefore }) => options.all === true || allowedBefore === true);
  const { suggestions, refusals } = suggest(timeline, await writtenObjects(database), chosen, range.last);
  const told = <T extends Denied>(one: T) => ({ ...one, lets: summarised(timeline, one.flows) });
  return {
    suggestions: suggestions.map(told),
    refusals: refusals.map(told),
    notes: [
      ...leftOut(dropped, asked, chosen),
      ...passedOver(chosen, [...suggestions, ...refusals]),
      ...(await gapsOf(database)),
      ...notRecorded(timeline, options.format === 'json' ? 'kinds' : 'families'),
      ...timeline.history.policies.problems.map(problemSaid),
    ],
  };
}

/** Throws for a name that nobody has at the end and nobody had before. */
function checkNames(
  timeline: ClusterTimeline,
  end: bigint,
  dropped: readonly NamedFlow[],
  { from, to }: SuggestOptions,
): void {
  const known = new Set(dropped.flatMap((flow) => [...flow.sourceNames, ...flow.destinationNames]));
  const isKnown = (name: string) => known.has(name) || timeline.history.pods.has(name);
  const directory = new Directory(timeline, timeline.at(end));
  for (const name of [from, to]) if (name !== undefined && !isKnown(name)) directory.who(name);
}

function isAsked(flow: NamedFlow, { from, to }: SuggestOptions, port: number | undefined): boolean {
  return (
    (from === undefined || flow.sourceNames.includes(from)) &&
    (to === undefined || flow.destinationNames.includes(to)) &&
    (port === undefined || flow.port === port)
  );
}

function leftOut(
  dropped: readonly NamedFlow[],
  asked: readonly NamedFlow[],
  chosen: readonly NamedFlow[],
): string[] {
  const flows = (count: number) => counted(count, 'connection');
  const others = asked.length - chosen.length;
  if (dropped.length === 0) return ['No policy dropped a connection, as far as was recorded.'];
  if (asked.length === 0) {
    const ends = dropped
      .slice(0, 5)
      .map((flow) => `${last(flow.sourceNames)} to ${last(flow.destinationNames)}`);
    return [`None of the ${flows(dropped.length)} that policies dropped fits; there is ${ends.join(', ')}.`];
  }
  return others === 0
    ? []
    : [`Left out, not known to have been allowed before: ${flows(others)}; --all takes them in.`];
}

/** What the evaluator denies only on the other side of a change close by. */
function passedOver(chosen: readonly NamedFlow[], denied: readonly Denied[]): string[] {
  const judged = new Set(denied.flatMap(({ flows }) => flows.map(({ flow }) => flow)));
  const others = chosen.length - judged.size;
  return others === 0 ? [] : [`Dropped only while a change took effect: ${counted(others, 'connection')}.`];
}

function last(names: readonly string[]): string {
  return names.at(-1) ?? '';
}

/** What the recording lacks of the drops themselves and of the cluster. */
async function gapsOf(database: TapeDatabase): Promise<readonly string[]> {
  const whole = { since: -(2n ** 63n), until: 2n ** 63n - 1n };
  const { gaps } = await recordingCoverage(database, cannedQueryNamed(DROPPED), whole, new Map());
  return gaps;
}

const DROPPED = 'network/dropped_by_policy';

function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw new UsageError(`--port ${text}: expected a port from 1 to 65535`);
}

const HELP = `
Connections that a policy dropped, and that the policies allowed before some
change, count as wrongly dropped. Tried are: the policy as it was before the
change, the nearest rule of each policy that isolates the pod with the missing
peer or port, one more rule, and a policy of its own. Each is judged again on
the cluster of that instant, and who may talk to whom is compared before and
after: the one that opens least wins, then the one that closes and changes
least. Where another kind of policy denies, it is named instead.

The YAML can be applied with kubectl; its comments say what it does.

Examples:
  ktape policy suggest incident.tape
  ktape policy suggest incident.tape --all --to shop/db --port 5432`;

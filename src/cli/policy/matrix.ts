import type { Command } from 'commander';
import { closest } from '../../closest.js';
import { UsageError } from '../../errors.js';
import { endsOf, type MatrixEnd } from '../../policy/questions/matrix/ends.js';
import { Matrix, type MatrixPair } from '../../policy/questions/matrix/matrix.js';
import { matrixNotes } from '../../policy/questions/matrix/notes.js';
import { notRecorded } from '../../policy/questions/unrecorded.js';
import { type MatrixAnswer, matrixCsv, matrixJson } from '../../report/matrix_rows.js';
import { matrixSvg } from '../../report/matrix_svg.js';
import { matrixTable } from '../../report/matrix_table.js';
import { formatTime } from '../../tape/time.js';
import { addDataPlane, addFormat, addIdentity } from '../options.js';
import { say } from '../say.js';
import type { Terminal } from '../terminal.js';
import { instantOf, openSource, problemsOf, type SourceOption } from './source.js';

const FORMATS = ['table', 'json', 'csv', 'svg'] as const;
type Format = (typeof FORMATS)[number];

interface MatrixOptions extends SourceOption {
  readonly format: Format;
  readonly at?: string;
  readonly namespace?: readonly string[];
}

/** `ktape policy matrix SOURCE`. */
export function addMatrix(policy: Command, terminal: Terminal): void {
  const command = policy
    .command('matrix')
    .description('who may talk to whom on what')
    .argument('<source>', 'a tape, a manifest file or a directory of manifests');
  addFormat(command, FORMATS)
    .option('--at <time>', 'the instant, such as 2026-11-22T10:15:30Z (default: the end of the tape)')
    .option('--namespace <name...>', 'only pairs with an end in one of these namespaces');
  addIdentity(addDataPlane(command))
    .addHelpText('after', HELP)
    .action(async (path: string, options: MatrixOptions) => {
      const answer = await matrixOf(path, options, terminal);
      await terminal.stdout.write(rendered(answer, options.format, terminal));
      if (options.format === 'csv' || options.format === 'svg') await say(terminal, answer.notes);
    });
}

async function matrixOf(path: string, options: MatrixOptions, terminal: Terminal): Promise<MatrixAnswer> {
  const source = await openSource(path, terminal, options);
  const { timeline } = source;
  const time = instantOf(source, options.at, '--at');
  const state = timeline.at(time);
  const all = endsOf(timeline, state);
  const isShown = inNamespaces(all, options.namespace);
  const pairs = new Matrix(state, all).pairs((from, to) => isShown(from) || isShown(to));
  const ends = all.filter((end) => isShown(end) || pairs.some((pair) => isOpen(pair) && touches(pair, end)));
  return {
    source: path,
    at: source.range === undefined ? null : formatTime(time),
    ends,
    pairs: pairs.filter(({ source, destination }) => ends.includes(source) && ends.includes(destination)),
    notes: [
      ...matrixNotes(timeline, state, ends),
      ...notRecorded(timeline, options.format === 'json' ? 'kinds' : 'families'),
      ...problemsOf(source),
    ],
  };
}

/** Whether an end is asked for. Throws a UsageError for a namespace without workloads. */
function inNamespaces(
  ends: readonly MatrixEnd[],
  asked: readonly string[] | undefined,
): (end: MatrixEnd) => boolean {
  if (asked === undefined) return () => true;
  const there = [...new Set(ends.flatMap((end) => (end.kind === 'workload' ? end.namespace : [])))].sort();
  for (const name of asked) {
    if (there.includes(name)) continue;
    const instead = there.length === 0 ? 'nowhere' : `in ${there.join(', ')}`;
    throw new UsageError(`namespace "${name}" has no pods${closest(name, there)}; there are pods ${instead}`);
  }
  return (end) => end.kind === 'workload' && asked.includes(end.namespace);
}

function isOpen({ allowed, unknown }: MatrixPair): boolean {
  return !allowed.isEmpty || !unknown.isEmpty;
}

function touches({ source, destination }: MatrixPair, end: MatrixEnd): boolean {
  return source === end || destination === end;
}

function rendered(answer: MatrixAnswer, format: Format, { layout }: Terminal): string {
  switch (format) {
    case 'table':
      return matrixTable(answer, layout);
    case 'json':
      return matrixJson(answer);
    case 'csv':
      return matrixCsv(answer);
    case 'svg':
      return matrixSvg(answer);
  }
}

const HELP = `
Pods of a workload that policies treat alike are one row; those treated
otherwise have a row of their own, and a note says so. The outside is cut into
the address ranges that policies tell apart. What is neither allowed nor unknown
is denied. ICMP and other protocols without ports are left out.

Examples:
  ktape policy matrix incident.tape --at 2026-11-22T10:15:30Z
  ktape policy matrix manifests/ --namespace shop --format svg > matrix.svg`;

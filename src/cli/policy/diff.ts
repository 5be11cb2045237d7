import type { Command } from 'commander';
import { UsageError } from '../../errors.js';
import { matrixDiff } from '../../policy/questions/matrix/diff.js';
import { gapsBetween, notRecorded } from '../../policy/questions/unrecorded.js';
import { type DiffAnswer, diffCsv, diffJson, diffTable } from '../../report/matrix_diff_text.js';
import { addDataPlane, addFormat, addIdentity, TAPE } from '../options.js';
import { say } from '../say.js';
import type { Terminal } from '../terminal.js';
import { instantOf, openSource, problemsOf, type SourceOption } from './source.js';

const FORMATS = ['table', 'json', 'csv'] as const;
type Format = (typeof FORMATS)[number];

interface DiffOptions extends SourceOption {
  readonly since: string;
  readonly until: string;
  readonly format: Format;
}

/** `ktape policy diff TAPE`. */
export function addDiff(policy: Command, terminal: Terminal): void {
  const command = policy
    .command('diff')
    .description('which allowed pairs appeared and vanished between two instants')
    .argument('<tape>', TAPE)
    .requiredOption('--since <time>', 'the first instant, such as 2026-11-22T10:15:30Z')
    .requiredOption('--until <time>', 'the second instant');
  addIdentity(addDataPlane(addFormat(command, FORMATS)))
    .addHelpText('after', HELP)
    .action(async (path: string, options: DiffOptions) => {
      const answer = await diffOf(path, options, terminal);
      await terminal.stdout.write(rendered(answer, options.format, terminal));
      if (options.format !== 'csv') return;
      const apart = [
        ...answer.came.map((workload) => `${workload} came.`),
        ...answer.went.map((workload) => `${workload} went.`),
      ];
      await say(terminal, [...apart, ...answer.notes]);
    });
}

async function diffOf(path: string, options: DiffOptions, terminal: Terminal): Promise<DiffAnswer> {
  const source = await openSource(path, terminal, options);
  const since = instantOf(source, options.since, '--since');
  const until = instantOf(source, options.until, '--until');
  if (since >= until) {
    throw new UsageError(`--since ${options.since} is not before --until ${options.until}`);
  }
  const notes = [
    ...gapsBetween(source.timeline, since, until),
    ...notRecorded(source.timeline, options.format === 'json' ? 'kinds' : 'families'),
    ...problemsOf(source),
  ];
  return { source: path, since, until, ...matrixDiff(source.timeline, since, until), notes };
}

function rendered(answer: DiffAnswer, format: Format, { layout }: Terminal): string {
  switch (format) {
    case 'table':
      return diffTable(answer, layout);
    case 'json':
      return diffJson(answer);
    case 'csv':
      return diffCsv(answer);
  }
}

const HELP = `
Compares the two instants, not what was between them. Workloads that came or
went are told apart from pairs that appeared or vanished. A change is named
where the verdict right after it is another than right before.

Examples:
  ktape policy diff a.tape --since 2026-11-22T10:15Z --until 2026-11-22T10:20Z`;

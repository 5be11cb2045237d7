import { InvalidFileError } from '../../errors.js';
import { counted } from '../../report/counted.js';
import { flows } from '../../schema/tables/flows.js';
import { kubernetesObjects } from '../../schema/tables/kubernetes_objects.js';
import { type Loss, recordLoss } from '../../tape/loss_row.js';
import { checkReadable } from '../check_readable.js';
import { addManifests, type KubernetesImport, manifestsSource } from '../kubernetes.js';
import { NewTape, type NewTapeOptions } from '../new_tape.js';
import { appendFlow, type FlowRow } from './flow_row.js';

/** What a file of another tool holds, one after another. */
export type FlowEvent =
  | { readonly flow: FlowRow }
  /** What the tool itself says that it lacks. */
  | { readonly loss: ToldLoss }
  /** Something else that belongs there. */
  | { readonly other: string }
  /** What cannot be read, with its place in the file. */
  | { readonly problem: string };

/** A loss that a tool tells of. Where it says no time, anything from the flow before on may be missing. */
export type ToldLoss = Pick<Loss, 'reason' | 'subject' | 'count' | 'detail'> & {
  /** Where it is not the tool that lost something. */
  readonly source?: Loss['source'];
  readonly since?: bigint;
  readonly until?: bigint;
};

/** A tool whose files can be imported. */
export interface FlowTool {
  readonly name: FlowRow['tool'];
  /** Everything in a file, in order. */
  read(file: string): AsyncIterable<FlowEvent>;
}

export interface FlowImportOptions extends NewTapeOptions {
  /** Files and directories of manifests: the cluster as it is taken to have been at every flow; often none. */
  readonly manifests: readonly string[];
}

/** What an import did. */
export interface FlowImport {
  readonly flows: number;
  /** Records that are no flows and belong there, such as what the agent did. */
  readonly others: number;
  /** What could not be read, each with its file and place. */
  readonly problems: readonly string[];
  /** What was made of the manifests; undefined without. */
  readonly cluster: KubernetesImport | undefined;
}

/** More problems than this in one file are counted and no longer listed. */
const PROBLEMS_LISTED = 20;

/** Manifests hold from this long before the first flow: verdicts ask what was shortly before as well. */
const BEFORE_FLOWS_NS = 10_000_000_000n;

/** Rows between looks at how much memory they take. */
const ROWS_A_LOOK = 1024;

/**
 * Writes a tape of the flows that another tool wrote to files. What cannot be read is told and noted in `losses`.
 * Throws where a file is not there or there is not one flow or loss in any.
 */
export async function importFlows(
  tool: FlowTool,
  files: readonly string[],
  out: string,
  options: FlowImportOptions,
): Promise<FlowImport> {
  for (const file of files) await checkReadable(file);
  const { manifests, now } = options;
  const flowSource = { name: `import ${tool.name}`, state: 'recorded', detail: files.join(' ') } as const;
  const hasCluster = manifests.length > 0;
  const sources = [flowSource, ...(hasCluster ? [manifestsSource(manifests)] : [])];
  const tables = ['flows', 'losses', ...(hasCluster ? [kubernetesObjects.name] : [])];
  return NewTape.write(out, options, sources, tables, async (tape) => {
    const done: FileImport[] = [];
    for (const file of files) done.push(await new FileImport(tool, file, tape, now).run());
    const problems = done.flatMap((one) => one.problems);
    const sum = (key: 'flows' | 'others' | 'losses') => done.reduce((total, one) => total + one[key], 0);
    if (sum('flows') + sum('losses') === 0)
      throw new InvalidFileError(out, problems[0] ?? `no flows of ${tool.name} in ${files.join(' ')}`);
    const first = done.reduce(
      (least, one) => (one.first !== undefined && one.first < least ? one.first : least),
      now,
    );
    const at = first - BEFORE_FLOWS_NS;
    const cluster = hasCluster ? await addManifests(tape, manifests, { at, now }) : undefined;
    return { flows: sum('flows'), others: sum('others'), problems, cluster };
  });
}

/** The import of one file. */
class FileImport {
  /** Time of the earliest flow. */
  first: bigint | undefined;
  flows = 0;
  others = 0;
  losses = 0;
  private unread = 0;
  private readonly listed: string[] = [];
  private last: bigint | undefined;
  private latest: bigint | undefined;

  constructor(
    private readonly tool: FlowTool,
    private readonly file: string,
    private readonly tape: NewTape,
    private readonly now: bigint,
  ) {}

  get problems(): string[] {
    const more = this.unread - this.listed.length;
    const rest = more === 0 ? [] : [`${this.file}: ${counted(more, 'more record')} that cannot be read`];
    return [...this.listed, ...rest];
  }

  async run(): Promise<this> {
    try {
      for await (const event of this.tool.read(this.file)) await this.take(event);
    } catch (error) {
      if (!(error instanceof InvalidFileError)) throw error;
      this.problem(error.problem);
    }
    this.noteProblems();
    return this;
  }

  private async take(event: FlowEvent): Promise<void> {
    if ('flow' in event) {
      appendFlow(this.tape.batches.of(flows), event.flow);
      this.sawTime(event.flow.time);
      if (++this.flows % ROWS_A_LOOK === 0) await this.tape.sealIfLarge();
    } else if ('loss' in event) this.noteLoss(event.loss);
    else if ('problem' in event) this.problem(event.problem);
    else this.others++;
  }

  private sawTime(time: bigint): void {
    this.latest = time;
    if (this.first === undefined || time < this.first) this.first = time;
    if (this.last === undefined || time > this.last) this.last = time;
  }

  private problem(problem: string): void {
    if (this.unread++ < PROBLEMS_LISTED) this.listed.push(`${this.file}: ${problem}`);
  }

  private noteLoss({ since, until = this.now, ...told }: ToldLoss): void {
    const before = [this.latest, this.first].find((time) => time !== undefined && time <= until);
    const loss = { source: this.tool.name, table: 'flows', ...told };
    recordLoss(this.tape.batches, { ...loss, since: since ?? before ?? 0n, until });
    if (told.source === undefined) this.losses++;
  }

  /** What could not be read may have happened at any time of the file's flows, or at any time when there is none. */
  private noteProblems(): void {
    if (this.unread === 0) return;
    recordLoss(this.tape.batches, {
      source: this.tool.name,
      table: 'flows',
      reason: 'unreadable record',
      since: this.first ?? 0n,
      until: this.last ?? this.now,
      count: BigInt(this.unread),
      detail: this.listed[0] ?? '',
    });
  }
}

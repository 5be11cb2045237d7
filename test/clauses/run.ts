import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repository } from '../repository.js';
import { type Mutant, mutantsOf, withMutants } from './mutants.js';
import { WorkerProcess } from './process.js';
import type { Finding } from './worker.js';

// Takes away each clause of the policy evaluator's code, one after the other, and runs its tests: one must turn red
// each time. `npm run clauses`, or `npm run clauses -- WORD…` for the files that have one of the words in their path.
// All mutants are loaded at once and switched on one by one; only the tests that come by a mutant's place are run.

/** Whose clauses are tried. */
const FOLDERS = ['rules', 'kubernetes', 'cilium', 'calico', 'verdict'];

/** Kept for speed: without most of their clauses the answers are the same, only later. */
const ONLY_FASTER = ['verdict/clause_memory.js', 'verdict/port_index.js'];

/** Clauses without which everything is as before, as they are compiled, and why they stay. */
const SAME_WITHOUT: readonly { readonly file: string; readonly code: string; readonly reason: string }[] = [
  {
    file: 'verdict/plan.js',
    code: 'plans.set(endpoint.pod, plan)',
    reason: 'kept for speed: a plan that is made again is the same',
  },
];

/** Drawn at random, or on data that is not here: what these see must be seen by others too. */
const NOT_ASKED = ['naive', 'matrix_property', 'real_clusters', 'real_matrix'];

interface Clause extends Mutant {
  readonly file: string;
  readonly number: number;
}

const dist = join(repository, 'dist');
const words = process.argv.slice(2);
const testFiles = modulesBelow('test/src/policy')
  .filter((file) => file.endsWith('.test.js') && !NOT_ASKED.some((word) => file.includes(word)))
  .map((file) => pathToFileURL(join(dist, 'test/src/policy', file)).href);
const texts = new Map(
  filesAsked().map((file) => [file, readFileSync(join(dist, 'src/policy', file), 'utf8')]),
);
const clauses: Clause[] = [];
const sources = new Map<string, string>();
for (const [file, text] of texts) {
  const mutants = mutantsOf(text);
  const url = pathToFileURL(join(dist, 'src/policy', file)).href;
  sources.set(url, withMutants(text, mutants, clauses.length));
  for (const mutant of mutants) clauses.push({ ...mutant, file, number: clauses.length });
}

/** What is compiled from the sources in a folder; the compiler's folder may hold more, from before. */
function modulesBelow(folder: string): string[] {
  return readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.replace(/\.ts$/, '.js'))
    .sort();
}

function filesAsked(): string[] {
  return FOLDERS.flatMap((folder) => modulesBelow(`src/policy/${folder}`).map((file) => `${folder}/${file}`))
    .filter((file) => !ONLY_FASTER.includes(file))
    .filter((file) => words.length === 0 || words.some((word) => file.includes(word)));
}

/** A process where the mutant counts from the start, undefined for none. */
function startWorker(mutant?: number): WorkerProcess {
  return new WorkerProcess({ sources, testFiles, mutant });
}

/** Which tests come by each mutant's place, the quickest first; what no test does is not in it. */
interface Survey {
  readonly testsOf: ReadonlyMap<number, readonly number[]>;
  readonly atLoad: ReadonlySet<number>;
}

async function survey(): Promise<Survey> {
  const worker = startWorker();
  const { red, reached, reachedAtLoad } = await worker.try({ mutant: undefined, tests: undefined });
  worker.stop();
  if (red !== undefined) throw new Error(`without any change "${red.name}" is red: ${red.error}`);
  const testsOf = new Map<number, number[]>();
  for (const { test, mutants } of [...reached].sort((a, b) => a.ms - b.ms)) {
    for (const mutant of mutants) testsOf.set(mutant, [...(testsOf.get(mutant) ?? []), test]);
  }
  return { testsOf, atLoad: new Set(reachedAtLoad) };
}

/** Tries mutants one after the other. */
class Trials {
  private worker = startWorker();
  /** Tests that found something in a file are asked first for the next mutant of it. */
  private readonly lastToFind = new Map<string, number>();

  constructor(private readonly known: Survey) {}

  /** Whether some test turns red. */
  async isSeen(clause: Clause): Promise<boolean> {
    const tests = this.known.testsOf.get(clause.number) ?? [];
    if (!this.known.atLoad.has(clause.number)) {
      if (tests.length === 0) return false;
      const { red, isSpoilt } = await this.worker.try({
        mutant: clause.number,
        tests: this.ordered(tests, clause),
      });
      if (isSpoilt) this.restart();
      if (red !== undefined && !isSpoilt) {
        this.lastToFind.set(clause.file, red.test);
        return true;
      }
    }
    return (await this.fromTheStart(clause)).red !== undefined;
  }

  stop(): void {
    this.worker.stop();
  }

  private restart(): void {
    this.worker.stop();
    this.worker = startWorker();
  }

  /** In a process of its own, since something of what tests share may have been made before the mutant counted. */
  private async fromTheStart({ number }: Clause): Promise<Finding> {
    const worker = startWorker(number);
    const finding = await worker.try({ mutant: number, tests: undefined });
    worker.stop();
    return finding;
  }

  private ordered(tests: readonly number[], { file }: Clause): number[] {
    const first = this.lastToFind.get(file);
    return first !== undefined && tests.includes(first) ? [...new Set([first, ...tests])] : [...tests];
  }
}

function codeOf({ file, start, end }: Clause): string {
  return (texts.get(file) ?? '').slice(start, end).replace(/\s+/g, ' ');
}

function said(clause: Clause): string {
  const line = (texts.get(clause.file) ?? '').slice(0, clause.start).split('\n').length;
  return `dist/src/policy/${clause.file}:${line}: ${clause.what}: ${codeOf(clause).slice(0, 90)}`;
}

async function main(): Promise<void> {
  const known = await survey();
  let survivors = 0;
  const queue = clauses.values();
  await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      const trials = new Trials(known);
      for (const clause of queue) {
        if (await trials.isSeen(clause)) continue;
        const code = codeOf(clause);
        if (SAME_WITHOUT.some((one) => one.file === clause.file && one.code === code)) continue;
        survivors++;
        console.log(said(clause));
      }
      trials.stop();
    }),
  );
  console.log(`${clauses.length} clauses taken away, ${survivors} of them unseen by any test`);
  process.exitCode = survivors > 0 ? 1 : 0;
}

await main();

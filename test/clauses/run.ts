import { createHash, randomInt } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { repository } from '../repository.js';
import { isTried, owed } from './excuses.js';
import { type Mutant, mutantsOf, withMutants } from './mutants.js';
import { WorkerProcess } from './process.js';
import type { Finding } from './worker.js';

// Takes away each clause of the policy evaluator's code, one after the other, and runs its tests: one must turn red
// each time. `npm run clauses`, or `npm run clauses -- WORD…` for the files that have one of the words in their path.
// `--sample N` tries N clauses drawn at random, the same ones again with the `--seed` that it prints.
// All mutants are loaded at once and switched on one by one; only the tests that come by a mutant's place are run.

/** Drawn at random, or on data that is not here: what these see must be seen by others too. */
const NOT_ASKED = ['naive', 'matrix_property', 'real_clusters', 'real_matrix'];

interface Clause extends Mutant {
  readonly file: string;
  readonly number: number;
  /** What is taken away, with single blanks. */
  readonly code: string;
}

const dist = join(repository, 'dist');
const { values: options, positionals: words } = parseArgs({
  options: { sample: { type: 'string' }, seed: { type: 'string' } },
  allowPositionals: true,
});
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
  for (const mutant of mutants) {
    const code = text.slice(mutant.start, mutant.end).replace(/\s+/g, ' ');
    clauses.push({ ...mutant, file, code, number: clauses.length });
  }
}

/** What is compiled from the sources in a folder; the compiler's folder may hold more, from before. */
function modulesBelow(folder: string): string[] {
  return readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.replace(/\.ts$/, '.js'))
    .sort();
}

function filesAsked(): string[] {
  return modulesBelow('src/policy')
    .filter(isTried)
    .filter((file) => words.length === 0 || words.some((word) => file.includes(word)));
}

/** A process where the mutant counts from the start, undefined for none. */
function startWorker(mutant?: number): WorkerProcess {
  return new WorkerProcess({ sources, testFiles, mutant });
}

/** All tests, and those that come by each mutant's place, the quickest first; what no test does is not in it. */
interface Survey {
  readonly tests: readonly number[];
  readonly testsOf: ReadonlyMap<number, readonly number[]>;
  readonly atLoad: ReadonlySet<number>;
}

async function survey(): Promise<Survey> {
  const worker = startWorker();
  const { red, reached, reachedAtLoad } = await worker.try({ mutant: undefined, tests: undefined });
  worker.stop();
  if (red !== undefined) throw new Error(`without any change "${red.name}" is red: ${red.error}`);
  const quickest = [...reached].sort((a, b) => a.ms - b.ms);
  const testsOf = new Map<number, number[]>();
  for (const { test, mutants } of quickest) {
    for (const mutant of mutants) testsOf.set(mutant, [...(testsOf.get(mutant) ?? []), test]);
  }
  return { tests: quickest.map(({ test }) => test), testsOf, atLoad: new Set(reachedAtLoad) };
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
      if (red !== undefined && !isSpoilt) return this.found(red, clause);
    }
    const { red } = await this.fromTheStart(clause);
    return red !== undefined && this.found(red, clause);
  }

  stop(): void {
    this.worker.stop();
  }

  private restart(): void {
    this.worker.stop();
    this.worker = startWorker();
  }

  /** In a process of its own, since something of what tests share may have been made before the mutant counted. */
  private async fromTheStart(clause: Clause): Promise<Finding> {
    const worker = startWorker(clause.number);
    const finding = await worker.try({
      mutant: clause.number,
      tests: this.ordered(this.known.tests, clause),
    });
    worker.stop();
    return finding;
  }

  private found({ test }: NonNullable<Finding['red']>, { file }: Clause): true {
    this.lastToFind.set(file, test);
    return true;
  }

  private ordered(tests: readonly number[], { file }: Clause): number[] {
    const first = this.lastToFind.get(file);
    return first !== undefined && tests.includes(first) ? [...new Set([first, ...tests])] : [...tests];
  }
}

function said(clause: Clause): string {
  const line = (texts.get(clause.file) ?? '').slice(0, clause.start).split('\n').length;
  return `dist/src/policy/${clause.file}:${line}: ${clause.what}: ${clause.code.slice(0, 90)}`;
}

/** What is tried: everything, or as many as were asked for, drawn by the seed. */
function drawn(all: readonly Clause[]): readonly Clause[] {
  if (options.sample === undefined) return all;
  const size = Number(options.sample);
  if (!Number.isInteger(size) || size < 1)
    throw new Error(`--sample ${options.sample}: expected a number of clauses`);
  const seed = options.seed ?? String(randomInt(1_000_000_000));
  console.log(`drawn with --seed ${seed}`);
  const hash = ({ file, start, end, what }: Clause) =>
    createHash('sha256').update(`${seed} ${file} ${start} ${end} ${what}`).digest('hex');
  const hashed = all.map((clause) => ({ clause, hash: hash(clause) }));
  const shuffled = hashed.sort((a, b) => a.hash.localeCompare(b.hash));
  return shuffled.slice(0, size).map(({ clause }) => clause);
}

async function main(): Promise<void> {
  const all = owed(clauses, new Set(texts.keys()));
  const tried = drawn(all);
  const known = await survey();
  let survivors = 0;
  const queue = tried.values();
  await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      const trials = new Trials(known);
      for (const clause of queue) {
        if (await trials.isSeen(clause)) continue;
        survivors++;
        console.log(said(clause));
      }
      trials.stop();
    }),
  );
  console.log(
    `${tried.length} of ${all.length} clauses taken away one by one, ${survivors} of them unseen by any test`,
  );
  process.exitCode = survivors > 0 ? 1 : 0;
}

await main();

import { type ChildProcess, fork } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { repository } from '../repository.js';
import { type Mutant, mutantsOf } from './mutants.js';
import type { Finding, Trial } from './worker.js';

// Takes away each clause of the policy evaluator's code, one after the other, and runs its tests: one must turn red
// each time. `npm run clauses`, or `npm run clauses -- WORD…` for the files that have one of the words in their path.

/** Whose clauses are tried. */
const FOLDERS = ['rules', 'kubernetes', 'cilium', 'calico', 'verdict'];

/** Kept for speed: without most of their clauses the answers are the same, only later. */
const ONLY_FASTER = ['verdict/clause_memory.js', 'verdict/port_index.js'];

/** Drawn at random, or on data that is not here: what these see must be seen by others too. */
const NOT_ASKED = ['naive', 'matrix_property', 'real_clusters', 'real_matrix'];

/** A mutant may never end. */
const PATIENCE_MS = 20_000;
/** What a worker has loaded stays in its memory. */
const TRIALS_PER_WORKER = 40;

interface Task {
  readonly file: string;
  readonly mutant: Mutant;
}

const dist = join(repository, 'dist');
const words = process.argv.slice(2);
const tests = modulesBelow('test/src/policy')
  .filter((file) => file.endsWith('.test.js') && !NOT_ASKED.some((word) => file.includes(word)))
  .map((file) => pathToFileURL(join(dist, 'test/src/policy', file)).href)
  .sort((a, b) => statSync(fileURLToPath(a)).size - statSync(fileURLToPath(b)).size);
/** Tests that found something in a file are asked first for the next mutant of it. */
const lastToFind = new Map<string, string>();

/** What is compiled from the sources in a folder; the compiler's folder may hold more, from before. */
function modulesBelow(folder: string): string[] {
  return readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.replace(/\.ts$/, '.js'))
    .sort();
}

function tasks(): Task[] {
  return FOLDERS.flatMap((folder) => modulesBelow(`src/policy/${folder}`).map((file) => `${folder}/${file}`))
    .filter((file) => !ONLY_FASTER.includes(file))
    .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
    .flatMap((file) =>
      mutantsOf(readFileSync(join(dist, 'src/policy', file), 'utf8')).map((mutant) => ({ file, mutant })),
    );
}

/** A process that tries mutants, one after the other, and is replaced by a new one when it has taken in too many. */
class Worker {
  private child: ChildProcess | undefined;
  private trials = 0;
  private answer: (finding: Finding) => void = () => {};

  /** Null when no test turned red. */
  async try(trial: Trial): Promise<Finding> {
    if (this.trials++ % TRIALS_PER_WORKER === 0) this.restart();
    const patience = setTimeout(() => this.restart('it never ends'), PATIENCE_MS);
    const finding = await new Promise<Finding>((resolve) => {
      this.answer = resolve;
      this.child?.send(trial);
    });
    clearTimeout(patience);
    return finding;
  }

  stop(): void {
    this.child?.removeAllListeners();
    this.child?.kill('SIGKILL');
  }

  /** What is being tried counts as found for the reason given. */
  private restart(reason?: string): void {
    this.stop();
    const child = fork(fileURLToPath(new URL('worker.js', import.meta.url)), {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.on('message', (finding: Finding) => this.answer(finding));
    child.on('exit', () => this.restart('the process ended'));
    this.child = child;
    if (reason !== undefined) this.answer({ file: '', test: reason, error: '' });
  }
}

/** Tests named as the file that is changed first, since they are the likeliest to see it; then the short ones. */
function testsFor(file: string): string[] {
  const words = file.split(/[/_.]/);
  const near = (test: string) => (words.some((word) => word.length > 2 && test.includes(word)) ? 0 : 1);
  const first = lastToFind.get(file);
  const ordered = [...tests].sort((a, b) => near(a) - near(b));
  return [...new Set([...(first === undefined ? [] : [first]), ...ordered])];
}

function trialOf({ file, mutant }: Task): Trial {
  const { start, end, text } = mutant;
  const search = new URLSearchParams({ file: `src/policy/${file}`, start: `${start}`, end: `${end}`, text });
  return { mutant: `?${search}`, testFiles: testsFor(file) };
}

function said({ file, mutant }: Task): string {
  const source = readFileSync(join(dist, 'src/policy', file), 'utf8');
  const line = source.slice(0, mutant.start).split('\n').length;
  const code = source.slice(mutant.start, mutant.end).replace(/\s+/g, ' ').slice(0, 90);
  return `dist/src/policy/${file}:${line}: ${mutant.what}: ${code}`;
}

async function main(): Promise<void> {
  const all = tasks();
  const unchanged = new Worker();
  const red = await unchanged.try({ mutant: '?file=none', testFiles: tests });
  unchanged.stop();
  if (red !== null) throw new Error(`without any change "${red.test}" of ${red.file} is red: ${red.error}`);
  let survivors = 0;
  const queue = all.values();
  await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      const worker = new Worker();
      for (const task of queue) {
        const finding = await worker.try(trialOf(task));
        if (finding === null) {
          survivors++;
          console.log(said(task));
        } else if (finding.file !== '') lastToFind.set(task.file, finding.file);
      }
      worker.stop();
    }),
  );
  console.log(`${all.length} clauses taken away, ${survivors} of them unseen by any test`);
  process.exitCode = survivors > 0 ? 1 : 0;
}

await main();

import { register } from 'node:module';
import { type GatheredTest, takeTests } from './node_test.js';

/** What a worker is told first. */
export interface Setup {
  /** Texts of the modules with mutants in them, by their addresses. */
  readonly sources: ReadonlyMap<string, string>;
  /** Addresses of the test files. */
  readonly testFiles: readonly string[];
  /** The mutant that counts from the start, also while modules are loaded; undefined for none. */
  readonly mutant: number | undefined;
}

/** What a worker is asked next, any number of times: to run these tests, by their numbers, under a mutant. */
export interface Trial {
  readonly mutant: number | undefined;
  /** Undefined for all. */
  readonly tests: readonly number[] | undefined;
}

/** What came of it. */
export interface Finding {
  /** The first test that turned red; undefined when all stayed green. */
  readonly red: { readonly test: number; readonly name: string; readonly error: string } | undefined;
  /** Whether that test stayed red without the mutant, so that this process is of no more use. */
  readonly isSpoilt: boolean;
  /** Of each test that ran: the mutants whose place it came by. */
  readonly reached: readonly {
    readonly test: number;
    readonly mutants: readonly number[];
    readonly ms: number;
  }[];
  /** Those that were come by while modules were loaded. */
  readonly reachedAtLoad: readonly number[];
}

let current: number | undefined;
let reached = new Set<number>();

Object.assign(globalThis, {
  isTakenAway: (mutant: number): boolean => {
    reached.add(mutant);
    return mutant === current;
  },
});

const tests: GatheredTest[] = [];
let reachedAtLoad: readonly number[] = [];

async function loadAll({ sources, testFiles, mutant }: Setup): Promise<void> {
  register('./hook.js', import.meta.url, { data: sources });
  current = mutant;
  for (const file of testFiles) {
    await import(file);
    tests.push(...takeTests());
  }
  reachedAtLoad = [...reached];
}

async function tryTests(trial: Trial): Promise<Finding> {
  const finding = { reached: [] as Finding['reached'][number][], reachedAtLoad, isSpoilt: false };
  for (const test of trial.tests ?? tests.keys()) {
    current = trial.mutant;
    reached = new Set();
    const start = performance.now();
    const error = await errorOf(test);
    const red = { test, name: tests[test]?.name ?? '', error: String(error) };
    if (error !== undefined) {
      current = undefined;
      return { ...finding, red, isSpoilt: (await errorOf(test)) !== undefined };
    }
    finding.reached.push({ test, mutants: [...reached], ms: performance.now() - start });
  }
  return { ...finding, red: undefined };
}

async function errorOf(test: number): Promise<unknown> {
  try {
    await tests[test]?.run();
    return undefined;
  } catch (error) {
    return error ?? 'nothing was thrown, yet it was thrown';
  }
}

let loading: Promise<void> | undefined;

process.on('message', async (message: Setup | Trial) => {
  if ('sources' in message) {
    loading = loadAll(message);
    // It is told when something is asked.
    loading.catch(() => {});
    return;
  }
  try {
    await loading;
    process.send?.(await tryTests(message));
  } catch (error) {
    const red = { test: -1, name: 'cannot be loaded', error: String(error) };
    process.send?.({ red, isSpoilt: false, reached: [], reachedAtLoad: [] } satisfies Finding);
  }
});

import { register } from 'node:module';
import { takeTests } from './node_test.js';

/** What a worker is to try: a mutant, and the test files in the order in which to try them. */
export interface Trial {
  /** As the search part of an address, read by the hook. */
  readonly mutant: string;
  readonly testFiles: readonly string[];
}

/** The first test that turned red and its file; null when all stayed green. */
export type Finding = { readonly file: string; readonly test: string; readonly error: string } | null;

register('./hook.js', import.meta.url);

process.on('message', async ({ mutant, testFiles }: Trial) => {
  process.send?.(await firstRed(mutant, testFiles));
});

async function firstRed(mutant: string, testFiles: readonly string[]): Promise<Finding> {
  for (const file of testFiles) {
    let test = 'cannot be loaded';
    try {
      takeTests();
      await import(`${file}${mutant}`);
      for (const one of takeTests()) {
        test = one.name;
        await one.run();
      }
    } catch (error) {
      return { file, test, error: error instanceof Error ? error.message : String(error) };
    }
  }
  return null;
}

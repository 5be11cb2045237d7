import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { run } from 'node:test';
import { fileURLToPath } from 'node:url';

/**
 * Runs the compiled tests: `run.js` all of them, `run.js unit` those that need no privileges, `run.js live` the others,
 * each with `PATH…` only those whose path contains one of the words. Prints failures, every skip with its reason, and at
 * last the line `N passed, N failed, N skipped`.
 */
const here = fileURLToPath(new URL('.', import.meta.url));
const isLive = (file: string) => file.endsWith('.live.test.js');

function chosen([first = '', ...others]: readonly string[]): string[] {
  const files = readdirSync(here, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.js'))
    .sort();
  if (first === 'unit')
    return having(
      others,
      files.filter((file) => !isLive(file)),
    );
  if (first === 'live') return having(others, files.filter(isLive));
  return having(first === '' ? [] : [first, ...others], files);
}

function having(words: readonly string[], files: readonly string[]): string[] {
  return files.filter((file) => words.length === 0 || words.some((word) => file.includes(word)));
}

const totals = { passed: 0, failed: 0, skipped: 0 };

/** Runs the files, `concurrency` at once, and adds what came of them to the totals. */
async function runFiles(files: readonly string[], concurrency: number): Promise<void> {
  if (files.length === 0) return;
  for await (const event of run({ files: files.map((file) => join(here, file)), concurrency })) {
    if (event.type === 'test:stderr' || event.type === 'test:stdout')
      process.stderr.write(event.data.message);
    if (event.type !== 'test:pass' && event.type !== 'test:fail') continue;
    const { data } = event;
    const where = `${data.file === undefined ? '' : `${relative(here, data.file)}: `}${data.name}`;
    if (event.type === 'test:fail') {
      if (data.details.type === 'suite') continue;
      totals.failed++;
      const { cause } = event.data.details.error;
      console.log(`FAILED ${where}\n${cause instanceof Error ? cause.stack : String(cause)}`);
    } else if (data.skip !== undefined) {
      totals.skipped++;
      console.log(`skipped ${where}: ${data.skip}`);
    } else if (data.details.type !== 'suite') totals.passed++;
  }
}

/** A run that breaks off leaves tests untried: that counts, and the line at the end comes all the same. */
async function tryFiles(files: readonly string[], concurrency: number): Promise<void> {
  try {
    await runFiles(files, concurrency);
  } catch (error) {
    totals.failed++;
    console.log(
      `FAILED the run itself, and what it had not come to\n${error instanceof Error ? error.stack : error}`,
    );
  }
}

const files = chosen(process.argv.slice(2));
await tryFiles(
  files.filter((file) => !isLive(file)),
  2,
);
// Live tests measure the one kernel they share: one at a time.
await tryFiles(files.filter(isLive), 1);
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exitCode = totals.failed > 0 || totals.passed === 0 ? 1 : 0;

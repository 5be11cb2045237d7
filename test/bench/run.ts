import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Runs each benchmark in a process of its own, `npm run bench -- WORD…` those whose name has one of the words. */
const here = fileURLToPath(new URL('.', import.meta.url));
const words = process.argv.slice(2);
const chosen = readdirSync(here)
  .filter((file) => file.endsWith('.bench.js'))
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .sort();
for (const file of chosen) {
  const { status } = spawnSync(process.execPath, [join(here, file)], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
if (chosen.length === 0) {
  console.error(`no benchmark is named ${words.join(' or ')}`);
  process.exitCode = 2;
}

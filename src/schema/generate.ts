import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { cHeader } from './c_header.js';
import { tables } from './tables/index.js';
import { tablesPage } from './tables_page.js';

/*
 * Writes the generated files that are committed. Run from the root of the project:
 *   node dist/src/schema/generate.js [--check]
 * With --check it writes nothing, and exits 1 naming the files that differ.
 */

const generated = new Map([
  ['bpf/gen/events.h', cHeader(tables)],
  ['src/schema/TABLES.md', tablesPage(tables)],
]);

const check = process.argv.includes('--check');
for (const [file, text] of generated) {
  const present = await readFile(file, 'utf8').catch(() => undefined);
  if (present === text) continue;
  if (check) {
    console.error(`${file}: not what its declarations generate; run node dist/src/schema/generate.js`);
    process.exitCode = 1;
  } else {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    console.error(`wrote ${file}`);
  }
}

import assert from 'node:assert/strict';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Redaction } from '../../../../src/schema/semantic_type.js';
import { tables } from '../../../../src/schema/tables/index.js';
import { prove } from '../../../../src/share/proof/prove.js';
import { scratch } from '../../../scratch.js';
import { plant } from '../canaries.js';
import { Canaries } from '../canary.js';

/** Classes of columns whose values are looked for; of free text only what those hold may not stay, and secrets. */
const NAMING: ReadonlySet<Redaction | undefined> = new Set<Redaction>(['pseudonym', 'address']);

/** Words of which the canaries' names are made besides. */
const PUBLISHED = /^(?:com|io|api|internal|example|compute|eu|west|ip|pod|service|svc)$/;

test('a tape that was not redacted has a leak in every column that holds names, ids or addresses', async (t) => {
  const directory = scratch(t);
  const original = await plant(directory, new Canaries(7));
  const missed: string[] = [];
  for (const { name, columns } of tables) {
    const shared = join(directory, name);
    mkdirSync(shared);
    cpSync(join(original, name), join(shared, name), { recursive: true });
    const found = new Set<string | undefined>();
    const published = (text: string) => PUBLISHED.test(text);
    const { leaks } = await prove({
      shared,
      original,
      noted: () => [],
      published,
    });
    for (const leak of leaks) found.add(leak.column);
    const naming = Object.keys(columns).filter((column) => NAMING.has(columns[column]?.type.redaction));
    missed.push(...naming.filter((column) => !found.has(column)).map((column) => `${name}.${column}`));
  }
  assert.deepEqual(missed, []);
});

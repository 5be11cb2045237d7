import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Finding, verifyTape } from '../../../src/query/verify.js';
import type { Manifest, Segment } from '../../../src/tape/manifest.js';
import { openTape } from '../../../src/tape/tape.js';
import { scratch } from '../../scratch.js';
import { writeTinyTape } from '../../tiny_tape.js';

const tables = {
  losses: [
    { time: '10:00:02', until: '10:00:02', source: 'clock', reason: 'jump' },
    { time: '10:00:01', until: '10:00:01', source: 'clock', reason: 'jump' },
  ],
};

async function findings(directory: string, temporary: string): Promise<Finding[]> {
  const found: Finding[] = [];
  for await (const finding of verifyTape(await openTape(directory), temporary)) found.push(finding);
  return found;
}

/** Writes the manifest anew with the one segment changed. */
function edit(directory: string, change: (segment: Segment) => Partial<Segment>, table = 'losses'): void {
  const file = join(directory, 'tape.json');
  const manifest: Manifest = JSON.parse(readFileSync(file, 'utf8'));
  const segments = (manifest.tables.losses ?? []).map((segment) => ({ ...segment, ...change(segment) }));
  writeFileSync(file, JSON.stringify({ ...manifest, tables: { [table]: segments } }));
}

/** Gives the one segment out as one of another table. */
function moveTo(directory: string, table: string): void {
  renameSync(join(directory, 'losses'), join(directory, table));
  edit(directory, ({ path }) => ({ path: path.replace('losses', table) }), table);
}

const segmentPath = (directory: string): string => {
  const manifest: Manifest = JSON.parse(readFileSync(join(directory, 'tape.json'), 'utf8'));
  return manifest.tables.losses?.[0]?.path ?? '';
};

test('a tape as it was written is whole', async (t) => {
  const directory = await writeTinyTape(scratch(t), tables);
  assert.deepEqual(await findings(directory, scratch(t)), [
    { path: segmentPath(directory), rows: 2, problem: null },
  ]);
});

for (const [what, damage, problem] of [
  [
    'a byte more',
    (directory: string) => appendFileSync(join(directory, segmentPath(directory)), 'x'),
    /^\d+ bytes long; the manifest says \d+$/,
  ],
  [
    'a byte changed',
    (directory: string) => {
      const file = join(directory, segmentPath(directory));
      const bytes = readFileSync(file);
      bytes[10] = (bytes[10] ?? 0) ^ 1;
      writeFileSync(file, bytes);
    },
    /SHA-256 differs/,
  ],
  [
    'no file',
    (directory: string) => rmSync(join(directory, segmentPath(directory))),
    /missing, though tape.json lists it/,
  ],
  [
    'other rows',
    (directory: string) => edit(directory, () => ({ rows: 3 })),
    /^2 rows; the manifest says 3$/,
  ],
  [
    'another first time',
    (directory: string) => edit(directory, () => ({ first_time: '2026-11-22T10:00:00Z' })),
    /^first time is 2026-11-22T10:00:01.000000000Z; the manifest says 2026-11-22T10:00:00Z$/,
  ],
  [
    'another last time',
    (directory: string) => edit(directory, () => ({ last_time: '2026-11-22T10:00:03Z' })),
    /^last time is 2026-11-22T10:00:02.000000000Z; the manifest says 2026-11-22T10:00:03Z$/,
  ],
  [
    'the columns of another table',
    (directory: string) => moveTo(directory, 'recorder_health'),
    /^it has no column cpu_ns, which recorder_health has$/,
  ],
  [
    'a table that nobody knows',
    (directory: string) => moveTo(directory, 'weather'),
    /^weather is no table that this ktape knows$/,
  ],
  [
    'a file that is no Parquet file',
    (directory: string) => {
      writeFileSync(join(directory, segmentPath(directory)), 'junk');
      edit(directory, () => ({ bytes: 4, sha256: createHash('sha256').update('junk').digest('hex') }));
    },
    /^not a Parquet file that can be read \(Invalid Input Error: .*\)$/,
  ],
] as const) {
  test(`verify finds ${what}`, async (t) => {
    const directory = await writeTinyTape(scratch(t), tables);
    damage(directory);
    const [finding, ...others] = await findings(directory, scratch(t));
    assert.match(finding?.problem ?? 'nothing', problem);
    assert.deepEqual(others, []);
  });
}

test('files that the manifest does not name are named', async (t) => {
  const directory = await writeTinyTape(scratch(t), tables);
  mkdirSync(join(directory, 'spans'));
  writeFileSync(join(directory, 'spans', 'left.parquet.tmp'), '');
  const [, stray] = await findings(directory, scratch(t));
  assert.deepEqual(stray, {
    path: 'spans/left.parquet.tmp',
    rows: null,
    problem: 'not part of the tape: tape.json does not name it',
  });
});

test('a folder that may not be read is named, and is not taken for empty', {
  skip: process.geteuid?.() === 0 ? false : 'needs root, to become somebody who may not',
}, async (t) => {
  const parent = scratch(t);
  const directory = await writeTinyTape(parent, tables);
  const temporary = scratch(t);
  mkdirSync(join(directory, 'spans'), { mode: 0o700 });
  for (const folder of [parent, directory, join(directory, 'losses'), temporary]) chmodSync(folder, 0o777);
  chmodSync(join(directory, segmentPath(directory)), 0o644);
  chmodSync(join(directory, 'tape.json'), 0o644);
  process.seteuid?.(65534);
  try {
    await assert.rejects(() => findings(directory, temporary), {
      name: 'InvalidFileError',
      message: new RegExp(`^${join(directory, 'spans')}: EACCES`),
    });
  } finally {
    process.seteuid?.(0);
  }
});

test('a segment that may not be read is not called missing', {
  skip: process.geteuid?.() === 0 ? false : 'needs root, to become somebody who may not',
}, async (t) => {
  const parent = scratch(t);
  const directory = await writeTinyTape(parent, tables);
  for (const folder of [parent, directory, join(directory, 'losses')]) chmodSync(folder, 0o755);
  chmodSync(join(directory, 'tape.json'), 0o644);
  chmodSync(join(directory, segmentPath(directory)), 0o600);
  process.seteuid?.(65534);
  try {
    const [finding] = await findings(directory, parent);
    assert.match(finding?.problem ?? 'nothing', /^permission denied$/);
  } finally {
    process.seteuid?.(0);
  }
});

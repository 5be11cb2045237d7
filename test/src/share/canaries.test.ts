import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import zstd from '@foxglove/wasm-zstd';
import { tables } from '../../../src/schema/tables/index.js';
import { ktape } from '../../fixtures/answers.js';
import { scratch } from '../../scratch.js';
import { keptColumns, plant } from './canaries.js';
import { Canaries } from './canary.js';

/** `KTAPE_CANARY_SEED=… node dist/test/run.js canaries` plants the same ones again. */
const SEED = Number(process.env.KTAPE_CANARY_SEED ?? Date.now() % 1_000_000);

test('of ten thousand canaries that look like what they stand among, none is in the shared bytes', async (t) => {
  const directory = scratch(t);
  const canaries = new Canaries(SEED);
  const tape = await plant(directory, canaries);
  const { planted } = canaries;
  for (const line of plantedLines(planted)) t.diagnostic(line);
  assert.ok(planted.size >= 10_000, `${planted.size} canaries; seed ${SEED}`);
  assert.deepEqual(columnsWithout(planted), [], `seed ${SEED}`);
  const before = found(
    readdirSync(tape, { recursive: true, encoding: 'utf8' }).flatMap((path) => textsIn(tape, path)),
    planted,
  );
  assert.equal(
    before.length,
    planted.size,
    'the search finds every canary in the tape that they were planted in',
  );

  const archive = join(directory, 'shared.tape.tar');
  await ktape('share', tape, '-o', archive);
  await zstd.isLoaded;
  const left = found([...textsIn(directory, 'shared.tape.tar')], planted);
  assert.deepEqual(
    left.map((canary) => `${canary} of ${planted.get(canary)}`),
    [],
    `seed ${SEED}`,
  );
});

/** Columns with texts in which nothing was planted, though nothing says that they stay. */
function columnsWithout(planted: ReadonlyMap<string, string>): string[] {
  const kept = keptColumns();
  const places = new Set([...planted.values()].map((where) => where.split(' ')[0]));
  return tables
    .flatMap(({ name, columns }) => Object.keys(columns).map((column) => `${name}.${column}`))
    .filter((column) => !column.endsWith('.node') && !kept.has(column) && !places.has(column));
}

/** How many were planted where, a line each; then what stays and why. */
function plantedLines(planted: ReadonlyMap<string, string>): string[] {
  const counts = new Map<string, number>();
  for (const where of planted.values()) counts.set(where, (counts.get(where) ?? 0) + 1);
  return [
    `seed ${SEED}`,
    ...[...counts].map(([where, count]) => `${where}: ${count}`),
    ...[...keptColumns()].map(([column, because]) => `${column} stays: ${because}`),
  ];
}

/** Which of the words occur in the texts, in any case of letters: each place is looked up by its first eight characters. */
function found(texts: readonly string[], words: ReadonlyMap<string, string>): string[] {
  const byStart = new Map<string, string[]>();
  for (const word of words.keys()) {
    const start = word.slice(0, 8).toLowerCase();
    byStart.set(start, [...(byStart.get(start) ?? []), word]);
  }
  const hits = new Set<string>();
  for (const text of texts.map((each) => each.toLowerCase())) {
    for (let at = 0; at + 6 <= text.length; at++) {
      for (const word of byStart.get(text.slice(at, at + 8)) ?? [])
        if (text.startsWith(word.toLowerCase(), at)) hits.add(word);
    }
  }
  return [...hits];
}

/** A file's name, its bytes, and what each ZSTD frame in it holds. */
function textsIn(directory: string, path: string): string[] {
  let bytes: Buffer;
  try {
    bytes = readFileSync(join(directory, path));
  } catch {
    return [path]; // A directory.
  }
  const texts = [path, bytes.toString('latin1')];
  const magic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
  for (let at = bytes.indexOf(magic); at >= 0; at = bytes.indexOf(magic, at + 4)) {
    texts.push(zstd.decompress(bytes.subarray(at, frameEnd(bytes, at)), 64 << 20).toString('latin1'));
  }
  return texts;
}

/** Where a ZSTD frame ends: after its header come blocks, each with its length, the last one marked. See RFC 8878. */
function frameEnd(bytes: Buffer, start: number): number {
  const descriptor = bytes[start + 4] ?? 0;
  const isSingle = (descriptor & 0x20) !== 0;
  const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  let at = start + 5 + (isSingle ? 0 : 1) + ([0, 1, 2, 4][descriptor & 3] ?? 0) + sizeBytes;
  for (let isLast = false; !isLast; ) {
    const header = bytes.readUIntLE(at, 3);
    isLast = (header & 1) === 1;
    at += 3 + ((header >> 1) & 3 ? (((header >> 1) & 3) === 1 ? 1 : header >> 3) : header >> 3);
  }
  return at + (descriptor & 4 ? 4 : 0);
}

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repository } from '../../repository.js';

const LINES = readFileSync(join(repository, 'capture/deploy/Dockerfile'), 'utf8').split('\n');

/** What stands after this instruction, in each of its lines. */
function after(instruction: string): string[] {
  return LINES.filter((line) => line.startsWith(`${instruction} `)).map((line) =>
    line.slice(instruction.length + 1),
  );
}

test('it builds by the scripts of the project, and runs as a user without privileges', () => {
  assert.deepEqual(after('FROM'), ['node:20-slim AS build', 'node:20-slim']);
  const scripts = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')).scripts;
  assert.ok(after('RUN').includes('sh .ci/setup && npm run build && npm prune --omit=dev'));
  assert.ok('build' in scripts && existsSync(join(repository, '.ci/setup')));
  assert.deepEqual(after('USER'), ['65532:65532']);
});

test('what it copies is what the build makes', () => {
  const copied = after('COPY').flatMap((line) => /^--from=build \/ktape\/(\S+) /.exec(line)?.[1] ?? []);
  assert.deepEqual(copied, [
    'package.json',
    'node_modules',
    'queries',
    'dist/bpf',
    'dist/src',
    'dist/capture',
  ]);
  // dist/bpf is not built where there is no clang.
  for (const path of copied) assert.ok(existsSync(join(repository, path)) || path === 'dist/bpf', path);
});

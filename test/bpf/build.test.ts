import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repository } from '../repository.js';
import { scratch } from '../scratch.js';

test('without a compiler the build says what is missing and succeeds', (t) => {
  const bin = scratch(t);
  symlinkSync('/usr/bin/dirname', join(bin, 'dirname'));
  const { status, stderr } = spawnSync('/bin/sh', ['bpf/build.sh'], {
    cwd: repository,
    env: { PATH: bin },
    encoding: 'utf8',
  });
  assert.equal(
    stderr,
    'bpf: clang is missing, so kernel probes are not built (Debian: apt install clang libbpf-dev)\n',
  );
  assert.equal(status, 0);
});

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { repository } from '../../repository.js';
import { scratch } from '../../scratch.js';
import { startCluster } from './cluster.js';

const MAIN = join(repository, 'dist/src/cli/main.js');

test('a process that fetched nothing leaves nothing and says why in one line', async (t) => {
  const directory = scratch(t);
  const output = join(directory, 'all.tape');
  const kubeconfig = await startCluster(t, directory, [{ name: 'a', phase: 'Pending', tape: 404 }]);
  const child = spawn(process.execPath, [MAIN, 'collect', '-o', output, '--kubeconfig', kubeconfig]);
  const [said, exit] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  assert.deepEqual(exit, [1, null]);
  assert.deepEqual(said.trim().split('\n'), [
    'a on node-of-a: NOT FETCHED, the pod is Pending; a tape is read from a running one',
    'ktape: no tape could be fetched of 1 pod',
  ]);
  assert.ok(!existsSync(output));
});

test('which kubeconfig is missing is said', async (t) => {
  const directory = scratch(t);
  const said = async (env: NodeJS.ProcessEnv, ...options: readonly string[]) => {
    const args = [MAIN, 'collect', '-o', join(directory, 'all.tape'), ...options];
    const child = spawn(process.execPath, args, { env: { ...process.env, HOME: directory, ...env } });
    return text(child.stderr);
  };
  assert.equal(
    await said({ KUBECONFIG: '' }),
    'ktape: no kubeconfig found: neither --kubeconfig nor KUBECONFIG names one, and there is no ~/.kube/config\n',
  );
  assert.equal(
    await said({ KUBECONFIG: '/none/config' }),
    'ktape: KUBECONFIG /none/config: no such file or directory\n',
  );
  assert.equal(
    await said({}, '--kubeconfig', '/none/config'),
    'ktape: --kubeconfig /none/config: no such file or directory\n',
  );
});

test('Ctrl-C while a pod is slow ends with status 130 and leaves nothing behind', async (t) => {
  const directory = scratch(t);
  const output = join(directory, 'all.tape');
  const slow = () => spawn('sleep', ['60'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const kubeconfig = await startCluster(t, directory, [{ name: 'slow', tape: slow }]);
  const args = [MAIN, 'collect', '-o', output, '--kubeconfig', kubeconfig];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  while (!existsSync(output)) await setTimeout(20);
  // By now it most likely waits for the pod; before it does, the outcome is the same.
  await setTimeout(200);
  child.kill('SIGINT');
  assert.deepEqual(await once(child, 'exit'), [130, null]);
  assert.ok(!existsSync(output));
});

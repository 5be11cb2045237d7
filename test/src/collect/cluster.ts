import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { stringify } from 'yaml';
import { Admission } from '../../../fixtures/lab/api_server/admission.js';
import { type ExecRequest, serveExec } from '../../../fixtures/lab/api_server/exec.js';
import { ApiServer } from '../../../fixtures/lab/api_server/http.js';
import { Store } from '../../../fixtures/lab/api_server/store.js';

/** A pod of a cluster: the directory that it has as /tape, or how an exec in it goes wrong. */
export interface TestPod {
  readonly name: string;
  readonly phase?: string;
  readonly tape: string | number | ((command: readonly string[]) => ChildProcess);
}

/** Starts an API server with these pods in the namespace ktape until the test ends; returns a kubeconfig's path. */
export async function startCluster(
  t: TestContext,
  directory: string,
  pods: readonly TestPod[],
): Promise<string> {
  const store = new Store();
  for (const { name, phase = 'Running' } of pods) {
    store.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'ktape', labels: { 'app.kubernetes.io/name': 'ktape' } },
      spec: { nodeName: `node-of-${name}`, containers: [{ name: 'recorder', image: 'ktape' }] },
      status: { phase },
    });
  }
  const server = createServer(
    new ApiServer(store, new Admission('10.180.0.0/16'), new Set(['secret'])).listener(false),
  );
  serveExec(server, (request) => inPod(pods, request));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const kubeconfig = join(directory, 'kubeconfig');
  const cluster = { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true };
  const config = {
    clusters: [{ name: 'lab', cluster }],
    users: [{ name: 'lab', user: { token: 'secret' } }],
    contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'lab' } }],
    'current-context': 'lab',
  };
  writeFileSync(kubeconfig, stringify(config));
  return kubeconfig;
}

/** Runs the command on this machine, with the pod's directory in the place of /tape. */
function inPod(pods: readonly TestPod[], { pod, container, command }: ExecRequest): ChildProcess | number {
  const tape = pods.find(({ name }) => name === pod)?.tape ?? 404;
  if (typeof tape === 'number') return tape;
  if (container !== 'recorder') return 400;
  if (typeof tape === 'function') return tape(command);
  const [program = '', ...args] = command.map((word) => (word === '/tape' ? tape : word));
  return spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
}

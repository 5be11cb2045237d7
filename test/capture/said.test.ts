import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { scratch } from '../scratch.js';
import { CLUSTER_ONLY, startRecorder } from './recorder_process.js';

test('what an API server says is shown, and not acted on by the terminal', async (t) => {
  const server = createServer((_request, response) => {
    response.writeHead(403, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ message: 'no\u001b]0;title\u0007\nrecording node x' }));
  });
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const kubeconfig = join(scratch(t), 'kubeconfig');
  const config = {
    clusters: [
      { name: 'c', cluster: { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } },
    ],
    users: [{ name: 'u', user: { token: 'secret' } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  writeFileSync(kubeconfig, JSON.stringify(config));
  const out = join(scratch(t), 'tape');
  const recorder = startRecorder(t, ['--out', out, ...CLUSTER_ONLY, '--kubernetes', kubeconfig]);
  await recorder.says(/^Pod objects are not recorded: .* 403 no\\u001b\]0;title\\u0007\\nrecording node x$/);
});

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ktape } from '../../fixtures/answers.js';
import { repository } from '../../repository.js';
import { scratch } from '../../scratch.js';
import { writeSampleTape } from '../cli/sample_tape.js';
import { writeRandomTape } from './random_tape.js';
import { samePolicies, sameRows, share } from './same_answers.js';

const SEED = Number(process.env.KTAPE_SHARE_SEED ?? Date.now() % 1_000_000);
const RANDOM_TAPES = Number(process.env.KTAPE_SHARE_TAPES ?? 1);

const PORTS = [80, 5432, 50051];

/** Makes a tape in a directory, or tells where one is. */
type Maker = (directory: string) => Promise<string> | string;

test('every question has the same answer on a tape and on what is shared of it', async (t) => {
  const known: readonly Maker[] = [
    () => join(repository, 'fixtures/tapes/checkout-outage.tape'),
    writeSampleTape,
    importedTape,
  ];
  const random = Array.from(
    { length: RANDOM_TAPES },
    (_, i): Maker =>
      (directory) =>
        writeRandomTape(directory, SEED + i),
  );
  const rows = new Map<string, number>();
  for (const make of [...known, ...random]) {
    const directory = scratch(t);
    const tape = await share(await make(directory), directory);
    for (const [question, count] of await sameRows(tape, directory))
      rows.set(question, count + (rows.get(question) ?? 0));
    const decided = await samePolicies(tape, directory, PORTS);
    t.diagnostic(`${tape.original}: ${decided} connections allowed or denied`);
  }
  assert.deepEqual(
    [...rows].filter(([, count]) => count === 0),
    [],
    `seed ${SEED}: questions without any answer`,
  );
});

/** What Hubble exports of a dropped SYN, imported with the manifests of its cluster. */
async function importedTape(directory: string): Promise<string> {
  const lines = [40000, 40001].map((port, i) =>
    JSON.stringify({
      flow: {
        time: `2026-11-22T10:00:0${i}.000000006Z`,
        verdict: 'DROPPED',
        drop_reason: 133,
        drop_reason_desc: 'POLICY_DENIED',
        IP: { source: '10.0.0.1', destination: '10.0.0.2', ipVersion: 'IPv4' },
        l4: { TCP: { source_port: port, destination_port: 5432, flags: { SYN: true } } },
        source: { namespace: 'shop', labels: ['k8s:app=web'], pod_name: 'web-1' },
        destination: { namespace: 'shop', labels: ['k8s:app=db'], pod_name: 'db-1' },
        Type: 'L3_L4',
        event_type: { type: 1 },
        traffic_direction: 'INGRESS',
        is_reply: false,
      },
      node_name: 'prod/node-1',
    }),
  );
  const file = join(directory, 'hubble.jsonl');
  writeFileSync(file, lines.join('\n'));
  const manifests = join(directory, 'cluster.yaml');
  writeFileSync(manifests, CLUSTER);
  const tape = join(directory, 'imported.tape');
  await ktape('import', 'hubble', file, '--kubernetes', manifests, '-o', tape);
  return tape;
}

const CLUSTER = `
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: shop, labels: {app: web}}
status: {podIP: 10.0.0.1}
---
apiVersion: v1
kind: Pod
metadata: {name: db-1, namespace: shop, labels: {app: db}}
status: {podIP: 10.0.0.2}
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: db-in, namespace: shop}
spec:
  endpointSelector: {matchLabels: {app: db}}
  ingress: [{fromEndpoints: [{matchLabels: {app: api}}]}]
`;

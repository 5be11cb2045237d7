import assert from 'node:assert/strict';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { assertGolden } from '../../../golden.js';
import { repository } from '../../../repository.js';
import { scratch } from '../../../scratch.js';
import { type Outcome, runCaptured } from '../captured_terminal.js';

/** A real recording: between 21:04:19.965 and 21:04:31.966 an edited policy keeps checkout from payment. */
const TAPE = join(repository, 'fixtures/tapes/checkout-outage.tape');

const workload = (name: string, more = '') =>
  `{kind: Deployment, apiVersion: apps/v1, metadata: {namespace: shop, name: ${name}}, spec: {template: {metadata: {labels: {app: ${name}}}, spec: {${more}}}}}`;
const MANIFESTS = [
  workload('web'),
  workload('db'),
  workload('agent', 'hostNetwork: true'),
  `
kind: NetworkPolicy
apiVersion: networking.k8s.io/v1
metadata: {namespace: shop, name: db}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]`,
  `
kind: CiliumNetworkPolicy
apiVersion: cilium.io/v2
metadata: {namespace: shop, name: web}
spec:
  endpointSelector: {matchLabels: {app: web}}
  ingress: [{fromEndpoints: [{matchLabels: {app: db}}], toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{method: GET}]}}]}]`,
  '{kind: NetworkPolicy, apiVersion: networking.k8s.io/v1, metadata: {namespace: shop, name: bad}, spec: {podSelector: {}, ingress: [{ports: [{port: 0}]}]}}',
].join('\n---\n');

/**
 * Runs `ktape policy …`; MANIFESTS stands for a file with those above, TAPE for the kept tape. Both are named from the
 * folder that they are in, so that titles wrap alike wherever that is.
 */
async function policy(t: TestContext, line: string, text = MANIFESTS): Promise<Outcome> {
  const temporary = scratch(t);
  writeFileSync(join(temporary, 'manifests.yaml'), text);
  symlinkSync(TAPE, join(temporary, 'incident.tape'));
  process.chdir(temporary);
  t.after(() => process.chdir(repository));
  const names: Readonly<Record<string, string>> = { MANIFESTS: 'manifests.yaml', TAPE: 'incident.tape' };
  const args = line.split(' ').map((word) => names[word] ?? word);
  return runCaptured(['policy', ...args], { temporary, width: 80 });
}

async function golden(t: TestContext, name: string, line: string): Promise<void> {
  const { status, stdout, stderr } = await policy(t, line);
  assertGolden(
    `test/src/cli/goldens/${name}.txt`,
    `status ${status}\n-- stdout\n${stdout}\n-- stderr\n${stderr}`,
  );
}

test('help fits 80 columns', async (t) => {
  for (const name of ['matrix', 'diff', 'suggest']) {
    const { status, stdout } = await policy(t, `${name} --help`);
    assert.equal(status, 0);
    assert.deepEqual(
      stdout.split('\n').filter((line) => line.length > 80),
      [],
    );
    assertGolden(`test/src/cli/goldens/help-policy-${name}.txt`, stdout);
  }
});

for (const [name, line] of [
  ['policy-matrix', 'matrix MANIFESTS'],
  ['policy-matrix-json', 'matrix MANIFESTS --format json'],
  ['policy-matrix-csv', 'matrix MANIFESTS --format csv'],
  ['policy-matrix-svg', 'matrix MANIFESTS --format svg'],
  ['policy-matrix-tape', 'matrix TAPE --at 2026-11-22T21:04:25Z'],
  ['policy-diff', 'diff TAPE --since 2026-11-22T21:04:15Z --until 2026-11-22T21:04:25Z'],
  ['policy-diff-same', 'diff TAPE --since 2026-11-22T21:04:15Z --until 2026-11-22T21:04:35Z'],
  ['policy-diff-json', 'diff TAPE --since 2026-11-22T21:04:25Z --until 2026-11-22T21:04:35Z --format json'],
  ['policy-diff-csv', 'diff TAPE --since 2026-11-22T21:04:15Z --until 2026-11-22T21:04:25Z --format csv'],
  ['policy-suggest', 'suggest TAPE'],
  ['policy-suggest-json', 'suggest TAPE --format json'],
] as const) {
  test(`ktape policy ${line}`, (t) => golden(t, name, line));
}

test('many ends make a list: what is not in it is denied', async (t) => {
  const many = Array.from({ length: 17 }, (_, i) => workload(`w${i}`)).join('\n---\n');
  const deny =
    '{kind: NetworkPolicy, apiVersion: networking.k8s.io/v1, metadata: {namespace: shop, name: deny}, spec: {podSelector: {}, policyTypes: [Ingress]}}';
  const { stdout } = await policy(t, 'matrix MANIFESTS', `${many}\n---\n${deny}`);
  const lines = stdout.split('\n');
  assert.deepEqual(lines.slice(0, 6), [
    'Who may talk to whom in manifests.yaml',
    '',
    '18 ends are too many for a grid here: --namespace NAME, or --format svg or csv.',
    '',
    'from      to                 on',
    'shop/w0   outside 0.0.0.0/0  all',
  ]);
  assert.equal(lines.at(-2), '289 other pairs of 306: nothing is allowed.');
});

test('a list has a line for all that a source may reach on the same ports', async (t) => {
  const names = Array.from({ length: 16 }, (_, i) => `w${i}`);
  const only = {
    kind: 'NetworkPolicy',
    apiVersion: 'networking.k8s.io/v1',
    metadata: { namespace: 'shop', name: 'only' },
    spec: {
      podSelector: {},
      ingress: [{ from: [{ podSelector: { matchLabels: { app: 'w0' } } }], ports: [{ port: 80 }] }],
    },
  };
  const text = [...names.map((name) => workload(name)), JSON.stringify(only)].join('\n---\n');
  const { stdout } = await policy(t, 'matrix MANIFESTS', text);
  const [, , , , , ...lines] = stdout.split('\n');
  assert.deepEqual(lines.slice(0, 6), [
    'shop/w0   shop/w1, shop/w10, shop/w11, shop/w12, shop/w13, shop/w14,      TCP 80',
    '          shop/w15, shop/w2, shop/w3, shop/w4, shop/w5, shop/w6,',
    '          shop/w7, shop/w8, shop/w9',
    'shop/w0   outside 0.0.0.0/0                                               all',
    'shop/w1   outside 0.0.0.0/0                                               all',
    'shop/w10  outside 0.0.0.0/0                                               all',
  ]);
});

test('a matrix of some namespaces has the others that they may talk to', async (t) => {
  const other = MANIFESTS.replace(
    'namespace: shop, name: web}, spec: {template',
    'namespace: prod, name: web}, spec: {template',
  );
  const { stdout } = await policy(
    t,
    'matrix MANIFESTS --namespace prod --format csv',
    `${workload('web')}\n---\n${other}`,
  );
  assert.deepEqual(
    stdout.split('\r\n').map((line) => line.split(',').slice(0, 3).join(' ')),
    [
      'source destination allowed',
      'prod/web shop/db none',
      'prod/web shop/web none',
      'prod/web outside 0.0.0.0/0 all',
      'shop/db prod/web all',
      'shop/web prod/web all',
      'outside 0.0.0.0/0 prod/web all',
      '',
    ],
  );
});

test('what cannot be asked is said with what there is instead', async (t) => {
  const range = 'outside the recording, which is from 2026-11-22T21:04:09.957Z to 2026-11-22T21:04:40.51Z';
  for (const [line, message] of [
    [
      'matrix MANIFESTS --namespace shp',
      'namespace "shp" has no pods (did you mean shop?); there are pods in shop',
    ],
    ['matrix TAPE --at 2026-11-22T22:00:00Z', `--at 2026-11-22T22:00:00Z: ${range}`],
    [
      'diff TAPE --since 2026-11-22T21:00:00Z --until 2026-11-22T21:04:30Z',
      `--since 2026-11-22T21:00:00Z: ${range}`,
    ],
    [
      'diff TAPE --since 2026-11-22T21:04:30Z --until 2026-11-22T21:04:30Z',
      '--since 2026-11-22T21:04:30Z is not before --until 2026-11-22T21:04:30Z',
    ],
    [
      'diff TAPE --since 2026-11-22T21:04:15Z --until noon',
      '--until "noon" is not a time; expected one like 2026-11-22T10:15:30.5Z',
    ],
    ['suggest TAPE --port 0', '--port 0: expected a port from 1 to 65535'],
    ['suggest TAPE --port 65536', '--port 65536: expected a port from 1 to 65535'],
    ['suggest TAPE --port http', '--port http: expected a port from 1 to 65535'],
  ] as const) {
    assert.deepEqual(await policy(t, line), { status: 2, stdout: '', stderr: `ktape: ${message}\n` }, line);
  }
  const diff = await policy(t, 'diff MANIFESTS --since 2026-11-22 --until 2026-11-23');
  assert.deepEqual([diff.status, diff.stdout], [2, '']);
  const unknown = await policy(t, 'suggest TAPE --to shop/paymntservice');
  assert.equal(unknown.status, 1);
  assert.match(
    unknown.stderr,
    /^ktape: nothing is named "shop\/paymntservice" \(did you mean shop\/paymentservice\?\)/,
  );
  const suggest = await policy(t, 'suggest MANIFESTS');
  assert.deepEqual([suggest.status, suggest.stdout], [1, '']);
});

test('suggestions are of the flows that are asked for', async (t) => {
  const count = async (options: string) => {
    const { stdout } = await policy(t, `suggest TAPE --format json ${options}`);
    return JSON.parse(stdout).suggestions.length;
  };
  assert.equal(await count('--from shop/checkoutservice --to shop/paymentservice --port 50051'), 1);
  assert.equal(await count('--from shop/checkoutservice[Deployment]'), 1);
  assert.equal(await count('--from shop/frontend'), 0);
  assert.equal(await count('--to shop/frontend'), 0);
  assert.equal(await count('--port 80'), 0);
  assert.equal(await count('--all'), 1);
  const { stdout } = await policy(t, 'suggest TAPE --port 80');
  assert.match(
    stdout,
    /^# Nothing to suggest\.\n# None of the \d+ connections? that policies dropped fits; there is\n# shop\/checkoutservice/,
  );
});

test('nothing from manifests reaches a terminal, a page or a picture as it is', async (t) => {
  const hostile = `${workload('web')}\n---\n${JSON.stringify({
    kind: 'Deployment',
    apiVersion: 'apps/v1',
    metadata: { namespace: 'shop', name: 'a\u001b[2J<script>"\'&</svg>' },
    spec: { template: {} },
  })}`;
  for (const format of ['table', 'json', 'csv', 'svg']) {
    const { stdout, stderr } = await policy(t, `matrix MANIFESTS --format ${format}`, hostile);
    assert.doesNotMatch(stdout + stderr, /[^\r\n\P{Cc}]/u, format);
    if (format === 'svg') assert.doesNotMatch(stdout, /<script|<\/svg>[^\n]/);
  }
});

test('kinds that were not recorded are named beside a picture and a table for machines', async (t) => {
  const temporary = scratch(t);
  const [file, tape] = [join(temporary, 'manifests.yaml'), join(temporary, 'manifests.tape')];
  writeFileSync(file, MANIFESTS);
  await runCaptured(['import', 'kubernetes', file, '-o', tape], { temporary });
  const { stderr } = await runCaptured(['policy', 'matrix', tape, '--format', 'csv'], { temporary });
  assert.match(
    stderr,
    /^Not recorded, taken to be absent: 6 other kinds of policy \(Admin…, Cilium…, Calico…\)\.$/m,
  );
});

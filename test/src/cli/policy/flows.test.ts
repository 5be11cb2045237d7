import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { repository } from '../../../repository.js';
import { scratch } from '../../../scratch.js';
import { runCaptured } from '../captured_terminal.js';
import { writeSampleTape } from '../sample_tape.js';

const MANIFESTS = `
{kind: Pod, apiVersion: v1, metadata: {namespace: shop, name: web}, status: {podIP: 10.0.0.1}}
---
{kind: Pod, apiVersion: v1, metadata: {namespace: shop, name: db, labels: {app: db}}, status: {podIP: 10.0.0.2}}
---
{kind: NetworkPolicy, apiVersion: networking.k8s.io/v1, metadata: {namespace: shop, name: p}, spec: {podSelector: {matchLabels: {app: db}}, ingress: [{ports: [{port: 5432}]}]}}
---
{kind: NetworkPolicy, apiVersion: networking.k8s.io/v1, metadata: {namespace: other, name: bad}, spec: {podSelector: 7}}
`;

const FREE = '{"verdict":"allowed","policies":[],"why":"no policy isolates the source pod"}';
const ALLOWED = `{"verdict":"allowed","egress":${FREE},"ingress":{"verdict":"allowed","policies":[{"kind":"NetworkPolicy","namespace":"shop","name":"p","effect":"allows","rule":0,"why":"ingress rule 0 allows everything on TCP 5432"}]}}`;
const DENIED = `{"verdict":"denied","egress":${FREE},"ingress":{"verdict":"denied","policies":[{"kind":"NetworkPolicy","namespace":"shop","name":"p","effect":"isolates","rule":0,"why":"ingress rule 0 allows only TCP 5432, the connection is to TCP 80"}]}}`;

function manifests(directory: string): string {
  const file = join(directory, 'manifests.yaml');
  writeFileSync(file, MANIFESTS);
  return file;
}

/** The lines that come of these lines, from standard input. */
async function judged(t: TestContext, lines: readonly string[], end = '\n'): Promise<string[]> {
  const temporary = scratch(t);
  const input = lines.join('\n') + end;
  const { status, stdout } = await runCaptured(['policy', 'explain', manifests(temporary), '--flows', '-'], {
    temporary,
    input,
  });
  assert.equal(status, 0);
  assert.equal(stdout.at(-1), '\n');
  return stdout.slice(0, -1).split('\n');
}

const flow = (more: object) =>
  JSON.stringify({ from: 'shop/web', to: 'shop/db', port: 5432, protocol: 'TCP', ...more });

test('a line in, a line out, in order', async (t) => {
  const lines = [
    flow({}),
    flow({ port: 80 }),
    flow({ to: '10.0.0.2', port: '5432', protocol: 'tcp' }),
    flow({ port: 80 }),
  ];
  assert.deepEqual(await judged(t, lines), [ALLOWED, DENIED, ALLOWED, DENIED]);
  assert.deepEqual(await judged(t, lines, ''), [ALLOWED, DENIED, ALLOWED, DENIED]);
});

test('verdict, egress and ingress of a line are those of --format json', async (t) => {
  const temporary = scratch(t);
  const args = [
    'policy',
    'explain',
    manifests(temporary),
    '--from',
    'shop/web',
    '--to',
    'shop/db',
    '--port',
    '80',
  ];
  const { stdout } = await runCaptured([...args, '--format', 'json'], { temporary });
  const { verdict, egress, ingress } = JSON.parse(stdout);
  assert.deepEqual({ verdict, egress, ingress }, JSON.parse(DENIED));
});

test('a bad line gives its error in its place', async (t) => {
  const example = 'expected {"from":"shop/web","to":"shop/db","port":5432,"protocol":"TCP"}';
  const wrong: [string, string | RegExp][] = [
    ['{"from"', /^not JSON \(.*\); expected \{"from"/],
    ['', /^not JSON \(/],
    ['[1]', `not an object; ${example}`],
    [flow({ from: undefined }), `from is missing; ${example}`],
    [flow({ to: undefined }), `to is missing; ${example}`],
    [flow({ to: 7 }), 'to is 7; expected text'],
    [flow({ dport: 1 }), 'unknown field "dport"; expected from, to, port, protocol, at'],
    [flow({ port: undefined }), 'port is missing: TCP needs one'],
    [flow({ port: 70000 }), 'port 70000 is out of range; expected 1 to 65535 or the name of a port'],
    [flow({ port: [80] }), 'port is [80]; expected a number or the name of a port'],
    [flow({ protocol: 'TPC' }), /^protocol "TPC" is not known/],
    [
      flow({ from: 'shop/wbe' }),
      'nothing is named "shop/wbe" (did you mean shop/web?); namespace shop has db, web',
    ],
    [
      flow({ at: '2026-01-01' }),
      'at 2026-01-01: manifests have no times; only a tape can be asked about one',
    ],
  ];
  const answers = await judged(
    t,
    wrong.flatMap(([line]) => [line, flow({})]),
  );
  wrong.forEach(([line, expected], i) => {
    const { error } = JSON.parse(answers[2 * i] ?? '');
    if (typeof expected === 'string') assert.equal(error, expected);
    else assert.match(error, expected, line);
    assert.equal(answers[2 * i + 1], ALLOWED);
  });
});

test('a line without end is refused and the next is read', async (t) => {
  const endless = `{"from":"${'x'.repeat(1 << 20)}`;
  assert.deepEqual(await judged(t, [endless, flow({}), endless], ''), [
    '{"error":"the line is longer than 1048576 characters"}',
    ALLOWED,
    '{"error":"the line is longer than 1048576 characters"}',
  ]);
});

test('protocols without ports, and no protocol: TCP', async (t) => {
  const [icmp, tcp] = await judged(t, [
    flow({ protocol: 'ICMP', port: null, to: 'shop/web' }),
    flow({ protocol: undefined }),
  ]);
  assert.equal(JSON.parse(icmp ?? '').verdict, 'allowed');
  assert.equal(tcp, ALLOWED);
});

test('of a tape, each line at its own time or at that of --at', async (t) => {
  const temporary = scratch(t);
  const tape = await writeSampleTape(temporary);
  const file = join(temporary, 'flows.ndjson');
  const pods = { from: 'shop/web-0', to: 'shop/db-0' };
  const times = [undefined, '2026-11-22T10:00:02Z', '2026-11-22T10:00:04Z', '2026-11-22T11:00:00Z'];
  writeFileSync(file, times.map((at) => `${flow({ ...pods, at })}\n`).join(''));
  const verdicts = async (...options: string[]) => {
    const { stdout } = await runCaptured(['policy', 'explain', tape, '--flows', file, ...options], {
      temporary,
    });
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).verdict ?? JSON.parse(line).error);
  };
  const outside =
    'at 2026-11-22T11:00:00Z: outside the recording, which is from 2026-11-22T10:00:00Z to 2026-11-22T10:01:00Z';
  assert.deepEqual(await verdicts(), ['denied', 'allowed', 'denied', outside]);
  assert.deepEqual(await verdicts('--at', '2026-11-22T10:00:01Z'), ['allowed', 'allowed', 'denied', outside]);
});

test('what is left out is said once, on standard error', async (t) => {
  const temporary = scratch(t);
  const { stderr } = await runCaptured(['policy', 'explain', manifests(temporary), '--flows', '-'], {
    temporary,
  });
  assert.equal(
    stderr,
    'NetworkPolicy other/bad is left out of the answer: spec.podSelector is not a label selector.\n',
  );
  const tape = await writeSampleTape(temporary);
  const ofTape = await runCaptured(['policy', 'explain', tape, '--flows', '-'], { temporary });
  assert.equal(
    ofTape.stderr,
    'Not recorded, taken to be absent: 7 other kinds of policy (Admin…, Cilium…, Calico…).\n',
  );
});

test('a reader that has had enough is no failure', { timeout: 60_000 }, async (t) => {
  const directory = scratch(t);
  const file = join(directory, 'flows.ndjson');
  writeFileSync(file, Array.from({ length: 60_000 }, (_, i) => `${flow({ port: 1 + i })}\n`).join(''));
  const main = join(repository, 'dist/src/cli/main.js');
  const child = spawn(process.execPath, [main, 'policy', 'explain', manifests(directory), '--flows', file]);
  t.after(() => child.kill('SIGKILL'));
  const stderr = text(child.stderr);
  const exit = once(child, 'exit');
  await once(child.stdout, 'data');
  child.stdout.destroy();
  assert.deepEqual([(await exit)[0], (await stderr).split('\n').length], [0, 2]);
});

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { assertGolden } from '../../../golden.js';
import { scratch } from '../../../scratch.js';
import { observed, writeTinyTape } from '../../../tiny_tape.js';
import { type Outcome, runCaptured } from '../captured_terminal.js';
import { writeSampleTape } from '../sample_tape.js';

const WORKLOADS = `
{kind: Deployment, apiVersion: apps/v1, metadata: {namespace: shop, name: web}, spec: {template: {metadata: {labels: {app: web}}}}}
---
{kind: Deployment, apiVersion: apps/v1, metadata: {namespace: shop, name: db}, spec: {template: {metadata: {labels: {app: db}}}}}
`;
const POLICY = `
kind: NetworkPolicy
apiVersion: networking.k8s.io/v1
metadata: {namespace: shop, name: db-ingress}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress: [{from: [{podSelector: {matchLabels: {app: webb}}}], ports: [{port: 5432}]}]
`;
const BAD_POLICY = `
kind: NetworkPolicy
apiVersion: networking.k8s.io/v1
metadata: {namespace: shop, name: bad}
spec: {podSelector: {}, ingress: [{ports: [{port: 70000}]}]}
`;

/** Runs `ktape policy explain` on files of these contents, in a directory, or on the one that is named. */
async function explained(
  t: TestContext,
  files: Record<string, string>,
  line: string,
  input?: string,
): Promise<Outcome> {
  const temporary = scratch(t);
  const directory = join(temporary, 'manifests');
  mkdirSync(directory);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  const surroundings = { temporary, width: 80, ...(input === undefined ? {} : { input }) };
  const args = ['policy', 'explain', ...line.split(' ').map((word) => word.replace('DIR', directory))];
  const { status, stdout, stderr } = await runCaptured(args, surroundings);
  return { status, stdout: stdout.replaceAll(directory, 'DIR'), stderr: stderr.replaceAll(directory, 'DIR') };
}

async function ofSampleTape(t: TestContext, line: string): Promise<Outcome> {
  const temporary = scratch(t);
  const tape = await writeSampleTape(temporary);
  return runCaptured(['policy', 'explain', tape, ...line.split(' ')], { temporary, width: 80 });
}

const PAIR = '--from shop/web --to shop/db --port 5432';
const PAIR_OF_PODS = '--from shop/web-0 --to shop/db-0 --port 5432';

test('help', async (t) => {
  for (const [name, line] of [
    ['help-policy', 'policy --help'],
    ['help-policy-explain', 'policy explain --help'],
  ] as const) {
    const { status, stdout, stderr } = await runCaptured(line.split(' '), {
      temporary: scratch(t),
      width: 80,
    });
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
    assert.deepEqual(
      stdout.split('\n').filter((one) => one.length > 80),
      [],
    );
    assertGolden(`test/src/cli/goldens/${name}.txt`, stdout);
  }
});

test('manifests: the verdict first, each direction with its policies and clauses, then what is left out', async (t) => {
  const files = { 'a.yaml': WORKLOADS, 'b.yaml': POLICY, 'c.yaml': BAD_POLICY };
  assert.deepEqual(await explained(t, files, `DIR ${PAIR}`), {
    status: 0,
    stdout: `denied: shop/web to shop/db on TCP 5432

egress: allowed
  no policy isolates the source pod

ingress: denied
  NetworkPolicy shop/db-ingress isolates: ingress rule 0 allows pods app=webb,
  the source pod has app=web

NetworkPolicy shop/bad is left out of the answer: spec.ingress[0].ports[0].port
is 70000, not 1 to 65535 or the name of a port.
`,
    stderr: '',
  });
});

test('manifests: a file as well as a directory, and the answer as JSON', async (t) => {
  const files = { 'all.yaml': `${WORKLOADS}---${POLICY}` };
  const { status, stdout } = await explained(t, files, `DIR/all.yaml ${PAIR} --format json`);
  assert.equal(status, 0);
  assert.deepEqual(JSON.parse(stdout), {
    verdict: 'denied',
    dataPlane: 'kubernetes',
    egress: { verdict: 'allowed', policies: [], why: 'no policy isolates the source pod' },
    ingress: {
      verdict: 'denied',
      policies: [
        {
          kind: 'NetworkPolicy',
          namespace: 'shop',
          name: 'db-ingress',
          effect: 'isolates',
          rule: 0,
          why: 'ingress rule 0 allows pods app=webb, the source pod has app=web',
        },
      ],
    },
    notes: [],
  });
});

test('manifests: a port that only the service of the pods has is said to be of that one', async (t) => {
  const db = (ports: string) => `
{kind: Pod, apiVersion: v1, metadata: {namespace: shop, name: db-0, labels: {app: db}}, spec: {containers: [{ports: [${ports}]}]}, status: {podIP: 10.0.0.2}}
---
{kind: Service, apiVersion: v1, metadata: {namespace: shop, name: db}, spec: {selector: {app: db}, ports: [{port: 80, targetPort: 8080}, {port: 9000}]}}
---
{kind: Pod, apiVersion: v1, metadata: {namespace: shop, name: web}, status: {podIP: 10.0.0.1}}`;
  const notes = async (ports: string, line: string) => {
    const { stdout } = await explained(
      t,
      { 'a.yaml': db(ports) },
      `DIR --from shop/web --format json ${line}`,
    );
    return JSON.parse(stdout).notes;
  };
  const declared = '{containerPort: 8080, name: http}, {containerPort: 53, protocol: UDP}';
  const note = (declares: string) => [
    `Port 80 is asked of the pods themselves, which declare ${declares}. Service shop/db leads TCP 80 to TCP 8080 of them: to ask for that, --to 'shop/db[Service]'.`,
  ];
  assert.deepEqual(await notes(declared, '--to shop/db-0 --port 80'), note('UDP 53, http (TCP 8080)'));
  assert.deepEqual(await notes('', '--to 10.0.0.2 --port 80'), note('no port'));
  for (const line of [
    '--to shop/db-0 --port 8080',
    '--to shop/db-0 --port 81',
    '--to shop/db-0 --port 9000',
    '--to shop/db-0 --port http',
    '--to shop/db-0 --port 80 --protocol UDP',
    '--to shop/db[Service] --port 80',
    '--to shop/db --port 80',
  ]) {
    assert.deepEqual(await notes(declared, line), [], line);
  }
});

test('what cannot be judged is said to be', async (t) => {
  const file = POLICY.replace('networking.k8s.io/v1', 'cilium.io/v2')
    .replace('NetworkPolicy', 'CiliumNetworkPolicy')
    .replace(/spec:[\s\S]*/, 'spec: {endpointSelector: {}, egress: [{toFQDNs: [{matchName: a.example}]}]}');
  const { stdout } = await explained(
    t,
    { 'a.yaml': `${WORKLOADS}---${file}` },
    'DIR --from shop/web --to 1.2.3.4 --port 1',
  );
  assert.match(
    stdout,
    /^ {2}CiliumNetworkPolicy shop\/db-ingress cannot be judged: egress rule 0 may allow$/m,
  );
});

test('manifests: what is no object is told, and what is there twice with a difference', async (t) => {
  const files = {
    'a.yaml': `${WORKLOADS}---${POLICY}`,
    'b.yaml': `${POLICY.replace('webb', 'web')}---${WORKLOADS}`,
    'c.yml': 'hello',
    'd.txt': 'no manifest',
  };
  const { stdout } = await explained(t, files, `DIR ${PAIR} --format json`);
  const { verdict, problems } = JSON.parse(stdout);
  assert.equal(verdict, 'allowed');
  assert.deepEqual(problems, [
    'Left out of the answer: DIR/a.yaml: document 2: NetworkPolicy shop/db-ingress, which DIR/b.yaml: document 0 has otherwise.',
    'Left out of the answer: DIR/c.yml: document 0: expected a Kubernetes object, found the string "hello".',
  ]);
});

test('a tape: as of its end, with the last change and whether it turned the verdict', async (t) => {
  assert.deepEqual(await ofSampleTape(t, PAIR_OF_PODS), {
    status: 0,
    stdout: `denied: shop/web-0 to shop/db-0 on TCP 5432 at 2026-11-22T10:01:00Z

egress: allowed
  no policy isolates the source pod

ingress: denied
  NetworkPolicy shop/db-ingress isolates: ingress rule 0 allows pods app=webb,
  the source pod has app=web

Last change for ingress: NetworkPolicy shop/db-ingress at 2026-11-22T10:00:03Z:
ingress rule 0 allowed pods app=web and now allows pods app=webb; before that it
was allowed.

Not recorded, taken to be absent: 7 other kinds of policy (Admin…, Cilium…,
Calico…).
`,
    stderr: '',
  });
});

const NOT_RECORDED =
  'Not recorded, taken to be absent: AdminNetworkPolicy, BaselineAdminNetworkPolicy, ClusterNetworkPolicy, CiliumNetworkPolicy, CiliumClusterwideNetworkPolicy, Calico NetworkPolicy, Calico GlobalNetworkPolicy.';

test('a tape: as JSON with the instant, the changes and what was not recorded', async (t) => {
  const { stdout } = await ofSampleTape(t, `${PAIR_OF_PODS} --format json`);
  const { egress, ingress, ...beside } = JSON.parse(stdout);
  assert.deepEqual([egress.verdict, ingress.verdict], ['allowed', 'denied']);
  assert.deepEqual(beside, {
    verdict: 'denied',
    dataPlane: 'kubernetes',
    at: '2026-11-22T10:01:00.000000000Z',
    changes: [
      {
        direction: 'ingress',
        time: '2026-11-22T10:00:03.000000000Z',
        object: {
          apiVersion: 'networking.k8s.io/v1',
          kind: 'NetworkPolicy',
          namespace: 'shop',
          name: 'db-ingress',
        },
        what: 'ingress rule 0 allowed pods app=web and now allows pods app=webb',
        before: 'allowed',
      },
    ],
    notes: [NOT_RECORDED],
  });
});

test('a tape: at other times', async (t) => {
  const at = async (time: string) => {
    const { status, stdout, stderr } = await ofSampleTape(t, `${PAIR_OF_PODS} --at ${time} --format json`);
    if (status !== 0) return { status, stderr };
    const { verdict, ingress } = JSON.parse(stdout);
    return { verdict, why: ingress.why ?? ingress.policies[0].why };
  };
  assert.deepEqual(await at('2026-11-22T10:00:02Z'), {
    verdict: 'allowed',
    why: 'ingress rule 0 allows pods app=web',
  });
  assert.deepEqual(await at('2026-11-22T09:00:00Z'), {
    status: 2,
    stderr:
      'ktape: --at 2026-11-22T09:00:00Z: outside the recording, which is from 2026-11-22T10:00:00Z to 2026-11-22T10:01:00Z\n',
  });
  assert.deepEqual(await at('noon'), {
    status: 2,
    stderr: 'ktape: --at "noon" is not a time; expected one like 2026-11-22T10:15:30.5Z\n',
  });
});

test('a tape: before the first list nothing is known', async (t) => {
  const temporary = scratch(t);
  const pod = { kind: 'Pod', metadata: { name: 'web', namespace: 'shop' }, status: { podIP: '10.0.0.1' } };
  const list = { time: '10:00:20', observed: 'listed', kind: 'PodList', api_version: 'v1' };
  const tape = await writeTinyTape(temporary, {
    kubernetes_objects: [list, observed('10:00:20', 'listed', pod)],
  });
  const line = [
    'policy',
    'explain',
    tape,
    '--from',
    'shop/web',
    '--to',
    'shop/web',
    '--port',
    '1',
    '--at',
    '2026-11-22T10:00:10Z',
  ];
  const { status, stdout } = await runCaptured([...line, '--format', 'json'], { temporary });
  const why = 'Pod objects are known only from 2026-11-22T10:00:20.000000000Z on';
  const direction = { verdict: 'unknown', policies: [], why };
  assert.deepEqual(
    { status, answer: JSON.parse(stdout) },
    {
      status: 0,
      answer: {
        verdict: 'unknown',
        dataPlane: 'kubernetes',
        egress: direction,
        ingress: direction,
        at: '2026-11-22T10:00:10.000000000Z',
        changes: [],
        notes: [NOT_RECORDED],
      },
    },
  );
});

test('the data plane can be told', async (t) => {
  const pods = `
{kind: Pod, apiVersion: v1, metadata: {namespace: shop, name: web}, status: {podIP: 10.0.0.1}}
---
{kind: Pod, apiVersion: v1, metadata: {namespace: shop, name: db, labels: {app: db}}, status: {podIP: 10.0.0.2}}
---${POLICY.replace(/from: .*}}}]/, 'from: [{ipBlock: {cidr: 10.0.0.0/8}}]')}`;
  const verdicts = ['', ' --dataplane calico', ' --dataplane cilium'].map(async (option) => {
    const { stdout } = await explained(t, { 'a.yaml': pods }, `DIR ${PAIR} --format json${option}`);
    return JSON.parse(stdout).verdict;
  });
  assert.deepEqual(await Promise.all(verdicts), ['allowed', 'allowed', 'denied']);
});

test('misuse says what is wrong and what was expected', async (t) => {
  const files = { 'a.yaml': WORKLOADS };
  const misuses: Record<string, string> = {
    'DIR --to shop/db --port 1': '--from is missing: who opens the connection',
    'DIR --from shop/web --port 1': '--to is missing: who is connected to',
    'DIR --from shop/web --to shop/db': '--port is missing: TCP needs one',
    'DIR --from shop/web --to shop/db --port 70000':
      '--port "70000" is out of range; expected 1 to 65535 or the name of a port',
    'DIR --from shop/web --to shop/db --port 1 --protocol icmp': '--port "1": ICMP has no ports',
    'DIR --from shop/web --to shop/db --port 1 --protocol tpc':
      'protocol "tpc" is not known; expected TCP, UDP, SCTP, ICMP or another of IANA\'s keywords',
    [`DIR ${PAIR} --at 2026-01-01`]:
      '--at 2026-01-01: manifests have no times; only a tape can be asked about one',
    'DIR --from shop/web --to 8.8.8.8/33 --port 1': '"8.8.8.8/33" is no block: the prefix of IPv4 is 0 to 32',
    'DIR --from web --to shop/db --port 1':
      '"web" is no end of a connection (did you mean shop/web?); expected namespace/name, namespace/name[Kind], an IP address or a block such as 10.0.0.0/8',
    'DIR --flows - --from shop/web': '--from cannot be given with --flows, whose lines say it',
  };
  for (const [line, message] of Object.entries(misuses)) {
    assert.deepEqual(await explained(t, files, line, ''), {
      status: 2,
      stdout: '',
      stderr: `ktape: ${message}\n`,
    });
  }
});

test('what cannot be answered fails, and names what is there instead', async (t) => {
  const files = { 'a.yaml': WORKLOADS };
  const failures: Record<string, string> = {
    'DIR --from shop/wbe --to shop/db --port 1':
      'nothing is named "shop/wbe" (did you mean shop/web?); namespace shop has db, web',
    'DIR --from nons/web --to shop/db --port 1': 'there is no namespace "nons"; there are: shop',
    [`DIR/none ${PAIR}`]: 'DIR/none: no such file or directory',
    'DIR --flows DIR/none': 'DIR/none: no such file or directory',
  };
  for (const [line, message] of Object.entries(failures)) {
    assert.deepEqual(await explained(t, files, line), {
      status: 1,
      stdout: '',
      stderr: `ktape: ${message}\n`,
    });
  }
  const others: [Record<string, string>, string][] = [
    [{}, 'DIR: no .yaml, .yml or .json file in it'],
    [{ 'a.yaml': '' }, 'DIR: neither a tape nor manifests: no Kubernetes objects in it'],
    [
      { 'a.yaml': 'hello' },
      'DIR: neither a tape nor manifests: DIR/a.yaml: document 0: expected a Kubernetes object, found the string "hello"',
    ],
  ];
  for (const [other, message] of others) {
    assert.deepEqual(await explained(t, other, `DIR ${PAIR}`), {
      status: 1,
      stdout: '',
      stderr: `ktape: ${message}\n`,
    });
  }
});

test('a tape without objects of Kubernetes cannot be asked', async (t) => {
  const temporary = scratch(t);
  const tape = await writeTinyTape(temporary, { packet_drops: [] });
  const { status, stderr } = await runCaptured(['policy', 'explain', tape, ...PAIR.split(' ')], {
    temporary,
  });
  assert.equal(status, 1);
  assert.match(stderr, /^ktape: kubernetes_objects was not captured in this tape/);
});

test('escape sequences of strangers never reach the terminal', async (t) => {
  const evil = POLICY.replace('db-ingress', '"\\e[2J"').replace('app: webb', '"\\e[2J": "x"');
  const files = { 'a.yaml': `${WORKLOADS}---${evil}`, 'b.yaml': '"\\e[2J"' };
  for (const format of ['table', 'json']) {
    const { stdout, stderr } = await explained(t, files, `DIR ${PAIR} --format ${format}`);
    assert.doesNotMatch(stdout + stderr, /[^\n\P{Cc}]/u);
    assert.match(stdout, /\\u001b\[2J/);
  }
  const unknown = await explained(t, files, `DIR --from shop/\u001b[2J --to shop/db --port 1`);
  assert.match(unknown.stderr, /\\u001b\[2J/);
});

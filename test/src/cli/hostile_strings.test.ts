import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { cannedQueries } from '../../../src/query/canned.js';
import { tables } from '../../../src/schema/tables/index.js';
import { scratch } from '../../scratch.js';
import { type KubernetesObject, observed, type TinyRow, writeTinyTape } from '../../tiny_tape.js';
import { runCaptured } from './captured_terminal.js';

/** Clears the screen, sets the title, turns the direction, ends SQL, HTML, YAML and CSV, and begins its own. */
const EVIL =
  'x\u001b[2J\u001b]0;owned\u0007\u009b1m\r\n\u202e\u2028\'"); DROP VIEW spans; --</text><script>alert(1)</script>\n---\nkind: Evil\n';

/** What a terminal would act on; an output's own line ends are no part of it. */
const ACTIVE = /(?!\n|\r\n)[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

const evilPod = (app: string, ip: string): KubernetesObject => ({
  kind: 'Pod',
  metadata: { name: `${app}-${EVIL}`, namespace: `shop${EVIL}`, labels: { app, [EVIL]: EVIL } },
  spec: {
    nodeName: EVIL,
    containers: [{ name: EVIL, image: EVIL, ports: [{ name: EVIL, containerPort: 5432 }] }],
  },
  status: { phase: 'Running', podIPs: [{ ip }] },
});

const evilPolicy = (version: string, allowed: string): KubernetesObject => ({
  kind: 'NetworkPolicy',
  apiVersion: 'networking.k8s.io/v1',
  metadata: {
    name: `policy${EVIL}`,
    namespace: `shop${EVIL}`,
    uid: 'policy',
    resourceVersion: version,
    annotations: { [EVIL]: EVIL },
  },
  spec: {
    podSelector: { matchLabels: { app: 'db' } },
    ingress: [{ from: [{ podSelector: { matchLabels: { app: allowed } } }] }],
  },
});

/** A row of a table whose texts are all evil, but for those by which a question finds rows. */
function evilRow(table: string): TinyRow {
  const declared = tables.find(({ name }) => name === table)?.columns ?? {};
  const texts = Object.entries(declared).flatMap(([name, { type }]): [string, TinyRow[string]][] => {
    if (type.physical === 'attributes') return [[name, [[EVIL, EVIL]]]];
    if (type.physical === 'text_list') return [[name, [EVIL]]];
    if (type.physical === 'timestamp') return [[name, '10:00:04']];
    return type.physical === 'text' && name !== 'node' ? [[name, EVIL]] : [];
  });
  return { ...Object.fromEntries(texts), time: '10:00:04' };
}

async function evilTape(t: TestContext): Promise<{ tape: string; temporary: string }> {
  const temporary = scratch(t);
  const rows = Object.fromEntries(tables.map(({ name }): [string, TinyRow[]] => [name, [evilRow(name)]]));
  const drop = (time: string): TinyRow => ({
    ...evilRow('packet_drops'),
    time,
    reason: 'NETFILTER_DROP',
    source_address: '10.0.0.1',
    source_port: 40000,
    destination_address: '10.0.0.2',
    destination_port: 5432,
    protocol: 'TCP',
    tcp_flags: 'SYN',
    segments: 1,
  });
  const lists = ['Pod', 'Namespace', 'NetworkPolicy', 'Node', 'Service'].map((kind) => ({
    time: '10:00:00',
    observed: 'listed',
    kind: `${kind}List`,
    api_version: 'v1',
  }));
  const tape = await writeTinyTape(
    temporary,
    {
      ...rows,
      packet_drops: [drop('10:00:09'), evilRow('packet_drops')],
      kubernetes_objects: [
        ...lists,
        observed('10:00:00', 'listed', { kind: 'Namespace', metadata: { name: `shop${EVIL}` } }),
        observed('10:00:00', 'listed', evilPod('web', '10.0.0.1')),
        observed('10:00:00', 'listed', evilPod('db', '10.0.0.2')),
        observed('10:00:00', 'listed', evilPolicy('1', 'web')),
        observed('10:00:03', 'modified', evilPolicy('2', 'webb')),
      ],
    },
    { node: `node${EVIL}`, sources: [{ name: EVIL, state: 'recorded', detail: EVIL }] },
  );
  const file = join(tape, 'tape.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  manifest.tool = EVIL;
  manifest.tables[EVIL] = [];
  manifest.removed = [{ node: EVIL, since: manifest.started, until: manifest.started, limit: EVIL }];
  writeFileSync(file, JSON.stringify(manifest));
  mkdirSync(join(tape, 'pins'));
  const pin = { since: manifest.started, until: manifest.started, by: EVIL };
  writeFileSync(join(tape, 'pins', 'a.json'), JSON.stringify(pin));
  writeFileSync(join(tape, 'a\u001b[2J.txt'), '');
  return { tape, temporary };
}

const FORMATS = ['table', 'json', 'ndjson', 'csv'];

/** Every command that opens tapes, in every format. */
function commandLines(tape: string): string[][] {
  const times = ['--since', '2026-11-22T10:00:01Z', '--until', '2026-11-22T10:00:05Z'];
  const ends = ['--from', '10.0.0.1', '--to', '10.0.0.2', '--port', '5432'];
  const each = (line: string[], formats = FORMATS) => formats.map((format) => [...line, '--format', format]);
  return [
    ...each(['info', tape]),
    ...each(['verify', tape]),
    ...each(['schema', tape]),
    ...each(['queries', tape]),
    ...each(['pin', tape, '--list']),
    ...cannedQueries().flatMap(({ name }) => each(['report', tape, name])),
    ...tables.flatMap(({ name }) => each(['sql', tape, `FROM ${name}`])),
    ...['pods', 'pod_addresses', 'workloads', 'policy_verdicts', 'kubernetes_changes'].flatMap((name) =>
      each(['sql', tape, `FROM ${name}`]),
    ),
    ...each(['sql', tape, 'SELECT node AS "x\u001b[2J" FROM spans']),
    ['sql', tape, 'FROM "nothing\u001b[2J"'],
    ['sql', tape, 'SELECT error(name) FROM spans'],
    ...each(['policy', 'matrix', tape], ['table', 'json', 'csv', 'svg']),
    ...each(['policy', 'diff', tape, ...times], ['table', 'json', 'csv']),
    ...each(['policy', 'explain', tape, ...ends], ['table', 'json']),
    ...each(['policy', 'suggest', tape], ['yaml', 'json']),
  ];
}

test('no string of a tape reaches the terminal as anything but text, whatever is asked', async (t) => {
  const { tape, temporary } = await evilTape(t);
  const said = new Set<string>();
  for (const line of commandLines(tape)) {
    const { stdout, stderr } = await runCaptured(line, { temporary });
    const shown = line.slice(0, 1).concat(line.slice(2)).join(' ');
    const [active] = ACTIVE.exec(stdout + stderr) ?? [];
    assert.equal(active, undefined, `${shown} writes ${JSON.stringify(active)}`);
    if (/u001b/.test(stdout + stderr)) said.add(line[0] === 'policy' ? `policy ${line[1]}` : (line[0] ?? ''));
    if (shown.includes('svg')) assert.doesNotMatch(stdout, /<script/);
  }
  assert.deepEqual(
    [...said].sort(),
    [
      'info',
      'pin',
      'policy diff',
      'policy explain',
      'policy matrix',
      'policy suggest',
      'report',
      'sql',
      'verify',
    ],
    'these showed such strings, written out',
  );
});

test('a name cannot end a comment of suggested YAML and add objects of its own', async (t) => {
  const { tape, temporary } = await evilTape(t);
  const { status, stdout } = await runCaptured(['policy', 'suggest', tape], { temporary });
  assert.equal(status, 0);
  const kinds = parseAllDocuments(stdout).map((document) => document.toJSON()?.kind);
  assert.deepEqual(kinds, ['NetworkPolicy']);
});

test('a path with what SQL, globs and partitions mean something by is a path', async (t) => {
  const parent = scratch(t);
  const tape = await writeTinyTape(parent, {
    losses: [{ time: '10:00:01', until: '10:00:01', source: 'clock', reason: 'jump' }],
  });
  for (const name of ["it's", 'a[1]', 'b*', 'c?', 'node=evil', '{d,e}', '$(date)']) {
    const folder = join(parent, name);
    mkdirSync(folder);
    renameSync(tape, join(folder, 'tape'));
    const line = ['sql', join(folder, 'tape'), 'SELECT node FROM losses', '--format', 'csv'];
    assert.deepEqual(
      await runCaptured(line, { temporary: parent }),
      { status: 0, stdout: 'node\r\nnode-1\r\n', stderr: '' },
      name,
    );
    renameSync(join(folder, 'tape'), tape);
  }
});

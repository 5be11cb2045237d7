import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { Fields } from '../../../src/import/flows/fields.js';
import { hubbleEvent } from '../../../src/import/hubble/event.js';
import { importHubble } from '../../../src/import/hubble/hubble.js';
import { ktapeRows } from '../../capture/recorder_process.js';
import { scratch } from '../../scratch.js';
import { runCaptured } from '../cli/captured_terminal.js';

const OPTIONS = { tool: 'ktape test', now: 9_000_000_000n, node: 'n1', manifests: [] };

/** What Cilium 1.18 writes for a SYN that a deny rule dropped. */
const DENIED = {
  flow: {
    time: '1970-01-01T00:00:05.000000006Z',
    verdict: 'DROPPED',
    drop_reason: 181,
    drop_reason_desc: 'POLICY_DENY',
    IP: { source: '10.0.0.1', destination: '2001:DB8:0::2', ipVersion: 'IPv4' },
    l4: { TCP: { source_port: 40000, destination_port: 80, flags: { SYN: true, ACK: false } } },
    source: {
      ID: 7,
      identity: 21,
      namespace: 'shop',
      labels: ['k8s:app=web'],
      pod_name: 'web-1',
      workloads: [{ name: 'web', kind: 'Deployment' }],
    },
    destination: { identity: 2, labels: ['reserved:world'] },
    Type: 'L3_L4',
    node_name: 'prod/node-1',
    event_type: { type: 5 },
    traffic_direction: 'EGRESS',
    is_reply: false,
    interface: { index: 3, name: 'eth0' },
    egress_denied_by: [
      { name: 'no-web', namespace: 'shop', revision: '7', kind: 'CiliumNetworkPolicy' },
      {
        labels: [
          'k8s:io.cilium.k8s.policy.derived-from=CiliumClusterwideNetworkPolicy',
          'k8s:io.cilium.k8s.policy.name=lock',
        ],
      },
    ],
  },
  node_name: 'prod/node-1',
  time: '1970-01-01T00:00:05.000000006Z',
};

const read = (event: unknown) => hubbleEvent(Fields.of(event));

function rowOf(flow: object) {
  const event = read({ flow: { time: '1970-01-01T00:00:05Z', ...flow } });
  assert.ok('flow' in event);
  return event.flow;
}

test('an exported flow becomes a row that names the policies', () => {
  assert.deepEqual(read(DENIED), {
    flow: {
      time: 5_000_000_006n,
      tool: 'hubble',
      node_name: 'prod/node-1',
      event_type: 'policy-verdict',
      verdict: 'DROPPED',
      reason: 'POLICY_DENY',
      reason_code: 181,
      source_address: '10.0.0.1',
      destination_address: '2001:db8::2',
      protocol: 'TCP',
      source_port: 40000,
      destination_port: 80,
      tcp_flags: 'SYN',
      traffic_direction: 'egress',
      is_reply: false,
      interface: 'eth0',
      source_namespace: 'shop',
      source_pod: 'web-1',
      source_workload: 'web',
      source_workload_kind: 'Deployment',
      source_labels: ['k8s:app=web'],
      destination_namespace: null,
      destination_pod: null,
      destination_workload: null,
      destination_workload_kind: null,
      destination_labels: ['reserved:world'],
      ingress_allowed_by: [],
      ingress_denied_by: [],
      egress_allowed_by: [],
      egress_denied_by: ['CiliumNetworkPolicy shop/no-web', 'CiliumClusterwideNetworkPolicy lock'],
    },
  });
});

test('a default deny and a deny rule stay apart, by name, by number and as older versions gave them', () => {
  const reasons = (flow: object) => {
    const { reason, reason_code } = rowOf(flow);
    return [reason, reason_code];
  };
  assert.deepEqual(reasons({ drop_reason_desc: 'POLICY_DENIED' }), ['POLICY_DENIED', 133]);
  assert.deepEqual(reasons({ drop_reason_desc: 181 }), ['POLICY_DENY', 181]);
  assert.deepEqual(reasons({ drop_reason: 133 }), ['POLICY_DENIED', 133]);
  assert.deepEqual(reasons({ drop_reason: 250 }), ['250', 250]);
  assert.deepEqual(reasons({ drop_reason_desc: 'NEWER_THAN_WE' }), ['NEWER_THAN_WE', null]);
  assert.deepEqual(reasons({ drop_reason_desc: 'constructor' }), ['constructor', null]);
  assert.deepEqual(reasons({ drop_reason_desc: 'DROP_REASON_UNKNOWN', drop_reason: 0 }), [null, null]);
});

test("the names of protobuf's own JSON, and a flow with nothing around it", () => {
  const event = read({
    time: '1970-01-01T00:00:05Z',
    verdict: 5,
    nodeName: 'node-2',
    source: { podName: 'a' },
    l4: { ICMPv4: { code: 1 } },
    dropReasonDesc: 0,
    isReply: null,
    reply: true,
    trafficDirection: 1,
    ingressAllowedBy: [{ name: 'p', namespace: 'b' }],
  });
  assert.ok('flow' in event);
  const { verdict, node_name, source_pod, protocol, icmp_type, icmp_code, is_reply } = event.flow;
  assert.deepEqual(
    [verdict, node_name, source_pod, protocol, icmp_type, icmp_code, is_reply],
    ['REDIRECTED', 'node-2', 'a', 'ICMP', 0, 1, true],
  );
  assert.deepEqual([event.flow.traffic_direction, event.flow.ingress_allowed_by], ['ingress', ['b/p']]);
});

test('what is not IP is a row without addresses', () => {
  const { source_address, protocol, verdict } = rowOf({ verdict: 'FORWARDED' });
  assert.deepEqual([source_address, protocol, verdict], [null, null, 'FORWARDED']);
});

test('an error names the field, the value and what was expected', () => {
  for (const [flow, message] of [
    [{ time: 'noon' }, 'flow.time: "noon" is not a time; expected one like 2026-11-22T10:15:30.5Z'],
    [
      { time: '9999-01-01T00:00:00Z' },
      'flow.time: "9999-01-01T00:00:00Z" is not between the years 1677 and 2262, which a tape can hold',
    ],
    [{ IP: { source: '10.0.0' } }, 'flow.IP.source: "10.0.0" is not an IP address'],
    [
      { l4: { UDP: { source_port: 70000 } } },
      'flow.l4.UDP.source_port: 70000 is not a whole number from 0 to 65535',
    ],
    [{ source: { labels: 'a=b' } }, 'flow.source.labels: "a=b" is not a list'],
    [{ egress_denied_by: [7] }, 'flow.egress_denied_by[0]: 7 is not a JSON object'],
    [
      { drop_reason_desc: 'a secret' },
      'flow.drop_reason_desc: "a secret" is not a name of an enum or its number',
    ],
    [{ is_reply: 'no' }, 'flow.is_reply: "no" is not true or false'],
  ] as const) {
    assert.throws(() => rowOf(flow), { name: 'DecodeError', message });
  }
  assert.throws(() => read({ hello: 1 }), {
    message: 'expected an event of Hubble with flow or lost_events; found hello',
  });
  assert.throws(() => read({ flow: {} }), { message: 'flow.time: missing; expected when it was seen' });
});

test('lost events and silent nodes are losses; lines that cannot be read are counted', async (t) => {
  const folder = scratch(t);
  const file = join(folder, 'events.jsonl');
  const flow = (seconds: number) => ({
    flow: { time: `1970-01-01T00:00:0${seconds}Z`, verdict: 'FORWARDED' },
  });
  const lost = { source: 'PERF_EVENT_RING_BUFFER', num_events_lost: '12', cpu: 0 };
  const first = { first: '1970-01-01T00:00:02Z', last: '1970-01-01T00:00:03Z' };
  const status = { state_change: 'NODE_UNAVAILABLE', node_names: ['node-3'], message: 'gone' };
  const lines = [
    flow(1),
    { lost_events: { ...lost, ...first }, node_name: 'node-1', time: '1970-01-01T00:00:04Z' },
    { lost_events: { source: 3, num_events_lost: 1 }, time: '1970-01-01T00:00:04Z' },
    { node_status: status, time: '1970-01-01T00:00:05Z' },
    { node_status: { state_change: 'NODE_CONNECTED' } },
    { agent_event: { type: 'AGENT_STARTED' } },
    flow(6),
  ].map((line) => JSON.stringify(line));
  await writeFile(file, `${lines.join('\n')}\nnot JSON\n{"flow":{"time":"1970`);
  const out = join(folder, 'tape');
  assert.deepEqual(await importHubble([file], out, OPTIONS), {
    flows: 2,
    others: 2,
    problems: [
      `${file}: line 8: expected a JSON object; found "not JSON"`,
      `${file}: line 9: a JSON object that does not end`,
    ],
    cluster: undefined,
  });
  assert.deepEqual(
    ktapeRows(
      out,
      `SELECT epoch_ns(time) // 1000000000, epoch_ns(until) // 1000000000, source, table_name, reason, subject, count
      FROM losses ORDER BY reason`,
    ),
    [
      ['1', '4', 'hubble', 'flows', 'HUBBLE_RING_BUFFER', null, '1'],
      ['5', '9', 'hubble', 'flows', 'NODE_UNAVAILABLE', 'node-3', null],
      ['2', '3', 'hubble', 'flows', 'PERF_EVENT_RING_BUFFER', 'node-1', '12'],
      ['1', '6', 'hubble', 'flows', 'unreadable record', null, '2'],
    ],
  );
});

test('flows of several files come to one tape, and SQL finds the policy that was named', async (t) => {
  const folder = scratch(t);
  const files = [join(folder, 'a.jsonl'), join(folder, 'b.jsonl')];
  for (const file of files) await writeFile(file, JSON.stringify(DENIED));
  const out = join(folder, 'tape');
  assert.equal((await importHubble(files, out, OPTIONS)).flows, 2);
  assert.deepEqual(
    ktapeRows(
      out,
      `SELECT epoch_ns(time), node, reason, source_pod, egress_denied_by, ingress_denied_by, count(*)
      FROM flows WHERE list_contains(egress_denied_by, 'CiliumNetworkPolicy shop/no-web') GROUP BY ALL`,
    ),
    [
      [
        '5000000006',
        'n1',
        'POLICY_DENY',
        'web-1',
        ['CiliumNetworkPolicy shop/no-web', 'CiliumClusterwideNetworkPolicy lock'],
        [],
        '2',
      ],
    ],
  );
});

/** A cluster in which nobody may reach db, and the drop of one who tried. */
const CLUSTER = `
{kind: Namespace, apiVersion: v1, metadata: {name: shop}}
---
{kind: Pod, apiVersion: v1, metadata: {namespace: shop, name: web}, status: {podIP: 10.0.0.1}}
---
{kind: Pod, apiVersion: v1, metadata: {namespace: shop, name: db}, status: {podIP: 10.0.0.2}}
---
{kind: Node, apiVersion: v1, metadata: {name: n1}, status: {addresses: [{type: InternalIP, address: 10.1.0.1}]}}
---
{kind: NetworkPolicy, apiVersion: networking.k8s.io/v1, metadata: {namespace: shop, name: closed}, spec: {podSelector: {}, ingress: []}}
`;
const TO_DB = {
  time: '1970-01-01T00:00:05Z',
  verdict: 'DROPPED',
  drop_reason: 133,
  IP: { source: '10.0.0.1', destination: '10.0.0.2' },
  l4: { TCP: { source_port: 40000, destination_port: 80, flags: { SYN: true } } },
};

test('with manifests the evaluator judges too, and says whose policies; what Hubble named stays proven', async (t) => {
  const folder = scratch(t);
  const [file, manifests, out] = ['a.jsonl', 'm.yaml', 'tape'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const named = {
    ...TO_DB,
    ingress_denied_by: [{ name: 'closed', namespace: 'shop', kind: 'NetworkPolicy' }],
  };
  named.l4 = { TCP: { ...TO_DB.l4.TCP, destination_port: 81 } };
  await writeFile(file, [TO_DB, named].map((flow) => JSON.stringify({ flow })).join('\n'));
  await writeFile(manifests, CLUSTER);
  const { cluster } = await importHubble([file], out, { ...OPTIONS, manifests: [manifests] });
  assert.deepEqual(cluster, { objects: 5, secrets: 0, problems: [] });
  const { stdout } = await runCaptured(['report', out, 'network/dropped_by_policy', '--format', 'json'], {
    temporary: folder,
  });
  const { rows, coverage, dataPlane } = JSON.parse(stdout);
  const graded = (row: Record<string, unknown>) => [row.seen_by, row.grade, row.why];
  assert.deepEqual(rows.map(graded), [
    [
      'hubble',
      'proven',
      'Hubble names shop/closed. The policies recorded deny it: ingress is isolated by shop/closed (it has no ingress rules, so it allows nothing).',
    ],
    [
      'hubble',
      'consistent',
      'POLICY_DENIED fits: ingress is isolated by shop/closed (it has no ingress rules, so it allows nothing).',
    ],
  ]);
  assert.equal(dataPlane, 'cilium');
  assert.deepEqual(coverage.notes.slice(0, 2), [
    'Judged as cilium enforces policies.',
    `The cluster is that of ${manifests}, taken to have been so all the time.`,
  ]);
});

test('manifests that cannot be read leave no tape', async (t) => {
  const folder = scratch(t);
  const [file, out] = [join(folder, 'a.jsonl'), join(folder, 'tape')];
  await writeFile(file, JSON.stringify({ flow: TO_DB }));
  await assert.rejects(
    importHubble([file], out, { ...OPTIONS, manifests: [join(folder, 'absent')] }),
    /absent: no such file or directory$/,
  );
  assert.equal(existsSync(out), false);
});

test('more problems than anybody reads are counted; a file without an event leaves no tape', async (t) => {
  const folder = scratch(t);
  const [many, none, out] = ['many', 'none', 'tape'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await writeFile(many, `${JSON.stringify(DENIED)}\n${'?\n'.repeat(100)}`);
  const { problems } = await importHubble([many], out, OPTIONS);
  assert.equal(problems.length, 21);
  assert.equal(problems[20], `${many}: 80 more records that cannot be read`);
  await writeFile(none, '{"agent_event": {}}');
  await assert.rejects(importHubble([none], `${out}2`, OPTIONS), /no flows of hubble in .*none/);
  await assert.rejects(
    importHubble([join(folder, 'absent')], `${out}2`, OPTIONS),
    /absent: no such file or directory$/,
  );
  assert.equal(existsSync(`${out}2`), false);
});

test('the command tells what was read, what was left out and what could not be read', async (t) => {
  const temporary = scratch(t);
  const [file, out] = [join(temporary, 'events.jsonl'), join(temporary, 'tape')];
  await writeFile(file, `${JSON.stringify(DENIED)}\n{"debug_event":{}}\n{"verdict":"DROPPED"}\n`);
  assert.deepEqual(await runCaptured(['import', 'hubble', file, '-o', out], { temporary }), {
    status: 0,
    stdout: '',
    stderr: `${file}: line 3: flow.time: missing; expected when it was seen
${out}: 1 flow; 1 other event left out
`,
  });
});

const DATA = process.env.KTAPE_REAL_DATA;
const skip = DATA === undefined ? 'KTAPE_REAL_DATA names no folder with a real export of Hubble' : false;

test('a real export', { skip }, async (t) => {
  const out = join(scratch(t), 'tape');
  const file = join(DATA ?? '', 'hubble/exporter.jsonl');
  assert.deepEqual(await importHubble([file], out, OPTIONS), {
    flows: 2,
    others: 0,
    problems: [],
    cluster: undefined,
  });
  assert.deepEqual(
    ktapeRows(
      out,
      'SELECT time, reason, protocol, tcp_flags, icmp_type, source_pod, destination_port FROM flows ORDER BY time',
    ),
    [
      ['2023-08-21T12:12:13.517394084Z', 'INVALID_SOURCE_IP', 'IPv6-ICMP', null, 133, null, null],
      ['2023-08-21T12:12:18.510175415Z', 'POLICY_DENIED', 'TCP', 'SYN', null, 'xwing', 80],
    ],
  );
});

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import sqlite from 'node-sqlite3-wasm';
import { Fields } from '../../../src/import/flows/fields.js';
import { flowRow } from '../../../src/import/netobserv/flow.js';
import { importNetobserv } from '../../../src/import/netobserv/netobserv.js';
import { ktapeRows } from '../../capture/recorder_process.js';
import { scratch } from '../../scratch.js';

const OPTIONS = { tool: 'ktape test', now: 9n, node: 'n1', at: null, manifests: [] };

/** A flow of which OVN dropped a packet, as netobserv-cli writes it. */
const DROPPED = {
  AgentIP: '10.0.0.9',
  Bytes: 120,
  DstAddr: '10.0.0.2',
  DstK8S_HostIP: '10.0.0.9',
  DstK8S_HostName: 'node-9',
  DstK8S_Name: 'db-0',
  DstK8S_Namespace: 'data',
  DstK8S_OwnerName: 'db',
  DstK8S_OwnerType: 'StatefulSet',
  DstK8S_Type: 'Pod',
  DstPort: 5432,
  Etype: 2048,
  Flags: 2,
  FlowDirection: 0,
  IfDirections: [0, 1],
  Interfaces: ['eth0', 'genev_sys_6081'],
  NetworkEvents: [
    { Feature: 'acl', Type: 'AdminNetworkPolicy', Action: 'pass', Name: 'top', Direction: 'Ingress' },
    {
      Feature: 'acl',
      Type: 'NetworkPolicy',
      Action: 'drop',
      Name: 'db-only',
      Namespace: 'data',
      Direction: 'Ingress',
    },
    { Feature: 'acl', Type: 'NetpolNode', Action: 'allow-related', Direction: 'Egress' },
  ],
  Packets: 2,
  PktDropBytes: 60,
  PktDropLatestDropCause: 'SKB_DROP_REASON_NETFILTER_DROP',
  PktDropPackets: 1,
  Proto: 6,
  SrcAddr: '10.0.0.1',
  SrcK8S_Name: 'shop',
  SrcK8S_Namespace: 'web',
  SrcK8S_Type: 'Service',
  SrcPort: 40000,
  TimeFlowEndMs: 7,
  TimeFlowStartMs: 5,
  TimeReceived: 1,
};

const rowOf = (flow: unknown, at: bigint | null = null) => flowRow(Fields.of(flow), at);

test('a flow becomes a row with what the kernel dropped and the policy that OVN named', () => {
  assert.deepEqual(rowOf(DROPPED), {
    time: 5_000_000n,
    end_time: 7_000_000n,
    tool: 'netobserv',
    node_name: 'node-9',
    verdict: 'DROPPED',
    reason: 'NETFILTER_DROP',
    dropped_packets: 1n,
    dropped_bytes: 60n,
    source_address: '10.0.0.1',
    source_port: 40000,
    destination_address: '10.0.0.2',
    destination_port: 5432,
    protocol: 'TCP',
    tcp_flags: 'SYN',
    icmp_type: null,
    icmp_code: null,
    traffic_direction: 'ingress',
    is_reply: false,
    interface: 'eth0,genev_sys_6081',
    source_namespace: 'web',
    source_pod: null,
    source_workload: null,
    source_workload_kind: null,
    destination_namespace: 'data',
    destination_pod: 'db-0',
    destination_workload: 'db',
    destination_workload_kind: 'StatefulSet',
    packets: 2n,
    bytes: 120n,
    ingress_allowed_by: [],
    ingress_denied_by: ['NetworkPolicy data/db-only'],
    egress_allowed_by: ['NetpolNode'],
    egress_denied_by: [],
  });
});

test('a policy of the cluster, an egress firewall and an isolated namespace by their names', () => {
  const denied = (event: object) => {
    const { ingress_denied_by, egress_denied_by } = rowOf(
      {
        Packets: 1,
        NetworkEvents: [{ Feature: 'acl', Action: 'drop', ...event }],
      },
      0n,
    );
    return { ingress: ingress_denied_by, egress: egress_denied_by };
  };
  assert.deepEqual(denied({ Type: 'BaselineAdminNetworkPolicy', Name: 'default', Direction: 'Egress' }), {
    ingress: [],
    egress: ['BaselineAdminNetworkPolicy default'],
  });
  assert.deepEqual(denied({ Type: 'EgressFirewall', Namespace: 'shop', Direction: '' }), {
    ingress: [],
    egress: ['EgressFirewall shop/*'],
  });
  assert.deepEqual(denied({ Type: 'NetpolNamespace', Namespace: 'shop', Direction: 'Ingress' }), {
    ingress: ['NetpolNamespace shop/*'],
    egress: [],
  });
  assert.deepEqual(denied({ Type: 'NetpolNode', Action: 'Drop', Direction: 'Ingress' }), {
    ingress: ['NetpolNode'],
    egress: [],
  });
  assert.throws(() => denied({ Type: 'NetpolNode', Action: 'Ignore', Direction: 'Ingress' }), {
    message:
      'NetworkEvents[0].Action: "Ignore" is not allow, allow-related, allow-stateless, drop, reject, pass',
  });
  assert.throws(() => denied({ Type: 'NetworkPolicy', Direction: 'Up' }), {
    message: 'NetworkEvents[0].Direction: "Up" is not Ingress or Egress',
  });
});

test('the flags of all packets of a flow; a SYN of one packet tells the client, SYN with ACK the server', () => {
  const flags = (Flags: unknown) => {
    const { tcp_flags, is_reply } = rowOf({ SrcAddr: '::1', Flags, FlowDirection: '2' }, 0n);
    return [tcp_flags, is_reply];
  };
  assert.deepEqual(flags(2 | 16), ['SYN,ACK', false]);
  assert.deepEqual(flags(256 | 16 | 512), ['ACK,SYN_ACK,FIN_ACK', true]);
  assert.deepEqual(flags(16), ['ACK', null]);
  assert.deepEqual(flags(['SYN', 'ACK']), ['SYN,ACK', false]);
});

test('a flow that is not IP has no addresses; one that saw no drop no verdict', () => {
  const { source_address, protocol, verdict, traffic_direction, node_name } = rowOf({
    Etype: 2054,
    AgentIP: '10.0.1.7',
    FlowDirection: '1',
    TimeReceived: 1708011872,
  });
  assert.deepEqual(
    [source_address, protocol, verdict, traffic_direction, node_name],
    [null, null, null, 'egress', '10.0.1.7'],
  );
});

test('an error names the field, the value and what was expected', () => {
  assert.throws(() => rowOf({ ...DROPPED, Proto: 'TCP' }), {
    message: 'Proto: "TCP" is not a whole number from 0 to 255',
  });
  assert.throws(() => rowOf({ ...DROPPED, DstPort: -1 }), { message: /^DstPort: -1 is not a whole number/ });
  assert.throws(() => rowOf({ ...DROPPED, Bytes: 2 ** 60 }), {
    message: /^Bytes: \d+ is not a whole number/,
  });
  assert.throws(() => rowOf({ Packets: 1 }), {
    message: 'TimeFlowStartMs: missing; expected when the flow began',
  });
  assert.throws(() => rowOf({ a: 1 }, 0n), {
    message: 'expected a flow of netobserv with SrcAddr, Bytes or Packets; found a',
  });
});

test('an array on one line, over many lines, a flow a line, and as the collector writes them meanwhile', async (t) => {
  const folder = scratch(t);
  const [flow, pretty] = [JSON.stringify(DROPPED), JSON.stringify([DROPPED, DROPPED], null, 1)];
  for (const [name, text] of Object.entries({
    array: `[${flow},${flow}]`,
    pretty,
    lines: `${flow}\r\n\n${flow}`,
    collector: `${flow},\n${flow},\n`,
  })) {
    const file = join(folder, `${name}.json`);
    await writeFile(file, text);
    const result = await importNetobserv([file], join(folder, `${name}.tape`), OPTIONS);
    assert.deepEqual(result, { flows: 2, others: 0, problems: [], cluster: undefined }, name);
  }
});

/** The columns of netobserv-cli's table that matter here. */
const CREATE = `CREATE TABLE flow (
  "DstAddr" TEXT, "DstPort" INTEGER, "Interface" TEXT, "Proto" INTEGER, "SrcAddr" TEXT, "SrcPort" INTEGER, "Bytes" INTEGER,
  "Packets" INTEGER, "PktDropLatestDropCause" TEXT, "PktDropBytes" INTEGER, "PktDropPackets" INTEGER, "DnsLatencyMs" TIMESTAMP)`;

function writeDatabase(
  file: string,
  create: string,
  rows: readonly (readonly (string | number | null)[])[],
): void {
  const database = new sqlite.Database(file);
  database.exec(`BEGIN; ${create}`);
  for (const row of rows) database.run(`INSERT INTO flow VALUES (${row.map(() => '?').join()})`, [...row]);
  database.exec('COMMIT');
  database.close();
}

const ROW = [
  '10.0.0.2',
  80,
  'eth0',
  6,
  '10.0.0.1',
  40000,
  60,
  1,
  'SKB_DROP_REASON_NETFILTER_DROP',
  60,
  1,
  null,
];

test('the SQLite of netobserv-cli has no times: the import asks for one and says so on the tape', async (t) => {
  const folder = scratch(t);
  const [file, out] = [join(folder, 'capture.db'), join(folder, 'tape')];
  writeDatabase(file, CREATE, [ROW, ROW.with(0, 'no address')]);
  await assert.rejects(
    importNetobserv([file], out, OPTIONS),
    /capture\.db: the SQLite of netobserv has no times; say with --at/,
  );
  assert.deepEqual(await importNetobserv([file], out, { ...OPTIONS, at: 8n }), {
    flows: 1,
    others: 0,
    problems: [`${file}: row 2: DstAddr: "no address" is not an IP address`],
    cluster: undefined,
  });
  assert.deepEqual(
    ktapeRows(
      out,
      'SELECT epoch_ns(time), verdict, reason, source_address, destination_port, protocol, dropped_packets FROM flows',
    ),
    [['8', 'DROPPED', 'NETFILTER_DROP', '10.0.0.1', 80, 'TCP', '1']],
  );
  assert.deepEqual(
    ktapeRows(out, 'SELECT epoch_ns(time), source, reason, count FROM losses ORDER BY source'),
    [
      ['8', 'clock', 'flows without times', null],
      ['8', 'netobserv', 'unreadable record', '1'],
    ],
  );
});

test('a database without the table is refused; of a damaged one the rows before the damage are kept', async (t) => {
  const folder = scratch(t);
  const [other, damaged, out] = [join(folder, 'other.db'), join(folder, 'damaged.db'), join(folder, 'tape')];
  const options = { ...OPTIONS, at: 8n };
  writeDatabase(other, 'CREATE TABLE flow2 (a)', []);
  await assert.rejects(
    importNetobserv([other], out, options),
    /other\.db: SQLite: no table flow; expected the database/,
  );
  assert.equal(existsSync(out), false);
  writeDatabase(damaged, CREATE, Array<typeof ROW>(2000).fill(ROW));
  const bytes = await readFile(damaged);
  await writeFile(damaged, bytes.fill(0xff, bytes.length >> 1));
  const { flows, problems } = await importNetobserv([damaged], out, options);
  assert.ok(flows > 100 && flows < 2000, `${flows} flows`);
  assert.deepEqual(problems, [`${damaged}: SQLite: database disk image is malformed`]);
});

const DATA = process.env.KTAPE_REAL_DATA;
const skip = DATA === undefined ? 'KTAPE_REAL_DATA names no folder with real flows of netobserv' : false;

test('flows of a real cluster', { skip }, async (t) => {
  const out = join(scratch(t), 'tape');
  const file = join(DATA ?? '', 'netobserv/flows.json');
  assert.deepEqual(await importNetobserv([file], out, OPTIONS), {
    flows: 50,
    others: 0,
    problems: [],
    cluster: undefined,
  });
  assert.deepEqual(
    ktapeRows(
      out,
      `SELECT count(*), count(source_address), count(source_pod), sum(dropped_packets)::BIGINT,
        list(DISTINCT reason) FILTER (reason IS NOT NULL) FROM flows`,
    ),
    [['50', '46', '7', '3', ['TCP_INVALID_SEQUENCE']]],
  );
});

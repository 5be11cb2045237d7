import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { ownLoader } from '../../../capture/probes/loader_process.js';
import { type ProbeLoss, startProbes } from '../../../capture/probes/probes.js';
import { packetDrops } from '../../../src/schema/tables/packet_drops.js';
import { RowBatch } from '../../../src/tape/row_batch.js';
import { skippedLive } from '../../live.js';
import { link, Namespace, PROBES_DIRECTORY, whyNotLive } from './network.js';
import { rowsIn } from './rows.js';

/**
 * Records packet_drops while `traffic` runs, and until `expected` rows of its namespaces have come or
 * for some seconds. Returns these rows without their time, which is checked here.
 */
async function recordDrops(
  namespaces: readonly Namespace[],
  expected: number,
  traffic: () => Promise<unknown>,
) {
  const batch = new RowBatch(packetDrops, 'node-1');
  const lost: ProbeLoss[] = [];
  const before = BigInt(Date.now()) * 1_000_000n;
  const probes = startProbes({
    loader: ownLoader(PROBES_DIRECTORY, ['packet_drops']),
    probes: ['packet_drops'],
    batchOf: () => batch,
    onLoss: (loss) => lost.push(loss),
    onClockJump: (jump) => assert.fail(`the clock of this machine jumped by ${jump.byNs} ns`),
  });
  assert.deepEqual(await probes.ready, [{ probe: 'packet_drops', failure: undefined }]);
  await traffic();
  const inodes = namespaces.map(({ inode }) => inode);
  // Neighbour discovery of the namespaces themselves is none of the traffic.
  const rows = () =>
    rowsIn(batch).filter(
      (row) => inodes.includes(Number(row.network_namespace)) && row.protocol !== 'IPv6-ICMP',
    );
  for (let tries = 0; tries < 100 && rows().length < expected; tries++) await delay(50);
  const end = await probes.stop();
  const after = BigInt(Date.now() + 1) * 1_000_000n;
  assert.equal(end.failure, undefined);
  assert.equal(probes.events(), batch.rows);
  const timeless = rows().map(({ time, ...row }) => {
    assert.ok(typeof time === 'bigint' && time >= before && time <= after, `${time} is not now`);
    return row;
  });
  return { rows: timeless, lost };
}

/** A client and a server with a router between them. */
function routedNetwork(t: TestContext) {
  const [client, router, server] = [new Namespace(t, 'c'), new Namespace(t, 'r'), new Namespace(t, 's')];
  link(
    { at: client, device: 'eth0', ipv4: '10.77.1.1/24', ipv6: 'fd77:1::1/64' },
    { at: router, device: 'left', ipv4: '10.77.1.254/24', ipv6: 'fd77:1::fe/64' },
  );
  link(
    { at: router, device: 'right', ipv4: '10.77.2.254/24', ipv6: 'fd77:2::fe/64' },
    { at: server, device: 'eth0', ipv4: '10.77.2.1/24', ipv6: 'fd77:2::1/64' },
  );
  client.ip('route add default via 10.77.1.254');
  client.ip('-6 route add default via fd77:1::fe');
  server.ip('route add default via 10.77.2.254');
  server.ip('-6 route add default via fd77:2::fe');
  router.set('net.ipv4.ip_forward', '1');
  router.set('net.ipv6.conf.all.forwarding', '1');
  return { client, router, server };
}

test('each packet dropped is a row that says which, where and why', async (t) => {
  if (skippedLive(t, await whyNotLive())) return;
  const { client, router, server } = routedNetwork(t);
  router.nft(`table inet test { chain forward { type filter hook forward priority 0
    tcp dport 443 drop
    ip daddr 10.77.2.9 drop
    ip6 daddr fd77:2::9 drop
  }; }`);
  server.nft('table inet test { chain input { type filter hook input priority 0\n udp dport 53 drop\n }; }');
  client.nft(
    'table inet test { chain output { type filter hook output priority 0\n tcp dport 444 drop\n }; }',
  );

  const { rows, lost } = await recordDrops([client, router, server], 8, async () => {
    await client.traffic('tcp', '10.77.1.1', 40001, '10.77.2.1', 443);
    await client.traffic('udp', 'fd77:1::1', 40002, 'fd77:2::1', 53, 100);
    await client.traffic('tcp', 'fd77:1::1', 40003, 'fd77:2::1', 444);
    await client.traffic('udp', '10.77.1.1', 40004, '10.77.2.1', 7);
    await client.traffic('udp', '10.77.1.1', 40005, '10.77.2.9', 7, 2000);
    await client.traffic('udp', 'fd77:1::1', 40006, 'fd77:2::9', 7, 2000);
  });

  const forwarded = {
    node: 'node-1',
    reason: 'NETFILTER_DROP',
    source_address: '10.77.1.1',
    source_port: 40001,
    destination_address: '10.77.2.1',
    destination_port: 443,
    protocol: 'TCP',
    tcp_flags: 'SYN',
    length: 60,
    segments: 1,
    interface: 'left',
    network_namespace: router.inode,
    cgroup_id: null,
    location: 'nft_do_chain',
  };
  const udp = { ...forwarded, protocol: 'UDP', tcp_flags: null, destination_port: 7 };
  const v6 = { source_address: 'fd77:1::1', destination_address: 'fd77:2::1' };
  const fragment4 = { ...udp, destination_address: '10.77.2.9', source_port: 40005 };
  const fragment6 = { ...udp, ...v6, destination_address: 'fd77:2::9', source_port: 40006 };
  const later = { source_port: null, destination_port: null };
  // Neighbour discovery delays some packets; the lengths tell them apart.
  const inOrder = rows.sort((a, b) => Number(a.length) - Number(b.length));
  assert.deepEqual(inOrder, [
    {
      ...udp,
      reason: 'NO_SOCKET',
      source_port: 40004,
      length: 9,
      interface: 'eth0',
      network_namespace: server.inode,
      location: '__udp4_lib_rcv',
    },
    forwarded,
    {
      ...forwarded,
      ...v6,
      source_port: 40003,
      destination_port: 444,
      length: 80,
      interface: null,
      network_namespace: client.inode,
      cgroup_id: client.cgroupId,
    },
    {
      ...udp,
      ...v6,
      source_port: 40002,
      destination_port: 53,
      length: 148,
      interface: 'eth0',
      network_namespace: server.inode,
    },
    { ...fragment4, ...later, length: 548 },
    { ...fragment6, ...later, length: 608 },
    { ...fragment6, length: 1496 },
    { ...fragment4, length: 1500 },
  ]);
  assert.deepEqual(
    lost.filter(({ dropReason }) => dropReason === 'NETFILTER_DROP'),
    [],
  );
});

test('a row says how many packets on the wire it stands for', async (t) => {
  if (skippedLive(t, await whyNotLive())) return;
  const alone = new Namespace(t, 'a');
  alone.ip('link set lo mtu 1500');
  alone.nft(`table inet test { chain input { type filter hook input priority 0
    tcp dport 8080 meta length > 3000 drop
  }; }`);
  const { rows } = await recordDrops([alone], 1, () =>
    alone.traffic('stream', '127.0.0.1', 40001, '127.0.0.1', 8080, 100_000),
  );
  const dropped = rows.filter(({ reason }) => reason === 'NETFILTER_DROP');
  // 1448 bytes of data fit into 1500 beside 20 of IP and 32 of TCP with its timestamps.
  const packets = ({ length }: { length?: unknown }) => Math.ceil((Number(length) - 52) / 1448);
  assert.ok(dropped.length > 0);
  for (const row of dropped) {
    assert.deepEqual([row.segments, row.interface, row.destination_port], [packets(row), 'lo', 8080]);
    assert.ok(packets(row) > 1);
  }
});

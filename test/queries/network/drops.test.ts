import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportOn, rowObjects } from '../answer.js';

const drop = (time: string, reason: string, port: number, segments = 1) => ({
  time,
  reason,
  source_address: '10.0.0.1',
  source_port: 40000,
  destination_address: '10.0.0.2',
  destination_port: port,
  protocol: 'TCP',
  tcp_flags: 'SYN',
  segments,
  location: 'tcp_v4_rcv',
});

test('drops are added up by reason and pair, most packets first', async () => {
  const packet_drops = [
    drop('10:00:01', 'NO_SOCKET', 81),
    drop('10:00:02', 'NETFILTER_DROP', 80),
    drop('10:00:03', 'NETFILTER_DROP', 80, 2),
  ];
  assert.deepEqual(
    rowObjects(
      await reportOn({ packet_drops }, 'network/drops'),
      'reason',
      'destination_port',
      'packets',
      'attempts',
    ),
    [
      { reason: 'NETFILTER_DROP', destination_port: 80, packets: '3', attempts: '1' },
      { reason: 'NO_SOCKET', destination_port: 81, packets: '1', attempts: '1' },
    ],
  );
  const { rows, coverage } = await reportOn({ packet_drops }, 'network/drops', { top: '1' });
  assert.equal(rows?.length, 1);
  assert.deepEqual(coverage.notes, ['1 more row; --param top=2 shows all.']);
});

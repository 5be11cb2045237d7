import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BootClock } from '../../../capture/probes/boot_clock.js';
import { EventDecoder } from '../../../capture/probes/decode.js';
import { KernelNames } from '../../../capture/probes/kernel_names.js';
import { DecodeError } from '../../../src/errors.js';
import { tables } from '../../../src/schema/tables/index.js';
import { packetDrops } from '../../../src/schema/tables/packet_drops.js';
import { RowBatch } from '../../../src/tape/row_batch.js';
import { u16, u32, u64 } from './frame_bytes.js';
import { rowsIn } from './rows.js';

const ALL = 0b11_1111_1111;

/** An event of packet_drops as the probe lays it out: SYN from 10.0.0.1:40000 to 10.0.0.2:443. */
function dropEvent(present: number, reason = 77): Buffer {
  return Buffer.concat([
    u32(1), // table
    u32(present),
    u64(5_000_000_001n), // time since boot
    u32(reason),
    Buffer.from('00000000000000000000ffff0a000001', 'hex'), // source address
    u16(40000), // source port
    u16(0xdead), // padding
    Buffer.from('00000000000000000000ffff0a000002', 'hex'), // destination address
    u16(443), // destination port
    Buffer.of(6, 0x02), // protocol, TCP flags
    u32(60), // length
    u16(1), // segments
    Buffer.from('eth0\0stale bytes'), // interface
    u16(0xdead), // padding
    u32(4026532179), // network namespace
    u64(2n ** 63n + 9n), // cgroup
    u64(0xffffffff81234567n), // location
  ]);
}

function rowsOf(bytes: Buffer): unknown[] {
  const clock = new BootClock();
  clock.set(1_000_000_000n, 1_795_000_000_999_999_999n);
  const names = new KernelNames();
  names.nameDropReason(77n, 'NETFILTER_DROP');
  names.nameFunction(0xffffffff81234567n, 'nft_do_chain');
  const batch = new RowBatch(packetDrops, 'node-1');
  const count = new EventDecoder(tables, { clock, names }).decode(bytes, () => batch);
  assert.equal(count, batch.rows);
  return rowsIn(batch);
}

const SYN = {
  time: 1_795_000_005_000_000_000n,
  node: 'node-1',
  reason: 'NETFILTER_DROP',
  source_address: '10.0.0.1',
  source_port: 40000,
  destination_address: '10.0.0.2',
  destination_port: 443,
  protocol: 'TCP',
  tcp_flags: 'SYN',
  length: 60,
  segments: 1,
  interface: 'eth0',
  network_namespace: 4026532179,
  cgroup_id: 2n ** 63n + 9n,
  location: 'nft_do_chain',
};

/** What a row holds of a packet whose headers were not IP, on no interface, with no socket. */
const BARE = {
  ...SYN,
  source_address: null,
  source_port: null,
  destination_address: null,
  destination_port: null,
  protocol: null,
  tcp_flags: null,
  interface: null,
  network_namespace: null,
  cgroup_id: null,
  location: null,
};

test('an event becomes a row', () => assert.deepEqual(rowsOf(dropEvent(ALL)), [SYN]));

test('what is not marked as present is NULL, whatever its bytes', () => {
  assert.deepEqual(rowsOf(Buffer.concat([dropEvent(0), dropEvent(ALL)])), [BARE, SYN]);
});

test('a reason that the kernel did not name keeps its number', () => {
  assert.deepEqual(rowsOf(dropEvent(0, 0x30001)), [{ ...BARE, reason: '196609' }]);
});

test('a kernel without drop reasons specifies none', () => {
  assert.deepEqual(rowsOf(dropEvent(0, 0)), [{ ...BARE, reason: 'NOT_SPECIFIED' }]);
});

test('a function that the kernel hides is NULL', () => {
  const hidden = dropEvent(ALL);
  hidden.writeUInt32LE(0x81234568, 96);
  assert.deepEqual(rowsOf(hidden), [{ ...SYN, location: null }]);
});

test('bytes that are no events are named, not skipped', () => {
  const cases: [Buffer, string][] = [
    [dropEvent(ALL).subarray(0, 100), 'events: 100 bytes at 0; expected an event of packet_drops'],
    [Buffer.concat([dropEvent(0), u32(1)]), 'events: 4 bytes at 104; expected a header'],
    [Buffer.concat([u32(9), u32(0)]), 'table 9: unknown; expected 1'],
  ];
  for (const [bytes, message] of cases) assert.throws(() => rowsOf(bytes), new DecodeError(message));
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FrameParser } from '../../../capture/probes/frames.js';
import { DecodeError } from '../../../src/errors.js';
import { frameBytes, u32, u64 } from './frame_bytes.js';

const output = Buffer.concat([
  frameBytes('start', u32(0xabcd1234), u32(2)),
  frameBytes('clock', u64(5_000n), u64(1_795_000_000_000_000_000n)),
  frameBytes('name', u64(0xffffffff81234567n), u32(2), u32(0), Buffer.from('nft_do_chain')),
  frameBytes('probe', u32(1), u32(0), Buffer.from('packet_drops')),
  frameBytes('probe', u32(2), u32(1), Buffer.from('oom_kills\nOperation not permitted')),
  frameBytes('events', Buffer.from('any bytes')),
  frameBytes('loss', u64(2n ** 53n + 1n), u64(6_000n), u64(7_000n), u32(1), u32(1), u32(77), u32(0)),
]);

const frames = [
  { kind: 'start', fingerprint: 0xabcd1234, probes: 2 },
  { kind: 'clock', bootNs: 5_000n, epochNs: 1_795_000_000_000_000_000n },
  { kind: 'name', named: 'kernel_address', value: 0xffffffff81234567n, name: 'nft_do_chain' },
  { kind: 'probe', probe: 'packet_drops', state: 'attached', errorNumber: 0, detail: '' },
  { kind: 'probe', probe: 'oom_kills', state: 'failed', errorNumber: 1, detail: 'Operation not permitted' },
  { kind: 'events', bytes: Buffer.from('any bytes') },
  {
    kind: 'loss',
    cause: 'ring_buffer_full',
    table: 1,
    reason: 77,
    count: 2n ** 53n + 1n,
    sinceBootNs: 6_000n,
    untilBootNs: 7_000n,
  },
];

/** Frames in these chunks, copied: their bytes are only valid until the next chunk. */
function parse(chunks: readonly Buffer[]): unknown[] {
  const parser = new FrameParser();
  const found: unknown[] = [];
  for (const chunk of chunks) for (const frame of parser.push(chunk)) found.push(structuredCopy(frame));
  parser.end();
  return found;
}

function structuredCopy(frame: object): object {
  return 'bytes' in frame ? { ...frame, bytes: Buffer.from(frame.bytes as Buffer) } : frame;
}

test('frames come out as they went in', () => assert.deepEqual(parse([output]), frames));

test('however the output is cut, the frames are the same', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(output.length)), (cuts) => {
      const edges = [0, ...cuts.sort((a, b) => a - b), output.length];
      const chunks = edges.slice(1).map((end, i) => output.subarray(edges[i], end));
      assert.deepEqual(parse(chunks), frames);
    }),
  );
});

test('bytes that are no frames are named, not skipped', () => {
  const cases: [Buffer, string][] = [
    [Buffer.concat([u32(9), u32(0)]), 'frame 1: kind is 9; expected 1, 2, 3, 4, 5, 6'],
    [Buffer.concat([u32(1), u32(2 ** 31)]), 'frame 1: body of 2147483648 bytes; expected at most 1048576'],
    [frameBytes('clock', u32(1)), 'frame 1 (clock): body of 4 bytes; expected 16 or more'],
    [frameBytes('probe', u32(7), u32(0)), 'frame 1 (probe): state is 7; expected 1, 2'],
    [frameBytes('start', u64(1n)).subarray(0, 11), 'frame 1: cut off after 11 bytes'],
  ];
  for (const [bytes, message] of cases) assert.throws(() => parse([bytes]), new DecodeError(message));
});

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { exportRequests } from '../../../src/convert/otlp/requests.js';
import { NewTape } from '../../../src/import/new_tape.js';
import { RequestDecoder } from '../../../src/otlp/request_decoder.js';
import { SIGNALS, type Signal } from '../../../src/otlp/signal.js';
import { tables } from '../../../src/schema/tables/index.js';
import { openTape } from '../../../src/tape/tape.js';
import { scratch } from '../../scratch.js';
import { RECEIVED } from '../otlp/batches.js';
import { recordsOf } from '../otlp/meaning.js';
import { encodeByReference, referenceRequest } from '../otlp/reference.js';
import { randomRequest } from './random_request.js';

/** What protobufjs reads in requests, record by record, in no order. */
function said(signal: Signal, requests: readonly Uint8Array[]): string[] {
  return requests.flatMap((bytes) => recordsOf(signal, referenceRequest(signal).decode(bytes))).sort();
}

/** Makes a tape of requests, as the recorder and `import otlp` do, and exports it. */
async function throughTape(
  t: TestContext,
  signal: Signal,
  requests: readonly Uint8Array[],
): Promise<Uint8Array[]> {
  const path = join(scratch(t), 'tape');
  const names = tables.map(({ name }) => name);
  await NewTape.write(
    path,
    { tool: 'ktape test', now: RECEIVED, node: 'node-1' },
    [],
    names,
    async (tape) => {
      const decoder = new RequestDecoder(tape.batches, { next: 0 });
      for (const request of requests) decoder.decode(signal, request, RECEIVED);
    },
  );
  const exported: Uint8Array[] = [];
  for await (const { protobuf } of exportRequests(await openTape(path), { signals: [signal] }))
    exported.push(protobuf);
  return exported;
}

for (const signal of SIGNALS) {
  test(`${signal} at random go out of a tape as they came in`, async (t) => {
    const requests = fc
      .sample(randomRequest(signal), { numRuns: 60, seed: 20261122 })
      .map((request) => encodeByReference(signal, request));
    const expected = said(signal, requests);
    assert.deepEqual(said(signal, await throughTape(t, signal, requests)), expected);
    t.diagnostic(`${expected.length} records compared`);
  });
}

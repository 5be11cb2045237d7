import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Manifest, Segment } from '../../../src/tape/manifest.js';
import { mergeManifests } from '../../../src/tape/merge_manifests.js';
import { parseTime } from '../../../src/tape/time.js';

function segment(path: string, sha256 = path): Segment {
  const time = '2026-11-22T10:00:30.000000000Z';
  return { path, node: 'a', rows: 1, bytes: 1, first_time: time, last_time: time, sha256 };
}

/** A tape of one node, recorded between two minutes of ten o'clock. */
function tape(node: string, from: string, to: string, change: Partial<Manifest> = {}): Manifest {
  return {
    format: 'ktape',
    version: 1,
    tool: 'ktape test',
    state: 'complete',
    started: `2026-11-22T10:${from}:00.000000000Z`,
    ended: `2026-11-22T10:${to}:00.000000000Z`,
    nodes: [{ name: node, kernel: '6.1.0', architecture: 'x64', boot_time: null }],
    sources: [{ name: 'otlp grpc', state: 'recorded', detail: '0.0.0.0:4317' }],
    journal_sealed: 3,
    seen_until: null,
    removed: [],
    tables: { spans: [segment(`spans/${node}-1.parquet`)] },
    ...change,
  };
}

/** What nobody saw, shortened. */
function unseen(manifests: readonly Manifest[]): string[] {
  return mergeManifests(manifests, 'ktape test').unseen.map(({ node, table, reason, since, until }) => {
    const minute = (time: bigint) => (time - parseTime('2026-11-22T10:00Z')) / 60_000_000_000n;
    return `${node} ${table} ${reason} ${minute(since)}-${minute(until)}`;
  });
}

test('segments side by side, from the first start to the last end', () => {
  const { manifest } = mergeManifests([tape('a', '00', '05'), tape('b', '01', '06')], 'ktape merge');
  assert.deepEqual(manifest, {
    ...tape('a', '00', '06'),
    tool: 'ktape merge',
    journal_sealed: 0,
    nodes: [...tape('a', '00', '00').nodes, ...tape('b', '00', '00').nodes],
    tables: { spans: [segment('spans/a-1.parquet'), segment('spans/b-1.parquet')] },
  });
});

test('what one did not see while another recorded', () => {
  const cluster = tape('c', '00', '09', {
    tables: { kubernetes_objects: [], recorder_health: [], losses: [] },
  });
  assert.deepEqual(unseen([tape('a', '00', '05'), tape('b', '01', '09'), cluster]), [
    'a spans had ended 5-9',
    'b spans not started yet 0-1',
  ]);
  assert.deepEqual(unseen([tape('a', '00', '05')]), []);
});

test('a tape that is still recorded reaches to where its rows do', () => {
  const running = tape('b', '00', '05', {
    state: 'recording',
    ended: null,
    seen_until: '2026-11-22T10:03:00.000000000Z',
  });
  const { manifest } = mergeManifests([tape('a', '00', '05'), running], 'ktape test');
  assert.deepEqual(
    [manifest.state, manifest.ended, manifest.seen_until],
    ['recording', null, '2026-11-22T10:05:00.000000000Z'],
  );
  assert.deepEqual(unseen([tape('a', '00', '05'), running]), ['b spans not complete 3-5']);
});

test('a source is told once where all say the same, else with the nodes', () => {
  const probe = (state: 'recorded' | 'unavailable') => ({ name: 'probe packet_drops', state, detail: state });
  const { sources } = mergeManifests(
    [
      tape('a', '00', '05', { sources: [...tape('a', '00', '05').sources, probe('recorded')] }),
      tape('b', '00', '05', { sources: [...tape('b', '00', '05').sources, probe('unavailable')] }),
    ],
    'ktape test',
  ).manifest;
  assert.deepEqual(
    sources.map(({ name, state }) => `${name}: ${state}`),
    ['otlp grpc: recorded', 'probe packet_drops on a: recorded', 'probe packet_drops on b: unavailable'],
  );
});

test('the same segment twice is one; one path for two is refused', () => {
  const a = tape('a', '00', '05');
  assert.deepEqual(mergeManifests([a, a], a.tool).manifest, { ...a, journal_sealed: 0 });
  const other = { ...a, tables: { spans: [segment('spans/a-1.parquet', 'else')] } };
  assert.throws(
    () => mergeManifests([a, other], ''),
    /^KtapeError: two tapes have a segment spans\/a-1\.parquet, and their bytes differ$/,
  );
  assert.throws(() => mergeManifests([], ''), /^KtapeError: there is no tape to merge$/);
});

test('the order of merging does not matter for what is in it', () => {
  const minutes = fc.integer({ min: 10, max: 58 });
  const tapes = fc.array(
    fc
      .tuple(fc.constantFrom('a', 'b', 'c'), minutes, minutes)
      .map(([node, x, y]) => tape(`${node}${x}`, String(Math.min(x, y)), String(Math.max(x, y) + 1))),
    { minLength: 1, maxLength: 5 },
  );
  fc.assert(
    fc.property(tapes, (list) => {
      const there = mergeManifests(list, '').manifest;
      const back = mergeManifests([...list].reverse(), '').manifest;
      const paths = ({ tables }: Manifest) =>
        Object.values(tables)
          .flat()
          .map(({ path }) => path)
          .sort();
      assert.deepEqual(paths(there), [...new Set(list.flatMap(paths))].sort());
      assert.deepEqual([paths(back), back.started, back.ended], [paths(there), there.started, there.ended]);
      for (const { started, ended } of list) {
        assert.ok(there.started <= started && (there.ended ?? '') >= (ended ?? ''));
      }
    }),
  );
});

/** What becomes of a watch when its server forgets, refuses, breaks off or is not there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClusterWatch } from '../../../capture/kubernetes/cluster_watch.js';
import { WATCHED_KINDS } from '../../../src/kubernetes/kinds.js';
import { until } from '../until.js';
import { Api } from './api.js';
import { Recording } from './recording.js';
import { watching } from './watching.js';

test('410: it lists again; what changed is listed, what is missing has vanished, the rest gives no row', async () => {
  const recording = await watching((api) => {
    for (const name of ['same', 'changed', 'gone']) api.put(name);
  });
  const { api } = recording;
  api.refusing = { code: 503, message: 'etcd is away' };
  api.breakWatches();
  api.put('changed', { v: '2' });
  api.remove('gone');
  api.put('new');
  api.forgetChanges();
  api.refusing = undefined;
  await until('it watches again', () => api.watching === 1);
  await recording.end();
  assert.deepEqual(recording.seen.slice(4), [
    'listed changed v=2',
    'listed new',
    'vanished gone',
    'relisted PodList',
  ]);
  assert.equal(recording.rows.find(({ observed }) => observed === 'vanished')?.object, null);
  const last = recording.gaps.at(-1);
  assert.equal(last?.reason, 'the API server ended the watch: too old resource version: 103');
  assert.equal(last?.until, recording.rows.at(-1)?.time);
  const before = recording.rows[3]?.time ?? 0n;
  assert(
    (recording.gaps[0]?.since ?? 0n) <= before + 4_000_000_000n,
    'the gap begins when the watch was last heard',
  );
});

test('410 after a moment: the gap begins when the last event was heard, however short it is', async () => {
  const MILLISECOND = 1_000_000n;
  const recording = await watching(undefined, MILLISECOND);
  const { api } = recording;
  api.put('a');
  await until('a is seen', () => recording.rows.length === 2);
  api.forgetChanges();
  api.endWatches();
  await until('it lists again', () => recording.rows.length === 3);
  await recording.end();
  const [gap] = recording.gaps;
  assert((gap?.since ?? 0n) <= (recording.rows[1]?.time ?? 0n) + 2n * MILLISECOND);
  assert.equal(gap?.until, recording.rows[2]?.time);
});

test('a watch that always ends at once is a failure, not a reason to hurry', async () => {
  const api = new Api();
  api.endsAtOnce = true;
  await api.start();
  const recording = new Recording(api, 1n);
  await until('it says so', () => recording.notices.length > 0);
  await recording.end();
  assert.deepEqual(recording.notices, ['the watch ended at once']);
});

test('a line that is no event: it lists again instead of going on as if nothing was', async () => {
  const recording = await watching();
  const { api } = recording;
  api.say('{"type":"ADD');
  await until('it lists again', () => recording.rows.length === 2);
  await recording.end();
  assert.match(recording.gaps.at(-1)?.reason ?? '', /^the API server sent no JSON for a watch/);
});

test('an unreachable server is tried until it is there; the time before is a gap', async () => {
  const api = new Api();
  await api.start();
  await api.stop();
  const recording = new Recording(api);
  await until('it says so', () => recording.notices.length > 0);
  api.put('a');
  await api.start();
  await until('a is seen', () => recording.rows.length === 2);
  await recording.end();
  assert.match(
    recording.notices[0] ?? '',
    /^cannot reach the API server http:\/\/127\.0\.0\.1:\d+: .*ECONNREFUSED/,
  );
  assert.deepEqual(recording.seen, ['listed a', 'listed PodList']);
  assert.equal(recording.gaps[0]?.since, 1_000_000_000n);
  assert.equal(recording.gaps.at(-1)?.until, recording.rows[0]?.time);
});

test('a server that stays away: the gap is reported at the end at the latest', async () => {
  const api = new Api();
  await api.start();
  await api.stop();
  const recording = new Recording(api);
  await until('it says so', () => recording.notices.length > 0);
  await recording.end();
  assert.equal(recording.gaps[0]?.since, 1_000_000_000n);
  assert.match(recording.gaps.at(-1)?.reason ?? '', /ECONNREFUSED/);
  assert.deepEqual(recording.rows, []);
});

test('403: said once with the words of the server, and tried again all the same', async () => {
  const api = new Api();
  api.refusing = { code: 403, message: 'pods is forbidden: User "u" cannot list resource "pods"' };
  await api.start();
  const recording = new Recording(api);
  await until('it has tried again', () => api.requests.length > 3);
  api.refusing = undefined;
  await until('it watches', () => api.watching === 1);
  await recording.end();
  assert.deepEqual(recording.notices, [
    'Pod objects are not recorded: the API server answered 403 pods is forbidden: User "u" cannot list resource "pods"',
  ]);
  assert.deepEqual(recording.seen, ['listed PodList']);
});

test('a kind that was never listed has its gap, however short the recording', async () => {
  const api = new Api();
  await api.start();
  await api.stop();
  const recording = new Recording(api, 1n);
  await until('it says so', () => recording.notices.length > 0);
  await recording.end();
  assert.deepEqual(
    recording.gaps.map(({ kind, since }) => [kind, since]),
    [['Pod', 1n]],
  );
});

test('all kinds wait for a server that is down without a warning of Node', async () => {
  const api = new Api();
  await api.start();
  const config = api.config();
  await api.stop();
  const warnings: string[] = [];
  const warned = ({ name }: Error) => warnings.push(name);
  process.on('warning', warned);
  const gaps = new Set<string>();
  const stop = new AbortController();
  let ticks = 0n;
  const ended = new ClusterWatch({
    config,
    backoff: { firstMs: 50, mostMs: 50, refusedMs: 50, shedMostMs: 50 },
    onObservation: () => undefined,
    onGap: ({ kind }) => gaps.add(kind),
    onNotice: () => undefined,
    clock: () => ++ticks * 40_000_000_000n,
    signal: stop.signal,
  }).run();
  await until('every kind has waited', () => gaps.size === WATCHED_KINDS.length);
  stop.abort();
  await ended;
  process.off('warning', warned);
  assert.deepEqual(warnings, []);
});

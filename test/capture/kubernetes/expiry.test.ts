/** Versions that the server has forgotten, and the servers that go away, with the lab's API server. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, ApiServer } from '../../../capture/kubernetes/api_server.js';
import { until } from '../until.js';
import { LabApi } from './lab_api.js';
import { Recording } from './recording.js';

/** A recording of pods a and b that watches. */
async function watching(bookmarkEveryMs?: number): Promise<Recording<LabApi>> {
  const api = new LabApi(undefined, bookmarkEveryMs);
  for (const name of ['a', 'b']) api.put(name, '1');
  await api.start();
  const recording = new Recording(api);
  await until('it watches', () => api.asked.at(-1) === 'watch 3');
  assert.deepEqual(recording.seen, ['listed a v=1', 'listed b v=1', 'listed PodList']);
  return recording;
}

/** What happens while nobody watches. */
function changeAll(api: LabApi): void {
  api.put('a', '2');
  api.put('a', '3');
  api.remove('b');
  api.put('c');
  api.remove('c');
}

test('a server that was away and forgot nothing: every change is told, and the gap', async () => {
  const recording = await watching();
  const { api } = recording;
  await api.stop();
  changeAll(api);
  await api.start();
  await until('all is told', () => recording.rows.length === 8);
  await recording.end();
  assert.deepEqual(recording.seen.slice(3), [
    'modified a v=2',
    'modified a v=3',
    'deleted b v=1',
    'added c',
    'deleted c',
  ]);
  assert.deepEqual(new Set(api.asked), new Set(['list', 'watch 3']));
  assert.match(recording.gaps.at(-1)?.reason ?? '', /ECONNREFUSED|socket hang up|broke off/);
});

test('a server that was away and was compacted: what is there now, what is not any more, and nothing in between', async () => {
  const recording = await watching();
  const { api } = recording;
  const before = recording.rows.at(-1)?.time ?? 0n;
  await api.stop();
  changeAll(api);
  api.store.compact();
  await api.start();
  await until('it has listed again', () => recording.rows.length === 6);
  await recording.end();
  assert.deepEqual(recording.seen.slice(3), ['listed a v=3', 'vanished b', 'relisted PodList']);
  const gap = recording.gaps.findLast(({ reason }) => reason.includes('too old'));
  assert.equal(gap?.reason, 'the API server ended the watch: too old resource version: 3 (8)');
  const [first] = recording.gaps.filter(({ reason }) => reason !== 'not listed yet');
  assert.ok(first !== undefined && first.since >= before && first.since <= before + 5_000_000_000n);
  assert.equal(gap?.until, recording.rows.at(-1)?.time);
});

test('410 in the place of a watch is the same', async () => {
  const recording = await watching();
  const { api } = recording;
  api.intercept = ({ searchParams }, response) => {
    if (!searchParams.has('watch')) return false;
    api.intercept = () => false;
    response.writeHead(410).end('{"kind":"Status","code":410,"message":"too old resource version"}');
    return true;
  };
  api.breakConnections();
  await until('it has listed again', () => recording.seen.at(-1) === 'relisted PodList');
  await recording.end();
  assert.equal(recording.gaps.at(-1)?.reason, 'the API server answered 410 too old resource version');
});

test('bookmarks keep a quiet kind from expiring: after others changed and all was compacted it goes on without a list', async () => {
  const recording = await watching(20);
  const { api } = recording;
  for (const name of ['n1', 'n2']) api.store.create({ apiVersion: 'v1', kind: 'Node', metadata: { name } });
  await until('a bookmark has come', async () => {
    await sleep(60);
    api.breakConnections();
    return api.asked.at(-1) === 'watch 5';
  });
  api.store.compact();
  const asked = api.asked.length;
  api.breakConnections();
  await until('it watches again', () => api.asked.length > asked);
  api.put('c');
  await until('c is seen', () => recording.rows.length === 4);
  await recording.end();
  assert.deepEqual(recording.seen.at(-1), 'added c');
  assert.deepEqual(new Set(api.asked.slice(asked)), new Set(['watch 5']));
});

test('a list whose version expires between its pages begins anew, and is marked once it is whole', async () => {
  const api = new LabApi();
  const names = Array.from({ length: 250 }, (_, i) => `pod-${String(i).padStart(4, '0')}`);
  for (const name of names) api.put(name);
  api.intercept = ({ searchParams }) => {
    if (!searchParams.has('continue')) return false;
    api.intercept = () => false;
    api.put('late');
    api.store.compact();
    return false;
  };
  await api.start();
  const recording = new Recording(api);
  await until('it watches', () => api.asked.at(-1)?.startsWith('watch') === true);
  await recording.end();
  const mark = recording.rows.at(-1);
  assert.deepEqual([mark?.kind, mark?.observed], ['PodList', 'listed']);
  const listed = recording.rows.filter(({ time, name }) => time === mark?.time && name !== null);
  assert.deepEqual(
    listed.map(({ name }) => name),
    ['late', ...names],
  );
  assert.match(
    recording.gaps[0]?.reason ?? '',
    /^the API server answered 410 The provided continue parameter/,
  );
});

test('a server that asks to be left alone for a while is heard', async () => {
  const api = new LabApi();
  api.intercept = (_, response) => {
    response.writeHead(429, { 'retry-after': '7' }).end('{"message":"too many requests"}');
    return true;
  };
  await api.start();
  const server = new ApiServer(api.config(), async () => api.config());
  const refusal = await server.get('/api/v1/pods', {}, AbortSignal.timeout(10_000)).catch((error) => error);
  await api.stop();
  assert.ok(refusal instanceof ApiError);
  assert.deepEqual([refusal.status, refusal.retryAfterMs], [429, 7000]);
});

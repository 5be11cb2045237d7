import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClusterWatch } from '../../../capture/kubernetes/cluster_watch.js';
import { until } from '../until.js';
import { Api } from './api.js';
import { watching } from './watching.js';

test('lists in pages, marks the end of the list, then watches from its version', async () => {
  const recording = await watching((api) => {
    api.pageSize = 2;
    for (const name of ['a', 'b', 'c']) api.put(name);
  });
  const { api } = recording;
  api.put('d', { v: '1' });
  api.put('a', { v: '2' });
  api.remove('b');
  await until('all is seen', () => recording.rows.length === 7);
  await recording.end();
  assert.deepEqual(recording.seen, [
    'listed a',
    'listed b',
    'listed c',
    'listed PodList',
    'added d v=1',
    'modified a v=2',
    'deleted b',
  ]);
  const times = new Set(recording.rows.slice(0, 4).map(({ time }) => time));
  assert.equal(times.size, 1, 'all pages show the cluster as it was at the first');
  assert.deepEqual(api.requests, [
    'GET /api/v1/pods?limit=100 Bearer secret',
    'GET /api/v1/pods?limit=100&continue=2 Bearer secret',
    'GET /api/v1/pods?watch=true&allowWatchBookmarks=true&resourceVersion=103&timeoutSeconds=240 Bearer secret',
  ]);
});

test('a row has the version, the identity and the kind that a list leaves out', async () => {
  const recording = await watching((api) => api.put('a', { v: '1' }));
  await recording.end();
  assert.deepEqual(
    { ...recording.rows[0], time: null },
    {
      time: null,
      observed: 'listed',
      kind: 'Pod',
      api_version: 'v1',
      namespace: 'shop',
      name: 'a',
      uid: 'uid-a',
      resource_version: '101',
      object:
        '{"apiVersion":"v1","kind":"Pod","metadata":{"namespace":"shop","name":"a","uid":"uid-a","resourceVersion":"101","labels":{"v":"1"}}}',
      removed: null,
    },
  );
});

test('after a broken connection it goes on from the last version: nothing is lost, the gap is reported', async () => {
  const recording = await watching();
  const { api } = recording;
  api.put('a');
  await until('a is seen', () => recording.rows.length === 2);
  api.breakWatches();
  api.put('b');
  await until('b is seen', () => recording.rows.length === 3);
  await recording.end();
  assert.deepEqual(recording.seen, ['listed PodList', 'added a', 'added b']);
  assert.equal(recording.gaps.at(-1)?.kind, 'Pod');
  assert.match(recording.gaps.at(-1)?.reason ?? '', /^the watch broke off: /);
});

test('a bookmark moves the version on without a row', async () => {
  const recording = await watching();
  const { api } = recording;
  api.say(
    '{"type":"BOOKMARK","object":{"kind":"Pod","apiVersion":"v1","metadata":{"resourceVersion":"100000"}}}',
  );
  api.put('a');
  await until('a is seen', () => recording.rows.length === 2);
  api.say(
    '{"type":"BOOKMARK","object":{"kind":"Pod","apiVersion":"v1","metadata":{"resourceVersion":"100001"}}}',
  );
  api.endWatches();
  await until('it watches again', () => api.watching === 1);
  await recording.end();
  assert.match(api.requests.at(-1) ?? '', /resourceVersion=100001/);
  assert.deepEqual(recording.seen, ['listed PodList', 'added a']);
});

test('an object that cannot be stored is a loss, and watching goes on', async () => {
  const recording = await watching();
  const deep = `${'{"a":'.repeat(80)}1${'}'.repeat(80)}`;
  recording.api.say(
    `{"type":"ADDED","object":{"metadata":{"name":"deep","uid":"u","resourceVersion":"150"},"spec":${deep}}}`,
  );
  recording.api.put('b');
  await until('b is seen', () => recording.rows.length === 2);
  await recording.end();
  assert.deepEqual(recording.seen, ['listed PodList', 'added b']);
  assert(
    recording.gaps.some(
      ({ reason }) => reason === 'unreadable object: Pod deep: nested deeper than 64 levels',
    ),
  );
});

test('an event without an object or a name is told as lost, and is not known afterwards', async () => {
  const recording = await watching();
  const { api } = recording;
  api.say('{"type":"ADDED","object":null}');
  await until('it is told', () => recording.gaps.some(({ reason }) => /metadata\.name/.test(reason)));
  api.forgetChanges();
  api.endWatches();
  await until('it lists again', () => recording.rows.length >= 2);
  await recording.end();
  assert.deepEqual(recording.seen, ['listed PodList', 'relisted PodList']);
});

test('a first list that broke off is begun anew and shows everything', async () => {
  const recording = await watching((api) => {
    api.pageSize = 1;
    api.refusingOnce = { page: 1, code: 410, message: 'the continue token is too old' };
    for (const name of ['a', 'b']) api.put(name);
  });
  await recording.end();
  assert.deepEqual(recording.seen, ['listed a', 'listed a', 'listed b', 'listed PodList']);
  assert.equal(recording.rows[1]?.time, recording.rows[3]?.time);
});

test('a callback that throws ends the watch of all kinds with that error', async () => {
  const api = new Api();
  await api.start();
  const options = { onGap: () => undefined, onNotice: () => undefined, clock: () => 0n };
  const watch = new ClusterWatch({
    ...options,
    config: api.config(),
    onObservation: ({ kind }) => {
      if (kind === 'PodList') throw new Error('disk is full');
    },
    signal: new AbortController().signal,
  }).run();
  await assert.rejects(watch, /disk is full/);
  await api.stop();
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Observed } from '../../../../src/kubernetes/observation.js';
import type { WatchGap } from '../../../../src/kubernetes/watch_gap.js';
import { ClusterTimeline } from '../../../../src/policy/history/timeline.js';
import { marks, podYaml, rowsOf } from '../cluster.js';

type Event = readonly [time: number, observed: Observed, yaml: string];

/** What happened when, every kind being listed at 0. */
function timelineOf(events: readonly Event[], gaps: readonly WatchGap[] = []): ClusterTimeline {
  const rows = events.map(([time, observed, yaml]) => rowsOf(yaml, BigInt(time), observed));
  return new ClusterTimeline([...marks(), ...rows.flat()], gaps);
}

/** Who has 10.0.0.5 at each time, or had or will have it up to 5 ns away. */
function near(timeline: ClusterTimeline, times: readonly bigint[]): string[] {
  return times.map((time) => {
    const endpoint = timeline.endpointNear('10.0.0.5', time, 5n);
    return endpoint.kind === 'pod' ? `${endpoint.pod.name} ${endpoint.pod.labels.app}` : endpoint.kind;
  });
}

const pod = (name: string, app = name) => podYaml(`shop/${name}`, '10.0.0.5', `app: ${app}`);

test('an address is its pod’s a little before it is seen and after it is gone', () => {
  const timeline = timelineOf([
    [10, 'added', pod('a')],
    [20, 'deleted', pod('a')],
  ]);
  assert.deepEqual(near(timeline, [4n, 5n, 10n, 20n, 24n, 25n]), [
    'external',
    'a a',
    'a a',
    'a a',
    'a a',
    'external',
  ]);
});

test('a pod is as it is now, not as it was when it got the address', () => {
  const timeline = timelineOf([
    [10, 'added', pod('a')],
    [11, 'modified', pod('a', 'renamed')],
  ]);
  assert.deepEqual(near(timeline, [10n, 11n]), ['a a', 'a renamed']);
});

test('the pod that has the address outweighs those near; of several near, none', () => {
  const timeline = timelineOf([
    [10, 'added', pod('a')],
    [20, 'deleted', pod('a')],
    [23, 'added', pod('b')],
  ]);
  assert.deepEqual(near(timeline, [17n, 19n, 21n, 23n, 25n]), ['a a', 'a a', 'external', 'b b', 'b b']);
});

test('a node that has the address outweighs a pod near', () => {
  const node =
    '{kind: Node, apiVersion: v1, metadata: {name: n9}, status: {addresses: [{address: 10.0.0.5}]}}';
  const timeline = timelineOf([
    [10, 'added', pod('a')],
    [20, 'deleted', pod('a')],
    [21, 'added', node],
  ]);
  assert.deepEqual(near(timeline, [20n, 21n]), ['a a', 'node']);
});

test('where pods are not known, a pod near is no answer', () => {
  const gap = { kind: 'Pod', since: 12n, until: 13n, reason: 'test' };
  const timeline = timelineOf([[10, 'added', pod('a')]], [gap]);
  assert.deepEqual(near(timeline, [11n, 12n, 13n]), ['a a', 'unknown', 'a a']);
});

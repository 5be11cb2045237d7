import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WatchGap } from '../../../../src/kubernetes/watch_gap.js';
import { ClusterTimeline } from '../../../../src/policy/history/timeline.js';
import { turningPoint } from '../../../../src/policy/history/turning_point.js';
import { marks, policyYaml, rowsOf, SHOP } from '../cluster.js';

const allowing = (app: string) =>
  policyYaml(
    'p',
    `podSelector: {matchLabels: {app: db}}\ningress: [{from: [{podSelector: {matchLabels: {app: ${app}}}}]}]`,
  );

/** What turned the verdict on web to db as of a time: when, and the verdict before. Each app is let in from 10 × its place on. */
function turn(apps: readonly string[], time: bigint, gaps: readonly WatchGap[] = []): unknown {
  const edits = apps.flatMap((app, i) =>
    rowsOf(allowing(app), BigInt(10 * i), i === 0 ? 'listed' : 'modified'),
  );
  const timeline = new ClusterTimeline([...rowsOf(SHOP), ...marks(), ...edits], gaps);
  const [source, destination] = ['10.0.0.1', '10.0.0.2'].map((one) => timeline.at(time).endpointAt(one));
  assert(source !== undefined && destination !== undefined);
  const connection = { source, destination, protocol: 'TCP', sourcePort: null, destinationPort: 80 };
  const found = turningPoint(timeline, connection, 'ingress', time);
  return found && [found.change.time, found.before];
}

test('the last change that turned the verdict, not those after it that left it as it was', () => {
  assert.deepEqual(turn(['web', 'api', 'job'], 99n), [10n, 'allowed']);
  assert.deepEqual(turn(['web', 'api', 'job', 'web', 'x', 'y'], 99n), [40n, 'allowed']);
  assert.deepEqual(turn(['api', 'web', 'web'], 99n), [10n, 'denied']);
});

test('changes after the time asked about do not count', () => {
  assert.deepEqual(turn(['web', 'api', 'web', 'api'], 25n), [20n, 'denied']);
  assert.deepEqual(turn(['web', 'api', 'web'], 10n), [10n, 'allowed']);
  assert.equal(turn(['web', 'api'], 9n), undefined);
});

test('where no change turned it, or what was before cannot be told, the last change', () => {
  assert.deepEqual(turn(['api', 'job', 'x'], 99n), [20n, 'denied']);
  const gap = { kind: 'NetworkPolicy', since: 5n, until: 10n, reason: 'test' };
  assert.deepEqual(turn(['web', 'api', 'job'], 99n, [gap]), [20n, 'unknown']);
});

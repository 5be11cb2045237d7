/** Kinds that come by a CustomResourceDefinition, which a cluster may lack, or get while it is recorded. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WATCHED_KINDS } from '../../../src/kubernetes/kinds.js';
import { until } from '../until.js';
import { Api } from './api.js';
import { Recording } from './recording.js';

const V3 = 'projectcalico.org/v3';
const CRD = 'crd.projectcalico.org/v1';
const CALICO = WATCHED_KINDS.filter(({ kind, apiVersion }) => kind === 'NetworkPolicy' && apiVersion === V3);

/** Records Calico's NetworkPolicies of a server that serves these groups. */
async function recordingOf(...groups: string[]): Promise<Recording> {
  const api = new Api();
  api.groups = groups;
  api.served = { kind: 'NetworkPolicy', apiVersion: groups[0] ?? V3 };
  await api.start();
  return new Recording(api, undefined, CALICO);
}

test('a cluster without the kind: the mark of a list, no gap, no notice, and no attempt to list', async () => {
  const recording = await recordingOf();
  await until('it has looked again', () => recording.api.requests.length > 1);
  await recording.end();
  const [mark, ...others] = recording.rows;
  assert.deepEqual(
    [mark?.kind, mark?.api_version, mark?.observed, mark?.name, mark?.resource_version],
    ['NetworkPolicyList', V3, 'listed', null, null],
  );
  assert.deepEqual([others, recording.notices], [[], []]);
  // The recording begins before the first look.
  assert.deepEqual(
    recording.gaps.map(({ reason }) => reason),
    ['not listed yet'],
  );
  for (const request of recording.api.requests) assert.match(request, /^GET \/apis Bearer/);
});

test('a role that may not list says nothing of a kind that is not there', async () => {
  const recording = await recordingOf();
  recording.api.forbidding = { code: 403, message: 'networkpolicies.projectcalico.org is forbidden' };
  await until('it is known to be absent', () => recording.rows.length === 1);
  await recording.end();
  assert.deepEqual(recording.notices, []);
});

test('a role that may not list a kind that is there: a gap under the name of the kind', async () => {
  const recording = await recordingOf(V3);
  recording.api.forbidding = { code: 403, message: 'networkpolicies.projectcalico.org is forbidden' };
  await until('it says so', () => recording.notices.length > 0);
  await recording.end();
  assert.deepEqual(recording.notices, [
    'Calico NetworkPolicy objects are not recorded: the API server answered 403 networkpolicies.projectcalico.org is forbidden',
  ]);
  assert.deepEqual(recording.rows, []);
  assert.deepEqual(new Set(recording.gaps.map(({ kind }) => kind)), new Set(['Calico NetworkPolicy']));
});

test('objects that two groups serve are watched once, in the group that comes first', async () => {
  for (const [groups, watched] of [
    [[V3, CRD], V3],
    [[CRD], CRD],
  ] as const) {
    const recording = await recordingOf(...groups);
    recording.api.put('a');
    await until('it watches', () => recording.api.watching === 1);
    recording.api.put('b');
    await until('b is seen', () => recording.rows.length === 3);
    await recording.end();
    assert.deepEqual(recording.seen, ['listed a', 'listed NetworkPolicyList', 'added b']);
    assert.deepEqual(new Set(recording.rows.map(({ api_version }) => api_version)), new Set([watched]));
  }
});

test('a kind that comes while recording is watched from then on, the time since the last look being a gap', async () => {
  const recording = await recordingOf();
  const { api } = recording;
  await until('it is known to be absent', () => recording.rows.length === 1);
  api.put('a');
  api.groups = [V3];
  await until('it watches', () => api.watching === 1);
  await recording.end();
  assert.deepEqual(recording.seen, ['listed NetworkPolicyList', 'listed a', 'relisted NetworkPolicyList']);
  const gap = recording.gaps.at(-1);
  assert.equal(gap?.reason, 'the API server did not serve it yet');
  assert.equal(gap?.until, recording.rows.at(-1)?.time);
});

test('a kind that goes while recording takes its objects with it', async () => {
  const recording = await recordingOf(V3);
  const { api } = recording;
  api.put('a');
  await until('it watches', () => api.watching === 1);
  api.groups = [];
  api.endWatches();
  await until('a has vanished', () => recording.rows.length === 4);
  await recording.end();
  assert.deepEqual(recording.seen.slice(-2), ['vanished a', 'relisted NetworkPolicyList']);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Observed } from '../../../../src/kubernetes/observation.js';
import { objectSaid } from '../../../../src/policy/history/changed_object.js';
import { type Change, changesBearingOn, changesBetween } from '../../../../src/policy/history/changes.js';
import { ClusterTimeline } from '../../../../src/policy/history/timeline.js';
import type { Direction } from '../../../../src/policy/rules/policy.js';
import { marks, podYaml, policyYaml, rowsOf, SHOP } from '../cluster.js';

type Event = readonly [time: number, observed: Observed, yaml: string];

/** The shop, listed at 1, with what happens later. */
function timelineOf(...events: readonly Event[]): ClusterTimeline {
  const rows = events.map(([time, observed, yaml]) => rowsOf(yaml, BigInt(time), observed));
  return new ClusterTimeline([...rowsOf(SHOP, 1n), ...marks(1n), ...rows.flat()]);
}

/** `5 Namespace shop: label team was a and is now z`. */
const said = ({ time, object, what }: Change) => `${time} ${objectSaid(object)}: ${what}`;

/** What bears on a connection from one address to another. */
function bearing(timeline: ClusterTimeline, ends: string, direction: Direction = 'ingress'): string[] {
  const [source, destination] = ends.split(' > ').map((address) => timeline.at(1n).endpointAt(address));
  assert(source !== undefined && destination !== undefined);
  const connection = { source, destination, protocol: 'TCP', sourcePort: null, destinationPort: 80 };
  return changesBearingOn(timeline, direction, connection).map(said);
}

const WEB_TO_DB = '10.0.0.1 > 10.0.0.2';
const namespace = (name: string, team: string) =>
  `{kind: Namespace, apiVersion: v1, metadata: {name: ${name}, labels: {team: ${team}}}}`;
const node = (name: string, address: string, labels: string) =>
  `{kind: Node, apiVersion: v1, metadata: {name: ${name}, labels: {${labels}}}, status: {addresses: [{address: ${address}}]}}`;
const calico = (kind: string, name: string, spec: string) =>
  `{kind: ${kind}, apiVersion: projectcalico.org/v3, metadata: {name: ${name}}, spec: {${spec}}}`;
const adminPolicy = (priority: number) =>
  `{kind: AdminNetworkPolicy, apiVersion: policy.networking.k8s.io/v1alpha1, metadata: {name: anp}, spec: {priority: ${priority}, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}}`;

test('the labels of both namespaces bear on a connection, and of no other', () => {
  const timeline = timelineOf(
    [5, 'modified', namespace('prod', 'y')],
    [6, 'modified', namespace('shop', 'z')],
    [7, 'added', namespace('other', 'a')],
    [8, 'modified', namespace('other', 'z')],
  );
  const [prod, shop] = [
    '5 Namespace prod: label team was b and is now y',
    '6 Namespace shop: label team was a and is now z',
  ];
  assert.deepEqual(bearing(timeline, WEB_TO_DB), [shop]);
  assert.deepEqual(bearing(timeline, '10.0.1.1 > 10.0.0.2'), [prod, shop]);
  assert.deepEqual(bearing(timeline, '10.0.0.2 > 10.0.1.1'), [prod, shop]);
});

test('the labels of a node bear on what comes from it', () => {
  const timeline = timelineOf([5, 'modified', node('n2', '192.168.0.2', 'role: edge')]);
  assert.deepEqual(bearing(timeline, '192.168.0.2 > 10.0.0.2'), [
    '5 Node n2: label role was missing and is now edge',
  ]);
  assert.deepEqual(bearing(timeline, '192.168.0.1 > 10.0.0.2'), []);
  assert.deepEqual(bearing(timeline, '203.0.113.1 > 10.0.0.2'), []);
});

test('a policy bears on a connection if it selects the pod, in that direction, before or after', () => {
  const both = (app: string) => policyYaml('p', `podSelector: {matchLabels: {app: ${app}}}`);
  const timeline = timelineOf(
    [4, 'added', policyYaml('elsewhere', 'podSelector: {matchLabels: {app: api}}')],
    [5, 'added', both('api')],
    [6, 'modified', both('db')],
    [7, 'modified', both('web')],
    [8, 'modified', both('api')],
  );
  assert.deepEqual(bearing(timeline, WEB_TO_DB), [
    '6 NetworkPolicy shop/p: it selected pods app=api and now selects pods app=db',
    '7 NetworkPolicy shop/p: it selected pods app=db and now selects pods app=web',
  ]);
  assert.deepEqual(bearing(timeline, WEB_TO_DB, 'egress'), []);
});

test('policies of the cluster, tiers and network sets bear on every connection', () => {
  const timeline = timelineOf(
    [5, 'added', adminPolicy(1)],
    [6, 'added', calico('Tier', 'secure', 'order: 5')],
    [7, 'modified', calico('Tier', 'secure', 'order: 6')],
    [8, 'added', calico('GlobalNetworkSet', 'corp', 'nets: [10.1.0.0/16]')],
  );
  const all = [
    '5 AdminNetworkPolicy anp: it was added',
    '6 Calico Tier secure: it was added',
    '7 Calico Tier secure: it was changed',
    '8 Calico GlobalNetworkSet corp: it was added',
  ];
  assert.deepEqual(bearing(timeline, WEB_TO_DB), all);
  assert.deepEqual(changesBetween(timeline, 1n, 9n).map(said), all);
});

test('a version that changes nothing for policies is no change, nor is one that ends or begins labels', () => {
  const web = podYaml('shop/web', '10.0.0.1', 'app: web, tier: front');
  const timeline = timelineOf(
    [2, 'added', policyYaml('p', 'podSelector: {}')],
    [5, 'modified', `${policyYaml('p', 'podSelector: {}')}\nstatus: {}`],
    [6, 'modified', web.replace('nodeName: n1', 'nodeName: n2')],
    [7, 'deleted', namespace('shop', 'a')],
    [8, 'added', namespace('shop', 'z')],
  );
  assert.deepEqual(bearing(timeline, WEB_TO_DB), ['2 NetworkPolicy shop/p: it was added']);
});

test('what was there when its kind was first listed is no change, nor of a kind that never was', () => {
  const rows = [...rowsOf(SHOP, 1n), ...rowsOf(policyYaml('p', 'podSelector: {}'), 1n)];
  const listed = new ClusterTimeline([...rows, ...marks(1n)]);
  const withoutMarks = new ClusterTimeline([...rows, ...marks(1n).filter((row) => row.kind === 'PodList')]);
  assert.deepEqual([bearing(listed, WEB_TO_DB), bearing(withoutMarks, WEB_TO_DB)], [[], []]);
});

test('all changes between two instants, in order: the first excluded, the last included', () => {
  const timeline = timelineOf(
    [4, 'modified', namespace('shop', 'z')],
    [5, 'modified', node('n1', '192.168.0.1', 'a: b')],
    [6, 'added', adminPolicy(1)],
    [7, 'modified', namespace('prod', 'z')],
    [7, 'modified', podYaml('shop/db', '10.0.0.2', 'app: dbx')],
    [8, 'deleted', adminPolicy(1)],
  );
  assert.deepEqual(changesBetween(timeline, 4n, 7n).map(said), [
    '5 Node n1: label a was missing and is now b',
    '6 AdminNetworkPolicy anp: it was added',
    '7 Pod shop/db: label app was db and is now dbx',
    '7 Namespace prod: label team was b and is now z',
  ]);
});

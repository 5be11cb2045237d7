import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type JsonObject, objectAt, textAt } from '../../../src/kubernetes/json.js';
import { readManifests } from '../../../src/kubernetes/manifests.js';
import { type KubernetesObjectRow, observe } from '../../../src/kubernetes/observation.js';
import type { Endpoint } from '../../../src/policy/cluster/endpoint.js';
import { ClusterTimeline } from '../../../src/policy/history/timeline.js';
import { Directory } from '../../../src/policy/questions/names/directory.js';
import { Evaluator } from '../../../src/policy/verdict/evaluator.js';
import { marks } from './cluster.js';

/** A folder with netpol/new_online_boutique as np-guard's netpol-analyzer has it: manifests and what it says of them. */
const DATA = process.env.KTAPE_REAL_DATA;
const skip = DATA === undefined ? 'KTAPE_REAL_DATA names no folder with real clusters' : false;
const EXTERNAL = '0.0.0.0-255.255.255.255[External]';
const PORTS = [1, 80, 3550, 5050, 6379, 7000, 7070, 8080, 9555, 50051, 65535];

test('who may talk to whom under admin policies, as another tool found it', { skip }, () => {
  const folder = join(DATA ?? '', 'netpol/anp_banp_blog_demo');
  const files = ['ns.yaml', 'policies.yaml', 'workloads.yaml'];
  const objects = files.flatMap((file) => objectsOf(join(folder, 'objects', file)));
  const timeline = new ClusterTimeline([...rowsOfObjects(objects), ...marks()]);
  const { state, evaluator } = { state: timeline.at(0n), evaluator: timeline.evaluatorAt(0n) };
  const directory = new Directory(timeline, state);
  const names = [...state.pods.map(({ namespace, name }) => `${namespace}/${name}`), '0.0.0.0/0'];
  const found = names.flatMap((from) =>
    names.flatMap((to) => {
      const [source, destination] = [from, to].map((name) => directory.who(name).ends[0]?.endpoint);
      assert(source !== undefined && destination !== undefined);
      const connections = from === to ? '' : allowed(evaluator, source, destination);
      const [left, right] = [from, to].map((name) => (name === '0.0.0.0/0' ? EXTERNAL : `${name}[Pod]`));
      return connections === '' ? [] : `${left} => ${right} : ${connections}`;
    }),
  );
  const expected = readFileSync(join(folder, 'anp_banp_blog_demo_connlist_output.txt'), 'utf8').split('\n');
  assert.deepEqual(found.sort(), expected.filter((line) => line.includes('=>')).sort());
});

test('who may talk to whom in a real Online Boutique, as another tool found it', { skip }, () => {
  const folder = join(DATA ?? '', 'netpol/new_online_boutique');
  const files = ['all_deplopyments.yaml', 'all_network_policies.yaml'];
  const objects = files.flatMap((file) => objectsOf(join(folder, 'objects', file)));
  const workloads = objects.filter(({ kind }) => kind === 'Deployment');
  const pods = workloads.map((workload, i) => podOf(workload, `10.1.0.${i + 1}`));
  const state = new ClusterTimeline([...rowsOfObjects([...objects, ...pods]), ...marks()]).at(0n);
  const evaluator = new Evaluator(state);
  const ends = [
    ...pods.map((pod) => state.endpointAt(String(objectAt(pod, 'status').podIP))),
    state.endpointAt('203.0.113.9'),
  ];
  const found = ends.flatMap((source) =>
    ends.flatMap((destination) => {
      const connections = source === destination ? '' : allowed(evaluator, source, destination);
      return connections === '' ? [] : `${nameOf(source)} => ${nameOf(destination)} : ${connections}`;
    }),
  );
  const expected = readFileSync(join(folder, 'new_online_boutique_connlist_output.txt'), 'utf8').split('\n');
  assert.deepEqual(found.sort(), expected.filter((line) => line.includes('=>')).sort());
});

/** `All Connections`, or what is allowed of the ports tried: `TCP 80,TCP 8080`. */
function allowed(evaluator: Evaluator, source: Endpoint, destination: Endpoint): string {
  const tried = ['TCP', 'UDP', 'SCTP'].flatMap((protocol) => PORTS.map((port) => ({ protocol, port })));
  const open = tried.filter(({ protocol, port }) => {
    const { verdict } = evaluator.evaluate({
      source,
      destination,
      protocol,
      sourcePort: null,
      destinationPort: port,
    });
    assert.notEqual(verdict, 'unknown');
    return verdict === 'allowed';
  });
  if (open.length === tried.length) return 'All Connections';
  return open.map(({ protocol, port }) => `${protocol} ${port}`).join(',');
}

function nameOf(endpoint: Endpoint): string {
  return endpoint.kind === 'pod' ? `${endpoint.pod.namespace}/${endpoint.pod.name}[Deployment]` : EXTERNAL;
}

function rowsOfObjects(objects: readonly JsonObject[]): KubernetesObjectRow[] {
  return objects.flatMap((object) => {
    const observation = observe(object, 'imported', 0n);
    return 'row' in observation ? observation.row : [];
  });
}

/** A pod of a workload's template, under the workload's name. */
function podOf(workload: JsonObject, podIP: string): JsonObject {
  const template = objectAt(workload, 'spec', 'template');
  const name = textAt(objectAt(workload, 'metadata'), 'name');
  const metadata = { ...objectAt(template, 'metadata'), name };
  return { kind: 'Pod', apiVersion: 'v1', metadata, spec: template.spec, status: { podIP } };
}

function objectsOf(file: string): JsonObject[] {
  return [...readManifests(readFileSync(file, 'utf8'))].flatMap((entry) =>
    'object' in entry ? [entry.object] : [],
  );
}

import assert from 'node:assert/strict';
import type { JsonObject } from '../../../src/kubernetes/json.js';
import { WATCHED_KINDS } from '../../../src/kubernetes/kinds.js';
import { readManifests } from '../../../src/kubernetes/manifests.js';
import {
  type KubernetesObjectRow,
  listMark,
  type Observed,
  observe,
} from '../../../src/kubernetes/observation.js';
import type { Endpoint } from '../../../src/policy/cluster/endpoint.js';
import type { StateAt } from '../../../src/policy/history/state_at.js';
import { ClusterTimeline } from '../../../src/policy/history/timeline.js';
import type { ClusterState } from '../../../src/policy/rules/cluster_state.js';
import { policyName } from '../../../src/policy/verdict/describe.js';
import { Evaluator } from '../../../src/policy/verdict/evaluator.js';
import { explain } from '../../../src/policy/verdict/explain.js';

/** The cluster that most tests play in: two namespaces, three pods, two nodes. */
export const SHOP = `
{kind: Namespace, apiVersion: v1, metadata: {name: shop, labels: {team: a}}}
---
{kind: Namespace, apiVersion: v1, metadata: {name: prod, labels: {team: b}}}
---
{kind: Node, apiVersion: v1, metadata: {name: n1}, spec: {podCIDRs: [10.0.0.0/16]}, status: {addresses: [{type: InternalIP, address: 192.168.0.1}]}}
---
{kind: Node, apiVersion: v1, metadata: {name: n2}, status: {addresses: [{type: InternalIP, address: 192.168.0.2}]}}
---
${podYaml('shop/web', '10.0.0.1', 'app: web, tier: front')}
---
${podYaml('shop/db', '10.0.0.2', 'app: db', '{name: pg, containerPort: 5432}, {name: dns, containerPort: 53, protocol: UDP}')}
---
${podYaml('prod/web', '10.0.1.1', 'app: web')}
`;

/** A running pod on node n1, as one line of YAML; its uid is made of its name. */
export function podYaml(name: string, ip: string, labels: string, ports = '', more = ''): string {
  const [namespace, pod] = name.split('/');
  return (
    `{kind: Pod, apiVersion: v1, metadata: {namespace: ${namespace}, name: ${pod}, uid: uid-${pod}, labels: {${labels}}}, ` +
    `spec: {nodeName: n1, containers: [{name: main, ports: [${ports}]}]${more}}, ` +
    `status: {phase: Running, podIPs: [${ip ? `{ip: "${ip}"}` : ''}]}}`
  );
}

/** A NetworkPolicy of namespace shop, by the YAML of its spec. */
export function policyYaml(name: string, spec: string): string {
  const indented = spec.trim().replaceAll('\n', '\n  ');
  return `kind: NetworkPolicy\napiVersion: networking.k8s.io/v1\nmetadata: {namespace: shop, name: ${name}}\nspec:\n  ${indented}`;
}

/** A NetworkPolicy of namespace shop on what its pods with a label `app` may be reached by, named as the label's value. */
export function ingressYaml(app: string, ...rules: readonly string[]): string {
  return policyYaml(app, `podSelector: {matchLabels: {app: ${app}}}\ningress: [${rules.join(', ')}]`);
}

/** Rows of everything in the manifests, seen at `time`. */
export function rowsOf(yaml: string, time = 0n, observed: Observed = 'listed'): KubernetesObjectRow[] {
  return [...readManifests(yaml)].map((entry) => {
    assert('object' in entry, 'problem' in entry ? entry.problem : '');
    const observation = observe(entry.object, observed, time);
    assert('row' in observation, 'problem' in observation ? observation.problem : 'a Secret');
    return observation.row;
  });
}

/** The marks that say: every kind was listed at `time`. */
export function marks(time = 0n): KubernetesObjectRow[] {
  return WATCHED_KINDS.map(({ kind, apiVersion }) => listMark(kind, apiVersion, null, time));
}

/** The cluster of these manifests, wholly known. */
export function clusterOf(...yaml: readonly string[]): StateAt {
  return new ClusterTimeline([...yaml.flatMap((text) => rowsOf(text)), ...marks()]).at(0n);
}

/**
 * Asks `shop/web > shop/db TCP 5432`, or with ` from 1024` its source port too: the verdict, and a line for each policy, or other reason, that decides it in a
 * direction: `ingress: shop/p isolates: it has no ingress rules, so it allows nothing`.
 */
export function ask(state: ClusterState, question: string): string {
  const [from = '', , to = '', protocol = '', port, , sourcePort] = question.split(' ');
  const connection = {
    source: endpointOf(state, from),
    destination: endpointOf(state, to),
    protocol,
    sourcePort: sourcePort === undefined ? null : Number(sourcePort),
    destinationPort: port === undefined ? null : Number(port),
  };
  const { verdict, egress, ingress } = new Evaluator(state).evaluate(connection);
  const lines = [egress, ingress]
    .filter((one) => one.verdict === verdict)
    .flatMap((one) => {
      if (one.otherwise !== undefined) return `${one.direction}: ${one.otherwise}`;
      const explained = explain(one, state);
      return explained.map(
        ({ policy, effect, why }) => `${one.direction}: ${policyName(policy)} ${effect}: ${why}`,
      );
    });
  return [verdict, ...lines].join('\n');
}

function endpointOf(state: ClusterState, who: string): Endpoint {
  const [namespace = '', name] = who.split('/');
  if (name === undefined) return state.endpointAt(who);
  const pod = state.pod(namespace, name);
  assert(pod?.addresses[0] !== undefined, `no pod ${who}`);
  return state.endpointAt(pod.addresses[0]);
}

/** The one object of a text of YAML. */
export function objectOf(yaml: string): JsonObject {
  const [entry] = readManifests(yaml);
  assert(entry !== undefined && 'object' in entry);
  return entry.object;
}

import { adminTier, type Outcome } from './admin.js';
import { hit } from './branches.js';
import { calicoTier, isTier } from './calico.js';
import { ciliumPolicies } from './cilium.js';
import { networkPolicies } from './network_policy.js';
import type { KubernetesObject } from './objects.js';
import { type Connection, endAt, isOwnNode, peerOf, type Question } from './question.js';
import { any } from './truth.js';

export type Verdict = 'allowed' | 'denied' | 'unknown';

/**
 * Judges a connection by walking over the objects as they are: no compiling, no caching, nothing shared with
 * src/policy. What it says of both halves of the connection must be what src/policy says.
 */
export function evaluateNaively(
  objects: readonly KubernetesObject[],
  connection: Connection,
): { egress: Verdict; ingress: Verdict } {
  const source = endAt(objects, connection.source);
  const destination = endAt(objects, connection.destination);
  const both = { objects, connection, source, destination, dataPlane: dataPlaneOf(objects) };
  if (source.kind === 'pod' && destination.kind === 'pod' && source.pod === destination.pod)
    return hit('a pod to itself', { egress: 'allowed', ingress: 'allowed' });
  return {
    egress: source.kind === 'pod' ? verdictOf({ ...both, direction: 'egress', pod: source.pod }) : 'allowed',
    ingress:
      destination.kind === 'pod'
        ? verdictOf({ ...both, direction: 'ingress', pod: destination.pod })
        : 'allowed',
  };
}

function dataPlaneOf(objects: readonly KubernetesObject[]): Question['dataPlane'] {
  const policies = objects.filter(({ kind }) => kind.endsWith('Policy'));
  if (policies.some(({ apiVersion }) => apiVersion.startsWith('cilium.io/'))) return 'cilium';
  return policies.some(({ apiVersion }) => apiVersion.startsWith('projectcalico.org/'))
    ? 'calico'
    : 'kubernetes';
}

function verdictOf(question: Question): Verdict {
  if (
    question.dataPlane !== 'kubernetes' &&
    question.direction === 'ingress' &&
    isOwnNode(question, peerOf(question))
  )
    return hit('own node is let in', 'allowed');
  const possible = new Set<Verdict>();
  for (const tier of tiersOf(question)) {
    const outcomes = tier();
    if (outcomes.has('allow')) possible.add('allowed');
    if (outcomes.has('deny')) possible.add('denied');
    if (!outcomes.has('pass') && !outcomes.has('none')) return only(possible);
  }
  return only(possible.add(hit('no tier decides for certain', 'allowed')));
}

function only(possible: ReadonlySet<Verdict>): Verdict {
  const [first, second] = possible;
  if (second !== undefined || first === undefined) return hit('unknown', 'unknown');
  return first === 'allowed' ? hit('allowed', 'allowed') : hit('denied', 'denied');
}

/**
 * The tiers in their order: Kubernetes' own two around the default one, and Calico's others. One without an order
 * stands with the default tier; of the same order, by name.
 * Source: projectcalico/api, tier.go; libcalico-go/lib/resources/tier.go, DefaultTierFields.
 */
function tiersOf(question: Question): (() => Set<Outcome>)[] {
  const tiers = [
    { order: 1_000, name: 'kube-admin', run: () => adminTier(question, 'Admin') },
    { order: 1_000_000, name: 'default', run: () => defaultTier(question) },
    { order: 10_000_000, name: 'kube-baseline', run: () => adminTier(question, 'Baseline') },
  ];
  for (const { metadata, spec } of question.objects.filter(isTier))
    tiers.push({
      order: spec.order ?? hit('Calico: tier without order', 1_000_000),
      name: metadata.name,
      run: () => calicoTier(question, metadata.name),
    });
  tiers.sort((a, b) => (a.order === b.order ? (a.name < b.name ? -1 : 1) : a.order - b.order));
  return tiers.map(({ run }) => run);
}

function defaultTier(question: Question): Set<Outcome> {
  if (question.dataPlane === 'calico') return calicoTier(question, 'default');
  const kubernetes = networkPolicies(question);
  if (question.dataPlane === 'kubernetes')
    return unionOutcomes(kubernetes.isolated, kubernetes.allowed, false);
  const cilium = ciliumPolicies(question);
  return unionOutcomes(
    kubernetes.isolated || cilium.isolated,
    any([kubernetes.allowed, cilium.allowed]),
    cilium.denied,
  );
}

/** Deny outweighs allow; what nothing allows is denied where something isolates. */
function unionOutcomes(
  isolated: boolean,
  allowed: boolean | 'unknown',
  denied: boolean | 'unknown',
): Set<Outcome> {
  const outcomes = new Set<Outcome>();
  if (denied !== false) outcomes.add(hit('union: denied by a rule', 'deny'));
  if (denied === true) return outcomes;
  if (!isolated && allowed !== true) outcomes.add(hit('union: not isolated', 'none'));
  if (allowed !== false) outcomes.add(hit('union: allowed', 'allow'));
  if (isolated && allowed !== true) outcomes.add(hit('union: isolated', 'deny'));
  return outcomes;
}

import { isJsonObject, type JsonObject, objectAt, textAt } from '../../../kubernetes/json.js';
import { formatTime } from '../../../tape/time.js';
import type { Connection, Pod } from '../../cluster/endpoint.js';
import type { StateAt } from '../../history/state_at.js';
import type { ClusterTimeline } from '../../history/timeline.js';
import { turningPoint } from '../../history/turning_point.js';
import { EndClause } from '../../rules/end_clause.js';
import { peerEndOf, subjectOf } from '../../rules/ends.js';
import type { Direction, Rule } from '../../rules/policy.js';
import { isNetworkPolicy } from '../../rules/policy_identity.js';
import { PortClause } from '../../rules/port_clause.js';
import { Evaluator } from '../../verdict/evaluator.js';
import { type Explained, explain } from '../../verdict/explain.js';
import type { ObjectsOverTime } from './objects_over_time.js';
import { distinct, FIELDS, portOf, rulesFor } from './rules_for.js';
import type { Selectors } from './selectors.js';

/** A NetworkPolicy as it would be, with what it was. */
export interface PolicyChange {
  readonly how: 'restore the policy' | 'mend a rule' | 'add a rule' | 'add a policy';
  /** As a clause: `ingress rule 0 has another peer`. */
  readonly what: string;
  /** Undefined where there was none. */
  readonly before: JsonObject | undefined;
  readonly after: JsonObject;
}

/** What candidates are made of: connections that one direction denies for one reason at one instant. */
export interface Denial {
  readonly timeline: ClusterTimeline;
  readonly state: StateAt;
  readonly time: bigint;
  readonly direction: Direction;
  /** At least one; those of the subject's workload. */
  readonly connections: readonly Connection[];
  readonly objects: ObjectsOverTime;
  readonly selectors: Selectors;
}

/** Changes of one NetworkPolicy each that may let the connections through, none of them judged yet. */
export function candidates(denial: Denial): PolicyChange[] {
  const [seed] = denial.connections;
  const subject = seed && subjectOf(denial.direction, seed);
  if (seed === undefined || subject?.kind !== 'pod') return [];
  return [
    ...restored(denial, seed),
    ...isolating(denial, seed).flatMap((one) => changed(denial, one)),
    ...added(denial, subject.pod),
  ];
}

/** The policy as it was before the change that began the denial. */
function restored({ timeline, time, direction, objects }: Denial, seed: Connection): PolicyChange[] {
  const turn = turningPoint(timeline, seed, direction, time);
  if (turn?.before !== 'allowed' || !isNetworkPolicy(turn.change.object)) return [];
  const { change } = turn;
  const { namespace, name } = change.object;
  const policyAt = (instant: bigint) => objects.at('NetworkPolicy', namespace ?? '', name, instant);
  const previous = policyAt(change.time - 1n);
  if (previous === undefined) return [];
  const before = policyAt(time);
  return [
    {
      how: 'restore the policy',
      what: `to what it was before ${formatTime(change.time)}; that change: ${change.what}`,
      before: before && applicable(before),
      after: applicable(previous),
    },
  ];
}

/** The NetworkPolicies that isolate the pod, with their nearest rules. */
function isolating({ state, direction }: Denial, seed: Connection): Explained[] {
  const verdict = new Evaluator(state).evaluate(seed)[direction];
  return explain(verdict, state).filter(
    ({ policy, effect }) => effect === 'isolates' && isNetworkPolicy(policy),
  );
}

/**
 * The policy with its nearest rule mended, and with a rule of its own for the connections. One without rules is a
 * default deny and stays one.
 */
function changed(denial: Denial, { policy, rule }: Explained): PolicyChange[] {
  const { objects, direction, time } = denial;
  const namespace = policy.namespace ?? '';
  const object = objects.at('NetworkPolicy', namespace, policy.name, time);
  if (object === undefined || rule === undefined) return [];
  const before = applicable(object);
  const spec = objectAt(before, 'spec');
  const rules = Array.isArray(spec[direction]) ? spec[direction] : [];
  const withRules = (next: readonly unknown[]) => ({ ...before, spec: { ...spec, [direction]: next } });
  const mend = mended(denial, rule, rules[rule.index], namespace);
  const more = rulesFor(denial, namespace);
  const changes: PolicyChange[] = [];
  if (mend !== undefined) {
    const next = rules.map((old, i) => (i === rule.index ? mend.rule : old));
    changes.push({ how: 'mend a rule', what: mend.what, before, after: withRules(next) });
  }
  if (more.length > 0) {
    const what = `${direction} rule ${rules.length} is new`;
    changes.push({ how: 'add a rule', what, before, after: withRules([...rules, ...more]) });
  }
  return changes;
}

/** The rule with the peers or the ports that it lacks; undefined where it lacks both: that would let in their product. */
function mended(
  { state, direction, connections, selectors }: Denial,
  rule: Rule,
  raw: unknown,
  namespace: string,
): { readonly rule: JsonObject; readonly what: string } | undefined {
  if (!isJsonObject(raw)) return undefined;
  const lacks = (kind: typeof EndClause | typeof PortClause) =>
    connections.filter((one) =>
      rule.clauses.some((clause) => clause instanceof kind && clause.holds(one, state) === false),
    );
  const [peerless, portless] = [lacks(EndClause), lacks(PortClause)];
  if (peerless.length > 0 && portless.length > 0) return undefined;
  const field = peerless.length > 0 ? FIELDS[direction].peers : 'ports';
  const found =
    peerless.length > 0
      ? peerless.map((one) => selectors.peer(peerEndOf(direction, one), namespace))
      : portless.map(portOf);
  const extra = distinct(found.flatMap((one) => one ?? []));
  if (found.includes(undefined)) return undefined;
  const old = Array.isArray(raw[field]) ? raw[field] : [];
  const what = `${rule.label} has ${extra.length === 1 ? 'one more' : `${extra.length} more`} under ${field}`;
  return { rule: { ...raw, [field]: [...old, ...extra] }, what };
}

/** A policy that allows the connections and nothing else. */
function added(denial: Denial, subject: Pod): PolicyChange[] {
  const { direction, selectors, objects, time, connections, timeline } = denial;
  const { namespace } = subject;
  const podSelector = selectors.podSelector(subject);
  const rules = rulesFor(denial, namespace);
  if (podSelector === undefined || rules.length === 0) return [];
  const others = distinct(connections.map((one) => peerName(timeline, peerEndOf(direction, one))));
  const mine = timeline.workloadOf(subject).name;
  const [from, to] = direction === 'ingress' ? [others, [mine]] : [[mine], others];
  const suffix = direction === 'egress' ? '-egress' : '';
  const base = `${nameFrom(`allow-${from.join('-')}-to-${to.join('-')}`)}${suffix}`;
  const isFree = (name: string) => objects.at('NetworkPolicy', namespace, name, time) === undefined;
  const name = [base, ...Array.from({ length: 99 }, (_, i) => `${base}-${i + 2}`)].find(isFree) ?? base;
  const after = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace },
    spec: { podSelector, policyTypes: [FIELDS[direction].type], [direction]: rules },
  };
  return [{ how: 'add a policy', what: 'the policy is new', before: undefined, after }];
}

/** What of an object is its author's: what the API server keeps beside it cannot be applied. */
function applicable(object: JsonObject): JsonObject {
  const metadata = objectAt(object, 'metadata');
  const kept = ['name', 'namespace', 'labels', 'annotations'].filter((key) => metadata[key] !== undefined);
  return {
    apiVersion: textAt(object, 'apiVersion'),
    kind: textAt(object, 'kind'),
    metadata: Object.fromEntries(kept.map((key) => [key, metadata[key]])),
    spec: objectAt(object, 'spec'),
  };
}

function peerName(timeline: ClusterTimeline, end: Connection['source']): string {
  return end.kind === 'pod' ? timeline.workloadOf(end.pod).name : end.address;
}

/** A name that the API takes: lower case, digits and hyphens, not too long. */
function nameFrom(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 200)
    .replace(/-+$/, '');
}

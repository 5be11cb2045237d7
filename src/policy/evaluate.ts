import type { ClusterState, Connection, Pod } from './cluster_state.js';
import { isSamePod, peerEndOf, subjectOf } from './ends.js';
import { matchRule } from './match.js';
import type { CompiledPolicy, Direction } from './network_policy.js';

export type Verdict = 'allowed' | 'denied' | 'unknown';

/** The verdict of one direction: egress is judged at the source pod, ingress at the destination pod. */
export interface DirectionVerdict {
  readonly direction: Direction;
  readonly verdict: Verdict;
  /** All policies that isolate the pod in this direction; when denied, none of them allows the connection. */
  readonly isolating: readonly CompiledPolicy[];
  /** The rule that allows it, when one does. */
  readonly allowedBy: { readonly policy: CompiledPolicy; readonly rule: number } | undefined;
  /** One clause saying why. */
  readonly why: string;
}

export interface ConnectionEvaluation {
  readonly verdict: Verdict;
  readonly egress: DirectionVerdict;
  readonly ingress: DirectionVerdict;
}

/** Judges one connection: it needs both directions allowed, and one that denies is enough to deny. */
export function evaluate(state: ClusterState, connection: Connection): ConnectionEvaluation {
  const egress = evaluateDirection('egress', state, connection);
  const ingress = evaluateDirection('ingress', state, connection);
  return { verdict: worse(egress.verdict, ingress.verdict), egress, ingress };
}

function evaluateDirection(
  direction: Direction,
  state: ClusterState,
  connection: Connection,
): DirectionVerdict {
  const subject = subjectOf(direction, connection);
  const other = peerEndOf(direction, connection);
  const role = direction === 'ingress' ? 'destination' : 'source';
  const settled = (verdict: Verdict, why: string, isolating: readonly CompiledPolicy[] = []) => {
    return { direction, verdict, isolating, allowedBy: undefined, why };
  };
  if (subject.kind === 'unknown') return settled('unknown', subject.why);
  if (subject.kind !== 'pod') return settled('allowed', `the ${role} is not a pod, so no policy selects it`);
  const { pod } = subject;
  if (other.kind === 'pod' && isSamePod(pod, other.pod))
    return settled('allowed', 'a pod may always reach itself');
  const gap = state.whyUnknown('NetworkPolicy');
  if (gap !== undefined) return settled('unknown', gap);
  const isolating = policiesIsolating(pod, direction, state);
  if (isolating.length === 0) return settled('allowed', `no policy isolates the ${role} pod`);
  if (other.kind === 'node' && other.node === pod.node) {
    return settled('allowed', 'traffic between a pod and its own node is always allowed', isolating);
  }
  return applyRules(direction, isolating, connection, state);
}

/** The policies that select the pod and are about the direction. */
function policiesIsolating(pod: Pod, direction: Direction, state: ClusterState): CompiledPolicy[] {
  return state
    .policiesIn(pod.namespace)
    .filter((policy) => policy.rules[direction] !== undefined && policy.pods.matches(pod.labels));
}

function applyRules(
  direction: Direction,
  isolating: readonly CompiledPolicy[],
  connection: Connection,
  state: ClusterState,
): DirectionVerdict {
  let undecided: string | undefined;
  for (const policy of isolating) {
    for (const [rule, clauses] of (policy.rules[direction] ?? []).entries()) {
      const match = matchRule(clauses, policy, direction, connection, state);
      if (match === 'no') continue;
      const which = `${direction} rule ${rule} of ${policy.namespace}/${policy.name}`;
      if (match === 'yes') {
        const allowedBy = { policy, rule };
        return { direction, verdict: 'allowed', isolating, allowedBy, why: `${which} allows it` };
      }
      undecided ??= `${which} may allow it: ${whyUndecided(direction, connection, state)}`;
    }
  }
  const verdict = { direction, isolating, allowedBy: undefined };
  if (undecided !== undefined) return { ...verdict, verdict: 'unknown', why: undecided };
  if (!['TCP', 'UDP', 'SCTP'].includes(connection.protocol)) {
    return { ...verdict, verdict: 'unknown', why: `NetworkPolicy does not define ${connection.protocol}` };
  }
  return { ...verdict, verdict: 'denied', why: 'no rule of the policies that isolate the pod allows it' };
}

function whyUndecided(direction: Direction, connection: Connection, state: ClusterState): string {
  const other = peerEndOf(direction, connection);
  if (other.kind === 'unknown') return other.why;
  if (connection.destination.kind === 'unknown') return connection.destination.why;
  if (other.kind === 'node') {
    return `${other.address} is node ${other.node}, which may stand for one of its pods`;
  }
  if (connection.destinationPort === null) return 'the destination port is not known';
  return state.whyUnknown('Namespace') ?? 'the labels of a namespace are not known';
}

function worse(a: Verdict, b: Verdict): Verdict {
  if (a === 'denied' || b === 'denied') return 'denied';
  return a === 'unknown' || b === 'unknown' ? 'unknown' : 'allowed';
}

import { objectAt, textAt } from '../../../kubernetes/json.js';
import type { Connection } from '../../cluster/endpoint.js';
import type { StateAt } from '../../history/state_at.js';
import type { ClusterTimeline } from '../../history/timeline.js';
import { evaluationAt } from '../../history/turning_point.js';
import { compileNetworkPolicy } from '../../kubernetes/network_policy.js';
import { type CompiledPolicy, DIRECTIONS, type Direction } from '../../rules/policy.js';
import { InvalidPolicy } from '../../rules/problem.js';
import { Evaluator } from '../../verdict/evaluator.js';
import { candidates, type PolicyChange } from './candidates.js';
import { ChangedState } from './changed_state.js';
import { type Consequences, consequencesOf, extentOf, linesChanged } from './consequences.js';
import type { ObjectsOverTime } from './objects_over_time.js';
import { Selectors } from './selectors.js';

/** Changes that let connections through, and what else they do. */
export interface Plan extends Consequences {
  /** One for each direction that denied them. */
  readonly changes: readonly PolicyChange[];
}

/** Tries what may let connections through at one instant. */
export class Search {
  private readonly base: StateAt;
  private readonly selectors: Selectors;
  private readonly connections: readonly Connection[];

  constructor(
    private readonly timeline: ClusterTimeline,
    private readonly objects: ObjectsOverTime,
    private readonly time: bigint,
    connections: readonly Connection[],
  ) {
    this.base = timeline.at(time);
    this.selectors = new Selectors(timeline, objects, time);
    this.connections = connections.map((one) => evaluationAt(timeline, one, time).connection);
  }

  /** Every plan under which all of the connections are allowed. */
  plans(): Plan[] {
    return this.changesFrom(this.base, DIRECTIONS, []).flatMap((changes) => {
      const state = this.stateAfter(changes);
      if (this.deniedIn(state).length > 0) return [];
      const touched = [...compiledOf(changes, 'before'), ...compiledOf(changes, 'after')];
      return [{ changes, ...consequencesOf(this.timeline, this.base, state, touched, this.connections) }];
    });
  }

  /** One change for each direction that denies something, in every combination. */
  private changesFrom(
    state: StateAt,
    [direction, ...rest]: readonly Direction[],
    sofar: readonly PolicyChange[],
  ): (readonly PolicyChange[])[] {
    if (direction === undefined) return [sofar];
    const evaluator = new Evaluator(state);
    const connections = this.connections.filter(
      (one) => evaluator.evaluate(one)[direction].verdict === 'denied',
    );
    if (connections.length === 0) return this.changesFrom(state, rest, sofar);
    const { timeline, time, objects, selectors } = this;
    return candidates({ timeline, state, time, direction, connections, objects, selectors })
      .filter((change) => !sofar.some((other) => isOfOneName(other, change)))
      .flatMap((change) => {
        const changes = [...sofar, change];
        return this.changesFrom(this.stateAfter(changes), rest, changes);
      });
  }

  private stateAfter(changes: readonly PolicyChange[]): StateAt {
    return new ChangedState(this.timeline, this.time, compiledOf(changes, 'after'));
  }

  private deniedIn(state: StateAt): Connection[] {
    const evaluator = new Evaluator(state);
    return this.connections.filter((one) => evaluator.evaluate(one).verdict !== 'allowed');
  }
}

function compiledOf(changes: readonly PolicyChange[], side: 'before' | 'after'): CompiledPolicy[] {
  return changes.flatMap((change) => {
    try {
      return change[side] === undefined ? [] : compileNetworkPolicy(change[side]);
    } catch (error) {
      // What the API would refuse is not in force.
      if (error instanceof InvalidPolicy) return [];
      throw error;
    }
  });
}

function isOfOneName({ after: a }: PolicyChange, { after: b }: PolicyChange): boolean {
  const path = (object: PolicyChange['after']) =>
    ['namespace', 'name'].map((key) => textAt(objectAt(object, 'metadata'), key));
  return path(a).join('/') === path(b).join('/');
}

/** The plan that opens least, of those the one that closes least, then the one that changes least. */
export function leastPlan(plans: readonly Plan[]): Plan | undefined {
  const sizes = (plan: Plan) => [
    extentOf(plan.opens),
    extentOf(plan.closes),
    plan.changes.reduce((sum, { before, after }) => sum + linesChanged(before, after), 0),
  ];
  const measured = plans.map((plan) => ({ plan, sizes: sizes(plan) }));
  const isLess = (a: readonly number[], b: readonly number[]) => {
    const i = a.findIndex((size, at) => size !== b[at]);
    return i >= 0 && (a[i] ?? 0) < (b[i] ?? 0);
  };
  return measured.reduce<(typeof measured)[number] | undefined>(
    (best, one) => (best === undefined || isLess(one.sizes, best.sizes) ? one : best),
    undefined,
  )?.plan;
}

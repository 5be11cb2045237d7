import { StateAt } from '../../history/state_at.js';
import type { ClusterTimeline } from '../../history/timeline.js';
import { DATA_PLANES } from '../../rules/data_plane.js';
import { problemSaid } from '../../rules/problem.js';
import { Evaluator } from '../../verdict/evaluator.js';
import { Directory } from '../names/directory.js';
import { addressNotes } from './address_note.js';
import { type Answer, Answers } from './answer.js';
import type { AskedConnection } from './asked_connection.js';
import { type Pair, pairsOf } from './pairs.js';
import { portNote } from './port_note.js';

/** Explains connections of one instant, asked about by name. */
export class Inquiry {
  private readonly directory: Directory;
  private readonly answers: Answers;

  /** @param time nanoseconds since the epoch. */
  constructor(
    private readonly timeline: ClusterTimeline,
    readonly time: bigint,
  ) {
    this.directory = new Directory(timeline, timeline.at(time));
    this.answers = new Answers(timeline.evaluatorAt(time));
  }

  /** The connections that are asked about. Throws a KtapeError for names that nobody has or several do. */
  pairs(asked: AskedConnection): Pair[] {
    const from = this.directory.who(asked.from);
    return pairsOf(this.timeline, this.directory.state, from, this.directory.who(asked.to), asked);
  }

  /** The answer for all the pairs of an asked connection. */
  answer(pairs: readonly Pair[]): Answer {
    return this.answers.of(pairs);
  }

  /** What people may have meant instead, what of a block was left out and what was assumed, a sentence each. */
  notes(asked: AskedConnection, pairs: readonly Pair[]): string[] {
    const note = portNote(this.timeline, this.directory.state, pairs, asked);
    const leftOut = [asked.from, asked.to].flatMap((end) => this.directory.who(end).leftOut ?? []);
    const addresses = addressNotes(this.timeline.evaluatorAt(this.time), this.directory.state, pairs);
    return [...(note === undefined ? [] : [note]), ...leftOut, ...addresses, ...this.dataPlaneNotes(pairs)];
  }

  /** Whose habits were assumed, where those of another data plane make another verdict. */
  private dataPlaneNotes(pairs: readonly Pair[]): string[] {
    const { history, dataPlane, isDataPlaneAssumed } = this.timeline;
    if (!isDataPlaneAssumed) return [];
    const { verdict } = this.answers.of(pairs);
    const others = DATA_PLANES.flatMap((one) => {
      const other = new Answers(new Evaluator(new StateAt(history, this.time, one))).of(pairs).verdict;
      return other === verdict ? [] : `with --dataplane ${one} it is ${other}`;
    });
    if (others.length === 0) return [];
    const said = others.join(', ');
    return [`Judged as ${dataPlane} enforces it, as no policy of Calico or Cilium was seen; ${said}.`];
  }

  /** Policies that are left out of the answer and might bear on it, a sentence each. */
  problems(pairs: readonly Pair[]): string[] {
    const ends = pairs.flatMap(({ connection }) => [connection.source, connection.destination]);
    const namespaces = new Set(ends.flatMap((end) => (end.kind === 'pod' ? end.pod.namespace : [])));
    return [null, ...namespaces].flatMap((namespace) =>
      this.directory.state.problems(namespace).map(problemSaid),
    );
  }
}

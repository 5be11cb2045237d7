import type { ClusterTimeline } from '../history/timeline.js';
import { problemSaid } from '../rules/problem.js';
import { type Answer, Answers } from './answer.js';
import { type Pair, pairsOf } from './pairs.js';
import type { Question } from './question.js';
import { Directory } from './who.js';

/** Questions about one instant: who may talk to whom, by name. */
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

  /** The connections that a question is about. Throws a KtapeError for names that nobody has or several do. */
  pairs(question: Question): Pair[] {
    const from = this.directory.who(question.from);
    return pairsOf(this.timeline, this.directory.state, from, this.directory.who(question.to), question);
  }

  /** The answer for all the pairs of a question. */
  answer(pairs: readonly Pair[]): Answer {
    return this.answers.of(pairs);
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

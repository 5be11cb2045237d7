import type { Answer, DirectionAnswer, PolicyPart } from '../../policy/questions/answer.js';
import type { Question } from '../../policy/questions/question.js';
import { bold, type Layout, textParagraph } from '../../report/text_table.js';
import { formatTime } from '../../tape/time.js';

/** An answer with all that people are told of it. */
export interface ToldAnswer {
  readonly question: Question;
  /** The instant it is about, nanoseconds since the epoch; undefined for manifests. */
  readonly time: bigint | undefined;
  readonly answer: Answer;
  /** Sentences. */
  readonly notes: readonly string[];
}

const INDENT = '  ';

/** The verdict, each direction with its policies and their clauses, then notes and what was left out. */
export function answerText({ question, time, answer, notes }: ToldAnswer, layout: Layout): string {
  const { from, to, protocol, port } = question;
  const when = time === undefined ? '' : ` at ${formatTime(time)}`;
  const title = `${answer.verdict}: ${from} to ${to} on ${protocol}${port === null ? '' : ` ${port}`}${when}`;
  const blocks = [
    bold(textParagraph(title, layout), layout),
    directionText('egress', answer.egress, layout),
    directionText('ingress', answer.ingress, layout),
    ...[...notes, ...(answer.problems ?? [])].map((sentence) => textParagraph(sentence, layout)),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function directionText(name: string, { verdict, policies, why }: DirectionAnswer, layout: Layout): string {
  const reasons = why === undefined ? policies.map(policyText) : [why];
  const inner = { ...layout, width: layout.width - INDENT.length };
  const lines = reasons.flatMap((reason) => textParagraph(reason, inner).split('\n'));
  return [`${name}: ${verdict}`, ...lines.map((line) => INDENT + line)].join('\n');
}

function policyText({ kind, namespace, name, effect, why }: PolicyPart): string {
  return `${kind} ${namespace === null ? '' : `${namespace}/`}${name} ${effect}: ${why}`;
}

import { nameWithKind } from '../../kubernetes/name_with_kind.js';
import type { Answer, DirectionAnswer, PolicyPart } from '../../policy/questions/explain/answer.js';
import type { AskedConnection } from '../../policy/questions/explain/asked_connection.js';
import type { DataPlane } from '../../policy/rules/data_plane.js';
import { jsonText } from '../../report/json_text.js';
import { bold, type Layout, textParagraph } from '../../report/text_table.js';
import { formatTime, shortTime, shortTimes } from '../../tape/time.js';
import { type LastChange, lastChangeJson, lastChangeSaid } from './history_notes.js';

/** An answer with all that people are told of it. */
export interface ToldAnswer {
  readonly asked: AskedConnection;
  /** The instant it is about, nanoseconds since the epoch; undefined for manifests. */
  readonly time: bigint | undefined;
  readonly answer: Answer;
  /** Whose habits were assumed. */
  readonly dataPlane: DataPlane;
  /** None for manifests. */
  readonly changes: readonly LastChange[];
  /** What else is to be known, a sentence each. */
  readonly notes: readonly string[];
  /** What is left out of it, a sentence each. */
  readonly problems: readonly string[];
}

const INDENT = '  ';

/** The verdict, each direction with its policies and their clauses, then notes and what was left out. */
export function answerText(told: ToldAnswer, layout: Layout): string {
  const { asked, time, answer, changes, notes, problems } = told;
  const { from, to, protocol, port } = asked;
  const when = time === undefined ? '' : ` at ${shortTime(time)}`;
  const title = `${answer.verdict}: ${from} to ${to} on ${protocol}${port === null ? '' : ` ${port}`}${when}`;
  const blocks = [
    bold(textParagraph(title, layout), layout),
    directionText('egress', answer.egress, layout),
    directionText('ingress', answer.ingress, layout),
    ...[...changes.map(lastChangeSaid), ...notes, ...problems].map((sentence) =>
      textParagraph(shortTimes(sentence), layout),
    ),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function directionText(name: string, { verdict, policies, why }: DirectionAnswer, layout: Layout): string {
  const reasons = why === undefined ? policies.map(policyText) : [why];
  const inner = { ...layout, width: layout.width - INDENT.length };
  const lines = reasons.flatMap((reason) => textParagraph(shortTimes(reason), inner).split('\n'));
  return [`${name}: ${verdict}`, ...lines.map((line) => INDENT + line)].join('\n');
}

function policyText(part: PolicyPart): string {
  const does = part.effect === 'unknown' ? 'cannot be judged' : part.effect;
  return `${nameWithKind(part.kind, part)} ${does}: ${part.why}`;
}

/** `{verdict, egress, ingress, dataPlane, at?, changes?, notes, problems?}`: the instant and the changes only of a tape. */
export function answerJson({ time, answer, dataPlane, changes, notes, problems }: ToldAnswer): string {
  return jsonText({
    ...answer,
    dataPlane,
    ...(time !== undefined && { at: formatTime(time), changes: changes.map(lastChangeJson) }),
    notes,
    ...(problems.length > 0 && { problems }),
  });
}

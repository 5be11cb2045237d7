import { inert } from '../inert.js';
import { objectSaid } from '../policy/history/changed_object.js';
import type { Change } from '../policy/history/changes.js';
import type { MatrixDiff, PairChange } from '../policy/questions/matrix/diff.js';
import { formatTime, shortTime, shortTimes } from '../tape/time.js';
import { csvLine } from './csv.js';
import { jsonText } from './json_text.js';
import { bold, type Layout, textParagraph, textTable } from './text_table.js';

/** A difference with what is to be said beside it. Times are nanoseconds since the epoch. */
export interface DiffAnswer extends MatrixDiff {
  readonly source: string;
  readonly since: bigint;
  readonly until: bigint;
  /** What the answer lacks or leaves out, a sentence each. */
  readonly notes: readonly string[];
}

/** Changes between the instants that are listed. */
const LISTED = 8;

/** Pairs under the change that turned them. */
export function diffTable(answer: DiffAnswer, layout: Layout): string {
  const { source, since, until, appeared, vanished, doubtful, came, went, notes } = answer;
  const title = `Who may talk to whom in ${inert(source)}, from ${shortTime(since)} to ${shortTime(until)}`;
  const parts = [
    textParagraph(title, layout),
    ...(vanished.length + appeared.length === 0
      ? [textParagraph(sameSaid(answer), layout)]
      : [
          ...sections(
            'No longer allowed',
            vanished,
            'Nothing that was allowed is denied at --until.',
            layout,
          ),
          ...sections('Newly allowed', appeared, 'Nothing that was denied is allowed at --until.', layout),
        ]),
    ...doubts(doubtful, layout),
    ...workloads('Workloads that came', came, layout),
    ...workloads('Workloads that went', went, layout),
    ...notes.map((note) => textParagraph(shortTimes(note), layout)),
  ];
  return `${parts.join('\n\n')}\n`;
}

function doubts(doubtful: DiffAnswer['doubtful'], layout: Layout): string[] {
  if (doubtful.length === 0) return [];
  const rows = doubtful.map(({ source, destination, connections, why }) => [
    source,
    destination,
    connections.text,
    shortTimes(why),
  ]);
  return [`${bold('Cannot be compared', layout)}\n${textTable(['from', 'to', 'on', 'why'], rows, layout)}`];
}

function workloads(title: string, names: readonly string[], layout: Layout): string[] {
  return names.length === 0
    ? []
    : [textParagraph(`${title}, with all their pairs: ${names.join(', ')}.`, layout)];
}

/** Changes that may have undone each other are named: what was between the instants is not compared. */
function sameSaid({ between, since }: DiffAnswer): string {
  const same = 'Both instants allow the same.';
  if (between.length === 0) return same;
  const dayOf = (time: bigint) => shortTime(time).slice(0, 'YYYY-MM-DDT'.length);
  const changes = between.slice(0, LISTED).map(({ time, object, what }) => {
    const isSameDay = dayOf(time) === dayOf(since);
    return `${isSameDay ? shortTime(time).slice('YYYY-MM-DDT'.length) : shortTime(time)} ${objectSaid(object)} (${what})`;
  });
  const more = between.length > LISTED ? [`and ${between.length - LISTED} more`] : [];
  const again = between.length > 1 ? '; ask again with --until between them' : '';
  return `${same} In between: ${[...changes, ...more].join(', ')}${again}.`;
}

function sections(title: string, pairs: readonly PairChange[], none: string, layout: Layout): string[] {
  if (pairs.length === 0) return [none];
  const groups = new Map<string, PairChange[]>();
  for (const pair of pairs) {
    const because = pair.changes.map(changeText).join('; ');
    groups.set(because, [...(groups.get(because) ?? []), pair]);
  }
  return [...groups].map(([because, group]) => {
    const why =
      because === '' ? 'since pods came and went, or by several changes together' : `since ${because}`;
    const rows = group.map(({ source, destination, connections }) => [source, destination, connections.text]);
    const heading = textParagraph(`${title}, ${why}:`, layout);
    return `${bold(heading, layout)}\n${textTable(['from', 'to', 'on'], rows, layout)}`;
  });
}

function changeText({ time, object, what }: Change): string {
  return `${objectSaid(object)} changed at ${shortTime(time)} (${what})`;
}

/** `{source, since, until, appeared: [{source, destination, connections, changes}], vanished, …}`. */
export function diffJson({ since, until, notes, ...answer }: DiffAnswer): string {
  const pairs = (list: readonly PairChange[]) =>
    list.map(({ connections, changes, ...names }) => ({
      ...names,
      connections: connections.text,
      ports: connections.spans,
      changes: changesJson(changes),
    }));
  return jsonText({
    source: answer.source,
    since: formatTime(since),
    until: formatTime(until),
    appeared: pairs(answer.appeared),
    vanished: pairs(answer.vanished),
    doubtful: answer.doubtful.map(({ connections, ...pair }) => ({ ...pair, connections: connections.text })),
    came: answer.came,
    went: answer.went,
    between: changesJson(answer.between),
    ...(notes.length > 0 ? { notes } : {}),
  });
}

function changesJson(changes: readonly Change[]) {
  return changes.map(({ time, ...change }) => ({ time: formatTime(time), ...change }));
}

/** A line for each pair and change that turned it. */
export function diffCsv({ appeared, vanished, doubtful }: DiffAnswer): string {
  const lines = (difference: string, pairs: readonly PairChange[]) =>
    pairs.flatMap(({ source, destination, connections, changes }) => {
      const start = [difference, source, destination, connections.text];
      if (changes.length === 0) return csvLine([...start, null, null, null]);
      return changes.map(({ time, object, what }) =>
        csvLine([...start, formatTime(time), objectSaid(object), what]),
      );
    });
  return [
    csvLine([
      'difference',
      'source',
      'destination',
      'connections',
      'changed_time',
      'changed_object',
      'change',
    ]),
    ...lines('appeared', appeared),
    ...lines('vanished', vanished),
    ...doubtful.map(({ source, destination, connections, why }) =>
      csvLine(['doubtful', source, destination, connections.text, null, null, why]),
    ),
  ].join('');
}

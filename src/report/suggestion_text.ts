import { stringify } from 'yaml';
import { inertLines } from '../inert.js';
import { type JsonObject, objectAt } from '../kubernetes/json.js';
import { objectSaid } from '../policy/history/changed_object.js';
import type { PolicyChange } from '../policy/questions/suggest/candidates.js';
import type { Consequence } from '../policy/questions/suggest/consequences.js';
import type { FlowSummary } from '../policy/questions/suggest/dropped_flow.js';
import type { Denied, Suggestion } from '../policy/questions/suggest/suggest.js';
import { formatTime, shortTime, shortTimes } from '../tape/time.js';
import { counted } from './counted.js';
import { jsonText } from './json_text.js';
import { textParagraph } from './text_table.js';

/** What was suggested, with what is to be said beside it. */
export interface SuggestAnswer {
  readonly suggestions: readonly (Suggestion & Told)[];
  readonly refusals: readonly (Denied & Told)[];
  /** What the answer lacks or leaves out, a sentence each. */
  readonly notes: readonly string[];
}

interface Told {
  readonly lets: readonly FlowSummary[];
}

/** Of a comment's lines, without the `# ` before them. */
const WIDTH = 78;

/** A YAML document for each policy to apply, comments before it and, on what cannot be suggested, at the end. */
export function suggestYaml({ suggestions, refusals, notes }: SuggestAnswer): string {
  const documents = suggestions.map((one) => {
    const policies = one.changes.map(({ after }) => document(after));
    return `${comments(suggestionLines(one))}${policies.join('---\n')}`;
  });
  const nothing = suggestions.length + refusals.length > 0 ? [] : ['Nothing to suggest.'];
  return documents.join('---\n') + comments([...nothing, ...refusals.flatMap(refusalLines), ...notes]);
}

function suggestionLines(one: Suggestion & Told): string[] {
  return [
    ...mendedLines(one),
    'Lets through:',
    ...one.lets.map(flowLine),
    `Denied because of ${one.why}.`,
    ...one.changes.map(changeLine),
    ...relabelledLines(one),
    ...consequenceLines('Also opens', 'Opens nothing else.', one.opens),
    ...consequenceLines('Also closes', 'Closes nothing.', one.closes),
    `Judged again with this at ${shortTime(one.time)}: every one of these connections is allowed.`,
  ];
}

function refusalLines(one: Denied & Told): string[] {
  return [
    ...mendedLines(one),
    'No change of a NetworkPolicy was found that lets through:',
    ...one.lets.map(flowLine),
    `Denied because of ${one.why}.`,
    ...relabelledLines(one),
  ];
}

function relabelledLines({ relabelled }: Denied): string[] {
  return relabelled.map(
    ({ time, object, what, undo }) =>
      `Began when ${objectSaid(object)} changed at ${shortTime(time)}: ${what}. To undo that instead: ${undo}.`,
  );
}

/** Said first: what is mended needs no change. */
function mendedLines(denied: Denied | Suggestion): string[] {
  if (denied.allowedSince === undefined) return [];
  const { time, object, what } = denied.allowedSince;
  const advice = 'changes' in denied ? '; apply this only if it broke again' : '';
  return [
    `Already mended in this recording at ${shortTime(time)} by ${objectSaid(object)} (${what})${advice}.`,
  ];
}

function changeLine({ how, what, after }: PolicyChange): string {
  const { namespace, name } = objectAt(after, 'metadata');
  const path = namespace === undefined ? name : `${namespace}/${name}`;
  return how === 'restore the policy' ? `Restore NetworkPolicy ${path} ${what}.` : `To do: ${how}: ${what}.`;
}

function flowLine({ source, destination, protocol, port, packets, first, last }: FlowSummary): string {
  const dropped = `${counted(packets, 'packet')} dropped from ${shortTime(first)} to ${shortTime(last)}`;
  return `  ${source} to ${destination} on ${protocol}${port === null ? '' : ` ${port}`}: ${dropped}`;
}

function consequenceLines(title: string, none: string, list: readonly Consequence[]): string[] {
  if (list.length === 0) return [none];
  return [
    `${title}:`,
    ...list.map(
      ({ source, destination, connections }) => `  ${source} to ${destination} on ${connections.text}`,
    ),
  ];
}

function comments(sentences: readonly string[]): string {
  const lines = sentences.flatMap((sentence) => {
    const [indent = ''] = /^ */.exec(sentence) ?? [];
    const layout = { width: WIDTH - indent.length, colour: false };
    const wrapped = textParagraph(shortTimes(sentence.trimStart()), layout);
    return wrapped.split('\n').map((line) => `# ${indent}${line}\n`);
  });
  return lines.join('');
}

/** YAML writes some active characters as they are: JSON, which is YAML too, has an escape for each. */
function document(object: JsonObject): string {
  const yaml = stringify(object);
  return inertLines(yaml) === yaml ? yaml : jsonText(object);
}

/** `{suggestions: [{at, lets, why, relabelled?, changes: [{how, what, policy}], opens, closes, allowedSince?}], refusals, notes?}`. */
export function suggestJson({ suggestions, refusals, notes }: SuggestAnswer): string {
  return jsonText({
    suggestions: suggestions.map((one) => ({
      ...deniedJson(one),
      changes: one.changes.map(({ how, what, after }) => ({ how, what, policy: after })),
      opens: one.opens.map(consequenceJson),
      closes: one.closes.map(consequenceJson),
    })),
    refusals: refusals.map(deniedJson),
    ...(notes.length > 0 ? { notes } : {}),
  });
}

function deniedJson({ time, lets, why, relabelled, allowedSince }: Denied & Told) {
  return {
    at: formatTime(time),
    lets: lets.map(({ packets, first, last, ...flow }) => {
      return { ...flow, packets: String(packets), first: formatTime(first), last: formatTime(last) };
    }),
    why,
    ...(relabelled.length > 0 && {
      relabelled: relabelled.map((edit) => ({ ...edit, time: formatTime(edit.time) })),
    }),
    ...(allowedSince && {
      allowedSince: {
        time: formatTime(allowedSince.time),
        object: allowedSince.object,
        what: allowedSince.what,
      },
    }),
  };
}

function consequenceJson({ source, destination, connections }: Consequence) {
  return { source, destination, connections: connections.text, ports: connections.spans };
}

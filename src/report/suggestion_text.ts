import { stringify } from 'yaml';
import type { JsonObject } from '../kubernetes/json.js';
import type { Consequence } from '../policy/questions/suggest/consequences.js';
import type { FlowSummary } from '../policy/questions/suggest/dropped_flow.js';
import type { Denied, Suggestion } from '../policy/questions/suggest/suggest.js';
import { formatTime } from '../tape/time.js';
import { counted } from './counted.js';
import { inertJson, inertLines } from './inert.js';
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

/** Lines of a comment are not longer. */
const WIDTH = 98;

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
    'Lets through:',
    ...one.lets.map(flowLine),
    `Denied because of ${one.why}.`,
    ...one.changes.map(({ how, what }) => `To do: ${how}: ${what}.`),
    ...consequenceLines('Also opens', 'Opens nothing else.', one.opens),
    ...consequenceLines('Also closes', 'Closes nothing.', one.closes),
    `Judged again with this at ${formatTime(one.time)}: every one of these connections is allowed.`,
    ...laterLines(one),
  ];
}

function refusalLines(one: Denied & Told): string[] {
  return [
    'No change of a NetworkPolicy was found that lets through:',
    ...one.lets.map(flowLine),
    `Denied because of ${one.why}.`,
    ...laterLines(one),
  ];
}

function laterLines({ allowedSince }: Denied): string[] {
  if (allowedSince === undefined) return [];
  const { time, object, what } = allowedSince;
  return [`Allowed again in this recording, since ${object} changed at ${formatTime(time)}: ${what}.`];
}

function flowLine({ source, destination, protocol, port, packets, first, last }: FlowSummary): string {
  const dropped = `${counted(packets, 'packet')} dropped from ${formatTime(first)} to ${formatTime(last)}`;
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
    const wrapped = textParagraph(sentence.trimStart(), { width: WIDTH, colour: false });
    return wrapped.split('\n').map((line) => `# ${indent}${line}\n`);
  });
  return lines.join('');
}

/** YAML writes some active characters as they are: JSON, which is YAML too, has an escape for each. */
function document(object: JsonObject): string {
  const yaml = stringify(object);
  return inertLines(yaml) === yaml ? yaml : `${inertJson(JSON.stringify(object, null, 2))}\n`;
}

/** `{suggestions: [{at, lets, why, changes: [{how, what, policy}], opens, closes, allowedSince?}], refusals, notes?}`. */
export function suggestJson({ suggestions, refusals, notes }: SuggestAnswer): string {
  const answer = {
    suggestions: suggestions.map((one) => ({
      ...deniedJson(one),
      changes: one.changes.map(({ how, what, after }) => ({ how, what, policy: after })),
      opens: one.opens.map(consequenceJson),
      closes: one.closes.map(consequenceJson),
    })),
    refusals: refusals.map(deniedJson),
    ...(notes.length > 0 ? { notes } : {}),
  };
  return `${inertJson(JSON.stringify(answer, null, 2))}\n`;
}

function deniedJson({ time, lets, why, allowedSince }: Denied & Told) {
  return {
    at: formatTime(time),
    lets: lets.map(({ packets, first, last, ...flow }) => {
      return { ...flow, packets: String(packets), first: formatTime(first), last: formatTime(last) };
    }),
    why,
    ...(allowedSince && { allowedSince: { ...allowedSince, time: formatTime(allowedSince.time) } }),
  };
}

function consequenceJson({ source, destination, connections }: Consequence) {
  return { source, destination, connections: connections.text, ports: connections.spans };
}

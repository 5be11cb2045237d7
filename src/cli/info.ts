import { resolve } from 'node:path';
import type { Command } from 'commander';
import { inert } from '../inert.js';
import type { Cell } from '../query/cell.js';
import { jsonText } from '../report/json_text.js';
import { renderAnswer } from '../report/render_answer.js';
import { rowsAnswer } from '../report/rows_answer.js';
import { type Layout, textPairs, textTable } from '../report/text_table.js';
import { type Pin, readPins } from '../tape/pins.js';
import { type Tape, timeRange } from '../tape/tape.js';
import { formatTime } from '../tape/time.js';
import { openTapeArgument } from './open_tape.js';
import { addFormat, addIdentity, type FormatOption, type IdentityOption, TAPE } from './options.js';
import type { Terminal } from './terminal.js';

/** What is said of each table. */
const FACTS = ['table', 'rows', 'bytes', 'segments', 'first_time', 'last_time'];
/** As many of them as fit beside each other for a person. */
const SHOWN = 4;

/** `ktape info TAPE`. */
export function defineInfo(command: Command, terminal: Terminal): void {
  command.argument('<tape>', TAPE);
  addIdentity(addFormat(command))
    .addHelpText('after', '\nExample:\n  ktape info incident.tape')
    .action(async (path: string, { format, ...option }: FormatOption & IdentityOption) => {
      const tape = await openTapeArgument(path, terminal, option);
      const place = resolve(path);
      const { pins } = await readPins(tape.directory);
      if (format === 'json') return terminal.stdout.write(asJson(place, tape));
      if (format === 'table') return terminal.stdout.write(asText(place, tape, pins, terminal.layout));
      await renderAnswer(rowsAnswer(FACTS, tableFacts(tape)), format, terminal);
    });
}

function tableFacts(tape: Tape): Cell[][] {
  return Object.entries(tape.manifest.tables).map(([name, segments]) => {
    const sum = (what: 'rows' | 'bytes') => segments.reduce((total, segment) => total + segment[what], 0);
    const range = timeRange(tape, [name]);
    const times = range === undefined ? [null, null] : [formatTime(range.first), formatTime(range.last)];
    return [name, sum('rows'), sum('bytes'), segments.length, ...times];
  });
}

function asJson(place: string, tape: Tape): string {
  const tables = tableFacts(tape).map((facts) =>
    Object.fromEntries(FACTS.map((name, i) => [name, facts[i]])),
  );
  return jsonText({ tape: place, ...tape.manifest, tables });
}

function asText(place: string, tape: Tape, pins: readonly Pin[], layout: Layout): string {
  const { version, tool, state, started, ended, nodes, sources, removed } = tape.manifest;
  const range = timeRange(tape);
  const pairs: [string, string][] = [
    ['tape', place],
    ['format', `${version}, written by ${tool}`],
    ['state', state === 'complete' ? state : 'not completed: still being recorded, or the recorder died'],
    ['recorded', `from ${started} to ${ended ?? 'an unknown time'}`],
    ['rows', range === undefined ? 'none' : `from ${formatTime(range.first)} to ${formatTime(range.last)}`],
  ];
  for (const { node, since, until, limit } of removed)
    pairs.push(['removed', `from ${since} to ${until} on ${node}, by ${limit}`]);
  for (const { name, since, until, by } of pins)
    pairs.push(['pin', `${name}: from ${formatTime(since)} to ${formatTime(until)}, by ${by}`]);
  for (const { name, kernel, architecture } of nodes)
    pairs.push(['node', `${name}, Linux ${kernel}, ${architecture}`]);
  for (const { name, state, detail } of sources) pairs.push(['source', `${name}: ${state}, ${detail}`]);
  const facts = textPairs(
    pairs.map(([name, text]) => [name, inert(text)]),
    layout,
  );
  const tables = tableFacts(tape).map((row) => row.slice(0, SHOWN));
  return `${facts}\n\n${textTable(FACTS.slice(0, SHOWN), tables, layout)}\n`;
}

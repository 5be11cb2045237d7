import type { Command } from 'commander';
import { type Finding, verifyTape } from '../query/verify.js';
import { counted } from '../report/counted.js';
import { renderAnswer } from '../report/render_answer.js';
import { rowsAnswer } from '../report/rows_answer.js';
import { openTape } from '../tape/tape.js';
import { addFormat, type FormatOption } from './options.js';
import type { Terminal } from './terminal.js';

/** `ktape verify TAPE`. */
export function addVerify(program: Command, terminal: Terminal, setStatus: (status: number) => void): void {
  const command = program
    .command('verify')
    .description('check that a tape is whole and says what it holds')
    .argument('<tape>', 'directory of the tape');
  addFormat(command)
    .addHelpText('after', HELP)
    .action(async (path: string, { format }: FormatOption) => {
      const tape = await openTape(path);
      const findings: Finding[] = [];
      for await (const finding of verifyTape(tape, terminal.temporaryDirectory())) findings.push(finding);
      const rows = findings.map(({ path, rows, problem }) => [path, rows, problem ?? 'ok']);
      const answer = rowsAnswer(['path', 'rows', 'result'], rows);
      await renderAnswer(answer, format, terminal.stdout, terminal.layout);
      const segments = findings.filter(({ rows }) => rows !== null);
      const damaged = segments.filter(({ problem }) => problem !== null).length;
      const whole = tape.manifest.state === 'complete' ? '' : '; the tape was not completed';
      await terminal.stderr.write(`${counted(segments.length, 'segment')}, ${damaged} damaged${whole}\n`);
      if (damaged > 0) setStatus(1);
    });
}

const HELP = `
Every segment's bytes, SHA-256, columns, rows, times and order are compared with
tape.json. Exit status 1 if one differs. Files that tape.json does not name are
listed and change nothing.

Example:
  ktape verify incident.tape`;

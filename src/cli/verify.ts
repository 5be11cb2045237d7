import type { KeyObject } from 'node:crypto';
import type { Command } from 'commander';
import { archiveProblem } from '../archive/archive_problem.js';
import { type OpenOptions, openAnyTape, tapeKind } from '../archive/open_any_tape.js';
import { readSignature, readVerifyingKey, SIGNATURE, signatureProblem } from '../archive/signature.js';
import { verifyTape } from '../query/verify.js';
import { counted } from '../report/counted.js';
import { renderAnswer } from '../report/render_answer.js';
import { rowsAnswer } from '../report/rows_answer.js';
import type { Tape } from '../tape/tape.js';
import { openOptions } from './open_tape.js';
import { addFormat, addIdentity, type FormatOption, type IdentityOption, TAPE } from './options.js';
import type { Terminal } from './terminal.js';

interface VerifyOptions extends FormatOption, IdentityOption {
  readonly key?: string;
}

/** What came of looking at one file. */
interface Check {
  readonly path: string;
  /** Of a segment, as the manifest has it; null for all else. */
  readonly rows: number | null;
  readonly result: string;
  /** Whether the tape is not what it should be. */
  readonly isWrong: boolean;
}

/** `ktape verify TAPE`. */
export function addVerify(program: Command, terminal: Terminal, setStatus: (status: number) => void): void {
  const command = program
    .command('verify')
    .description('check that a tape is whole and says what it holds')
    .argument('<tape>', TAPE)
    .option('--key <file>', 'public key (PEM, Ed25519) whose signature the tape must have');
  addIdentity(addFormat(command))
    .addHelpText('after', HELP)
    .action(async (path: string, { format, key: keyFile, ...option }: VerifyOptions) => {
      const key = keyFile === undefined ? undefined : await readVerifyingKey(keyFile);
      const options = await openOptions(terminal, option);
      const tape = await openAnyTape(path, options);
      const checks = [...(await signatureChecks(tape, key)), ...(await archiveChecks(path, tape, options))];
      for await (const { path, rows, problem } of verifyTape(tape, terminal.temporaryDirectory())) {
        const isWrong = rows !== null && problem !== null;
        checks.push({ path, rows, result: problem ?? 'ok', isWrong });
      }
      const rows = checks.map(({ path, rows, result }) => [path, rows, result]);
      await renderAnswer(
        rowsAnswer(['path', 'rows', 'result'], rows),
        format,
        terminal.stdout,
        terminal.layout,
      );
      await terminal.stderr.write(`${summary(tape, checks)}\n`);
      if (checks.some(({ isWrong }) => isWrong)) setStatus(1);
    });
}

/** A signature is looked at where there is one or must be. */
async function signatureChecks(tape: Tape, key: KeyObject | undefined): Promise<Check[]> {
  const check = (result: string, isWrong = false) => [{ path: SIGNATURE, rows: null, result, isWrong }];
  if (key === undefined) {
    const isSigned = (await readSignature(tape)) !== undefined;
    return isSigned ? check('not checked: --key gives the public key of who signed') : [];
  }
  const problem = await signatureProblem(tape, key);
  return check(problem ?? 'ok: signed with this key', problem !== undefined);
}

async function archiveChecks(path: string, tape: Tape, options: OpenOptions): Promise<Check[]> {
  if ((await tapeKind(path)) === 'directory') return [];
  const found = await archiveProblem(path, tape, options);
  return found === undefined ? [] : [{ path: found.path, rows: null, result: found.problem, isWrong: true }];
}

/** `4 segments, 1 damaged; …`. */
function summary({ manifest }: Tape, checks: readonly Check[]): string {
  const segments = checks.filter(({ rows }) => rows !== null);
  const damaged = segments.filter(({ isWrong }) => isWrong);
  const others = checks.filter(({ rows, isWrong, path }) => rows === null && (isWrong || path === SIGNATURE));
  return [
    `${counted(segments.length, 'segment')}, ${damaged.length} damaged`,
    ...others.map(({ path, result }) => `${path}: ${result}`),
    ...(manifest.state === 'complete' ? [] : ['the tape was not completed']),
  ].join('; ');
}

const HELP = `
Every segment's bytes, SHA-256, columns, rows, times and order are compared with
tape.json, and every byte of an archive with that which ktape writes of the
tape. Exit status 1 if one differs. Files that tape.json does not name are
listed and change nothing.

What tape.json itself says is vouched for by its signature alone: with --key the
tape must have one, made with that key (ktape share --sign makes it).

Examples:
  ktape verify incident.tape
  ktape verify shared.tape.tar --key customer.pem`;

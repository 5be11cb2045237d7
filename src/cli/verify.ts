import type { KeyObject } from 'node:crypto';
import type { Command } from 'commander';
import { archiveProblem } from '../archive/archive_problem.js';
import { type OpenOptions, openDamaged, tapeKind } from '../archive/open_any_tape.js';
import { readSignature, readVerifyingKey, SIGNATURE, signatureProblem } from '../archive/signature.js';
import { verifyTape } from '../query/verify.js';
import { counted } from '../report/counted.js';
import { renderAnswer } from '../report/render_answer.js';
import { rowsAnswer } from '../report/rows_answer.js';
import { openTape, type Tape } from '../tape/tape.js';
import { openOptions } from './open_tape.js';
import { fromFile } from './option_file.js';
import { addFormat, addIdentity, type FormatOption, type IdentityOption, TAPE } from './options.js';
import { say } from './say.js';
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
export function defineVerify(
  command: Command,
  terminal: Terminal,
  setStatus: (status: number) => void,
): void {
  command
    .argument('<tape>', TAPE)
    .option('--key <file>', 'public key (PEM, Ed25519) whose signature the tape must have');
  addIdentity(addFormat(command))
    .addHelpText('after', HELP)
    .action(async (path: string, { format, key: keyFile, ...option }: VerifyOptions) => {
      const key = await fromFile('--key', keyFile, readVerifyingKey);
      const options = await openOptions(terminal, option);
      const isArchive = (await tapeKind(path)) !== 'directory';
      const { tape, problem } = isArchive
        ? await openDamaged(path, options)
        : { tape: await openTape(path), problem: undefined };
      const checks = await signatureChecks(tape, key);
      for await (const finding of verifyTape(tape, terminal.temporaryDirectory())) {
        const isWrong = finding.rows !== null && finding.problem !== null;
        checks.push({ ...finding, result: finding.problem ?? 'ok', isWrong });
      }
      if (problem !== undefined) checks.push({ path, rows: null, result: problem, isWrong: true });
      else if (isArchive && damagedSegments(checks) === 0) await checkRest(path, tape, options, checks);
      const rows = checks.map(({ path, rows, result }) => [path, rows, result]);
      await renderAnswer(rowsAnswer(['path', 'rows', 'result'], rows), format, terminal);
      await say(terminal, [summary(tape, checks)]);
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

/** Finds what else is wrong with an archive whose segments are whole, and says it of the file where it is. */
async function checkRest(path: string, tape: Tape, options: OpenOptions, checks: Check[]): Promise<void> {
  const found = await archiveProblem(path, tape, options);
  if (found === undefined) return;
  const at = checks.findIndex((check) => check.path === found.path);
  const wrong = { path: found.path, rows: checks[at]?.rows ?? null, result: found.problem, isWrong: true };
  if (at === -1) checks.unshift(wrong);
  else checks[at] = wrong;
}

function damagedSegments(checks: readonly Check[]): number {
  return checks.filter(({ rows, isWrong }) => rows !== null && isWrong).length;
}

/** `4 segments, 1 damaged; …`. */
function summary({ manifest }: Tape, checks: readonly Check[]): string {
  const segments = checks.filter(({ rows }) => rows !== null);
  const others = checks.filter(({ rows, isWrong, path }) => rows === null && (isWrong || path === SIGNATURE));
  return [
    `${counted(segments.length, 'segment')}, ${damagedSegments(checks)} damaged`,
    ...others.map(({ path, result }) => `${path}: ${result}`),
    ...(manifest.state === 'complete' ? [] : ['the tape was not completed']),
  ].join('; ');
}

const HELP = `
Every segment's bytes, SHA-256, columns, rows, times and order are compared with
tape.json, and every byte of an archive with that which ktape writes of the
tape; for this it is unpacked anew, into the temporary directory. Exit status 1
if one differs. Files that tape.json does not name are listed and change
nothing.

What tape.json itself says is vouched for by its signature alone: with --key the
tape must have one, made with that key (ktape share --sign makes it).

Examples:
  ktape verify incident.tape
  ktape verify shared.tape.tar --key customer.pem`;

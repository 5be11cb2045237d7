import { readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { recipientsOf } from '../archive/age.js';
import { readSigningKey } from '../archive/signature.js';
import type { Wanted } from '../convert/cut/cutting.js';
import { UsageError, unreadable } from '../errors.js';
import { inert, inertLines } from '../inert.js';
import { counted } from '../report/counted.js';
import { renderAnswer } from '../report/render_answer.js';
import { type Layout, textParagraph } from '../report/text_table.js';
import { ShareKey } from '../share/key.js';
import { leakText } from '../share/proof/leak.js';
import { shareReport, shareReportText } from '../share/report.js';
import { NO_RULES, type Rules } from '../share/rules.js';
import { parseRules } from '../share/rules_file.js';
import { type ShareResult, shareToFile } from '../share/share_file.js';
import { notCompleted } from '../tape/not_completed.js';
import { shortTime, shortTimes } from '../tape/time.js';
import { toolName } from '../tape/tool.js';
import { openTapeArgument } from './open_tape.js';
import { fromFile } from './option_file.js';
import { addFormat, addIdentity, type FormatOption, type IdentityOption, TAPE } from './options.js';
import { addPart, isPart, type PartOptions, wantedPart } from './part.js';
import { type OutputOptions, type Outputs, shareOutputs } from './share_outputs.js';
import type { Terminal } from './terminal.js';

interface ShareOptions extends PartOptions, IdentityOption, FormatOption, OutputOptions {
  readonly rules?: string;
  readonly key?: string;
  readonly addresses: 'prefix' | 'opaque';
  readonly sign?: string;
}

/** Takes what progress was shown away from the line. */
const CLEAR = '\r\u001b[K';

/** `ktape share TAPE`. */
export function defineShare(command: Command, terminal: Terminal, setStatus: (status: number) => void): void {
  command
    .argument('<tape>', TAPE)
    .option('-o, --output <file>', 'file to write, OUT.tape.tar or OUT.tape.tar.age');
  addIdentity(addFormat(addPart(command)))
    .option('--rules <file>', 'YAML that says what is to be done otherwise')
    .option('--key <file>', 'key that decides the words (default: a new one)')
    .option('--map <file>', 'private map to write (default: OUT.map.json)')
    .addOption(
      new Option('--addresses <how>', 'addresses of one network stay together (prefix), or not (opaque)')
        .choices(['prefix', 'opaque'])
        .default('prefix'),
    )
    .option('--sign <file>', 'Ed25519 private key in PEM that signs it')
    .option('--encrypt-to <recipient>', 'age recipient, or a file of some; may be repeated', oneMore)
    .option('--dry-run', 'write nothing, say what would be written; needs no -o')
    .addHelpText('after', HELP)
    .action(async (path: string, options: ShareOptions) => {
      const outputs = shareOutputs(options);
      const { result, rules } = await share(path, outputs, options, terminal);
      const { shared, leaks, tally } = result;
      if (options.format === 'table') {
        await terminal.stdout.write(`${shareReportText(shared.counts, rules, tally, terminal.layout)}\n`);
      } else {
        await renderAnswer(shareReport(shared.counts, rules), options.format, terminal);
      }
      await terminal.stderr.write(inertLines(`${ending(path, result, outputs, options, terminal.layout)}\n`));
      if (leaks.length > 0) setStatus(1);
    });
}

async function share(
  path: string,
  outputs: Outputs | undefined,
  options: ShareOptions,
  terminal: Terminal,
): Promise<{ readonly result: ShareResult; readonly rules: Rules }> {
  const { addresses, dryRun = false } = options;
  const wanted = partOf(options);
  const inputs = await inputsOf(options);
  const tape = await openTapeArgument(path, terminal, options);
  const clear = terminal.isWatched ? CLEAR : '';
  const say = (line: string) => void terminal.stderr.write(`${clear}${inert(line)}\n`);
  let isRunning = true;
  terminal.onExit(() => {
    if (isRunning) say('stopped; nothing was written');
  });
  try {
    const result = await shareToFile(tape, {
      ...(outputs ?? { out: '', map: '' }),
      wanted,
      ...inputs,
      addresses,
      dryRun,
      tool: toolName(),
      temporary: terminal.temporaryDirectory(),
      progress: (what) => {
        if (terminal.isWatched) void terminal.stderr.write(`${CLEAR}${what}`);
      },
      say,
      onExit: terminal.onExit,
    });
    return { result, rules: inputs.rules };
  } finally {
    isRunning = false;
    if (terminal.isWatched) await terminal.stderr.write(CLEAR);
  }
}

/** The part that is wanted; undefined for all of the tape. */
function partOf(options: ShareOptions): Wanted | undefined {
  if (!isPart(options)) return undefined;
  const { since, until } = options;
  if (since !== undefined && until !== undefined && since >= until)
    throw new UsageError(`--since ${shortTime(since)} is not before --until ${shortTime(until)}`);
  return wantedPart(options);
}

/** What the files that options name say. */
async function inputsOf({ rules, key, sign, encryptTo = [] }: ShareOptions) {
  const given = {
    rules: await fromFile('--rules', rules, async (file) => parseRules(await textOf(file, 'utf8'), file)),
    key: await fromFile('--key', key, async (file) => ShareKey.parse(await textOf(file, 'latin1'), file)),
  };
  return {
    rules: given.rules ?? NO_RULES,
    key: given.key ?? ShareKey.fresh(),
    sign: await fromFile('--sign', sign, readSigningKey),
    encryptTo: await recipientsOf(encryptTo, '--encrypt-to'),
  };
}

function textOf(file: string, encoding: 'utf8' | 'latin1'): Promise<string> {
  return readFile(file, encoding).catch((error) => unreadable(file, error));
}

function ending(
  path: string,
  { shared, leaks, proof }: ShareResult,
  outputs: Outputs | undefined,
  { dryRun }: ShareOptions,
  layout: Layout,
): string {
  const named = outputs === undefined ? '' : `${outputs.out}: `;
  if (leaks.length > 0) {
    const found = leaks.map((leak) => `  ${leakText(leak)}`);
    const said = `${named}not written, since it would still hold what it must not, in ${counted(leaks.length, 'place')}:`;
    return [said, ...found, textParagraph(WAYS_OUT, layout)].join('\n');
  }
  const segments = Object.values(shared.manifest.tables).flat();
  const rows = segments.reduce((sum, segment) => sum + segment.rows, 0);
  const identifiers = proof.identifiers.toLocaleString('en');
  return [
    textParagraph(
      `searched ${sizeText(proof.bytes)} for ${identifiers} names, addresses, ids and secrets of the original: none found`,
      layout,
    ),
    ...notCompleted(path, shared.manifest).map(shortTimes),
    `${named}${counted(rows, 'row')}${dryRun ? '; nothing written (--dry-run)' : ''}`,
    ...(dryRun || outputs === undefined ? [] : [`The private map, which must not be sent: ${outputs.map}`]),
  ].join('\n');
}

/** What can be done where something was found. */
const WAYS_OUT =
  'A rules file (--rules) can leave out these columns (class: drop), or say what must go (names:); see --help.';

function sizeText(bytes: number): string {
  return bytes < 1e5 ? counted(bytes, 'byte') : `${(bytes / 1e6).toFixed(1)} MB`;
}

function oneMore(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

const HELP = `
Every name, host, id and address becomes another, the same one everywhere;
secrets are cut; times, counts and published words stay. What was written is
searched for everything that was replaced: if anything is found, nothing is left
but the list of where.

Printed is what was done to each column of text: how many values it has (not
NULL; of lists and attributes each one, as often as it occurs), and how many of
those became others. In json, ndjson and csv there are also samples of what
values became.

The private map says what each word stands for: keep it, and ktape unmask turns
the words in an answer back. With the same --key two tapes have the same words:
whoever has both can lay them side by side.

A rules file:
  columns:
    spans.url_path: {class: drop}
  attributes:
    customer.id: {class: drop}
    http.user_agent: {class: keep, reason: browsers name nobody}
  names: [project-falcon]
  published:
    acme-proxy: {reason: its source is public}
Classes: drop, pseudonym, address, text, keep. What is seen more of than without
the rule needs a reason. ktape schema says the class of every column.

Examples:
  ktape share incident.tape -o incident-shared.tape.tar
  ktape share incident.tape --namespace shop --sign signing.pem \\
    --encrypt-to age1... -o incident-shared.tape.tar.age`;

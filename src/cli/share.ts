import { readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { recipientsOf } from '../archive/age.js';
import { readSigningKey } from '../archive/signature.js';
import { unreadable } from '../errors.js';
import { inertLines } from '../inert.js';
import { counted } from '../report/counted.js';
import { renderAnswer } from '../report/render_answer.js';
import { ShareKey } from '../share/key.js';
import { leakText } from '../share/proof/leak.js';
import { shareReport } from '../share/report.js';
import { NO_RULES, type Rules } from '../share/rules.js';
import { parseRules } from '../share/rules_file.js';
import { type ShareResult, shareToFile } from '../share/share_file.js';
import { toolName } from '../tape/tool.js';
import { openTapeArgument } from './open_tape.js';
import { addFormat, addIdentity, type FormatOption, type IdentityOption, TAPE } from './options.js';
import { addPart, type PartOptions, wantedPart } from './part.js';
import type { Terminal } from './terminal.js';

interface ShareOptions extends PartOptions, IdentityOption, FormatOption {
  readonly output: string;
  readonly rules?: string;
  readonly key?: string;
  readonly map?: string;
  readonly addresses: 'prefix' | 'opaque';
  readonly sign?: string;
  readonly encryptTo?: readonly string[];
  readonly dryRun?: boolean;
}

/** `ktape share TAPE`. */
export function addShare(program: Command, terminal: Terminal, setStatus: (status: number) => void): void {
  const command = program
    .command('share')
    .description('write a tape that others may have: names, addresses and secrets replaced')
    .argument('<tape>', TAPE)
    .requiredOption('-o, --output <file>', 'file to write, OUT.tape.tar or OUT.tape.tar.age');
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
    .option('--dry-run', 'write nothing, say what would be written')
    .addHelpText('after', HELP)
    .action(async (path: string, options: ShareOptions) => {
      const result = await share(path, options, terminal);
      const report = shareReport(result.shared.counts, result.rules);
      await renderAnswer(report, options.format, terminal.stdout, terminal.layout);
      await terminal.stderr.write(inertLines(`${ending(result, options)}\n`));
      if (result.leaks.length > 0) setStatus(1);
    });
}

async function share(
  path: string,
  options: ShareOptions,
  terminal: Terminal,
): Promise<ShareResult & { readonly rules: Rules }> {
  const { output, key, map, addresses, sign, encryptTo = [], dryRun = false } = options;
  const { since, until, namespace, table } = options;
  const isPart = [since, until, namespace, table].some((given) => given !== undefined);
  const rules =
    options.rules === undefined ? NO_RULES : parseRules(await textOf(options.rules), options.rules);
  const result = await shareToFile(await openTapeArgument(path, terminal, options), {
    out: output,
    map: map ?? `${output.replace(/\.tape\.tar(\.age)?$/, '')}.map.json`,
    wanted: isPart ? wantedPart(options) : undefined,
    key: key === undefined ? ShareKey.fresh() : ShareKey.parse(await textOf(key), key),
    addresses,
    rules,
    sign: sign === undefined ? undefined : await readSigningKey(sign),
    encryptTo: await recipientsOf(encryptTo, '--encrypt-to'),
    dryRun,
    tool: toolName(),
    temporary: terminal.temporaryDirectory(),
    progress: (what) => {
      if (terminal.isWatched) void terminal.stderr.write(`\r\u001b[K${what}`);
    },
    onExit: terminal.onExit,
  });
  if (terminal.isWatched) await terminal.stderr.write('\r\u001b[K');
  return { ...result, rules };
}

function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error) => unreadable(file, error));
}

function ending({ shared, leaks }: ShareResult, { output, dryRun }: ShareOptions): string {
  if (leaks.length > 0) {
    const found = leaks.map((leak) => `  ${leakText(leak)}`);
    const said = `${output}: not written, since it would still hold what it must not, in ${counted(leaks.length, 'place')}:`;
    return [said, ...found].join('\n');
  }
  const segments = Object.values(shared.manifest.tables).flat();
  const rows = segments.reduce((sum, segment) => sum + segment.rows, 0);
  return `${output}: ${counted(rows, 'row')}${dryRun ? '; nothing written (--dry-run)' : ''}`;
}

function oneMore(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

const HELP = `
Every name, host, id and address becomes another, the same one everywhere;
secrets are cut; times, counts and published words stay. What was written is
searched for everything that was replaced: if anything is found, nothing is left
but the list of where. Printed is what was done to each column, with examples of
what values became.

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

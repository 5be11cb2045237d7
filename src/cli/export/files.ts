import { type Command, Option } from 'commander';
import { exportTables, type FileFormat } from '../../convert/files/export_tables.js';
import { TIME_FORMS, type TimeForm } from '../../convert/files/times.js';
import { newDirectory } from '../../convert/new_directory.js';
import { counted } from '../../report/counted.js';
import { openTapeArgument } from '../open_tape.js';
import { addIdentity, type IdentityOption, oneMore, TAPE } from '../options.js';
import { say } from '../say.js';
import type { Terminal } from '../terminal.js';

interface Options extends IdentityOption {
  readonly output: string;
  readonly table?: readonly string[];
  readonly time: TimeForm;
}

const DESCRIPTIONS: Readonly<Record<FileFormat, string>> = {
  parquet: 'tables as Parquet, a file each',
  csv: 'tables as CSV, a file each; maps and lists in it are JSON',
  arrow: 'tables as Arrow IPC files',
};

/** `ktape export parquet TAPE`, likewise `csv` and `arrow`. */
export function addExportFiles(parent: Command, terminal: Terminal, format: FileFormat): void {
  const command = parent
    .command(format)
    .description(DESCRIPTIONS[format])
    .argument('<tape>', TAPE)
    .requiredOption('-o, --output <dir>', 'directory of the new files')
    .option('--table <name>', 'only this table; may be repeated', oneMore)
    .addOption(new Option('--time <form>', 'how to write times').choices(TIME_FORMS).default('ns'));
  addIdentity(command)
    .addHelpText('after', helpOf(format))
    .action(async (path: string, { output, table: tables = [], time, ...option }: Options) => {
      const tape = await openTapeArgument(path, terminal, option);
      const written = await newDirectory(output, terminal.onExit, (directory) =>
        exportTables(tape, directory, { format, tables, time, temporary: terminal.temporaryDirectory() }),
      );
      const lines = written.map(({ table, files, rows, cutTimes }) => {
        const cut = time === 'us-utc' && rows > 0 ? cutText(cutTimes) : '';
        return `${table}: ${counted(Number(rows), 'row')} in ${files.join(', ')}${cut}`;
      });
      await say(terminal, lines);
    });
}

function cutText(cutTimes: bigint): string {
  return cutTimes === 0n
    ? '; nothing is cut off its times'
    : `; ${cutTimes} of its times cut to microseconds`;
}

function helpOf(format: FileFormat): string {
  return `
Times are as in the tape by default: UTC in nanoseconds, without a zone. Tools
that do not read these take us-utc, UTC in microseconds (what is cut off is
told), or int64, nanoseconds since 1970.

Example:
  ktape export ${format} incident.tape --table spans --time us-utc -o spans/`;
}

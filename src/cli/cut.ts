import type { Command } from 'commander';
import { cutTape } from '../convert/cut/cut.js';
import { newDirectory } from '../convert/new_directory.js';
import { UsageError } from '../errors.js';
import { counted } from '../report/counted.js';
import { notCompleted } from '../tape/not_completed.js';
import { shortTimes } from '../tape/time.js';
import { toolName } from '../tape/tool.js';
import { openTapeArgument } from './open_tape.js';
import { addIdentity, type IdentityOption, TAPE } from './options.js';
import { addPart, isPart, type PartOptions, wantedPart } from './part.js';
import { say } from './say.js';
import type { Terminal } from './terminal.js';

interface Options extends PartOptions, IdentityOption {
  readonly output: string;
}

/** `ktape cut TAPE`. */
export function defineCut(command: Command, terminal: Terminal): void {
  command.argument('<tape>', TAPE).requiredOption('-o, --output <tape>', 'directory of the new tape');
  addIdentity(addPart(command))
    .addHelpText('after', HELP)
    .action(async (path: string, { output, ...options }: Options) => {
      if (!isPart(options)) {
        throw new UsageError('which part? Give --since, --until, --namespace or --table');
      }
      const tape = await openTapeArgument(path, terminal, options);
      const { manifest, leftOut } = await newDirectory(output, terminal.onExit, (directory) =>
        cutTape(tape, directory, wantedPart(options), {
          tool: toolName(),
          temporary: terminal.temporaryDirectory(),
        }),
      );
      const rows = Object.values(manifest.tables)
        .flat()
        .reduce((sum, segment) => sum + segment.rows, 0);
      const others = [...leftOut].map(([table, count]) => `${count} of ${table}`);
      const rest = others.length === 0 ? '' : `; left out of the window: ${others.join(', ')}`;
      const notes = notCompleted(path, manifest).map(shortTimes);
      await say(terminal, [...notes, `${output}: ${counted(rows, 'row')}${rest}`]);
    });
}

const HELP = `
Rows are chosen by their own times; events, links and exemplars go with the span
or point that they belong to. Of Kubernetes objects and cgroups comes along what
there was when the window starts, so that verdicts stay as they were.

With --namespace: what pods of the namespace sent by OTLP, kernel rows and flows
with one of their addresses at either end, their objects, those of the cluster,
and of other namespaces the pods, services and policies at the other ends. What
is left out is counted in losses, and reports say it.

Examples:
  ktape cut incident.tape --since 2026-11-22T10:00Z -o after-ten.tape
  ktape cut incident.tape --namespace shop -o shop.tape`;

import type { Command } from 'commander';
import { mergeInto } from '../convert/merge.js';
import { counted } from '../report/counted.js';
import { toolName } from '../tape/tool.js';
import { openTapeArgument } from './open_tape.js';
import { addIdentity, type IdentityOption, TAPE } from './options.js';
import { say } from './say.js';
import type { Terminal } from './terminal.js';

/** `ktape merge`. */
export function defineMerge(command: Command, terminal: Terminal): void {
  command
    .argument('<tapes...>', `${TAPE}; of one node or of several`)
    .requiredOption('-o, --output <tape>', 'directory of the new tape');
  addIdentity(command)
    .addHelpText('after', HELP)
    .action(async (paths: string[], { output, ...option }: { readonly output: string } & IdentityOption) => {
      const { onExit } = terminal;
      const { manifest, notices } = await mergeInto(paths, output, {
        tool: toolName(),
        onExit,
        open: (path) => openTapeArgument(path, terminal, option),
      });
      const segments = Object.values(manifest.tables).flat();
      const merged = `${output}: ${counted(paths.length, 'tape')} merged, ${counted(segments.length, 'segment')}`;
      await say(terminal, [...notices, merged]);
    });
}

const HELP = `
Segments are copied as they are, each verified by its SHA-256; one that several
tapes have is there once. What one tape did not see while another recorded
becomes rows of losses. The new tape is there whole or not at all.

Example:
  ktape merge node-a.tape node-b.tape -o incident.tape`;

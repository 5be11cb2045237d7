import { createReadStream } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import type { Command } from 'commander';
import { unreadable } from '../errors.js';
import { originalsOf } from '../share/map_file.js';
import { unmasked } from '../share/unmask.js';
import type { Terminal } from './terminal.js';

/** Text that is looked through at once: the map is read once for each such piece. */
const PIECE = 1 << 22;

/** `ktape unmask`. */
export function addUnmask(program: Command, terminal: Terminal): void {
  program
    .command('unmask')
    .description('turn the words of a shared tape in a text back into what they stand for')
    .argument('[file]', 'text, such as the answer of whom the tape was shared with (default: standard input)')
    .requiredOption('--map <file>', 'private map that ktape share wrote')
    .addHelpText('after', HELP)
    .action(async (file: string | undefined, { map }: { readonly map: string }) => {
      const chunks = file === undefined ? terminal.inputChunks() : createReadStream(file);
      for await (const piece of piecesOf(chunks, file ?? 'standard input')) {
        await terminal.stdout.write(unmasked(piece, (words) => originalsOf(map, words)));
      }
    });
}

/** The text in pieces that end with a line, if lines are not longer than a piece. */
async function* piecesOf(chunks: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<string> {
  const decoder = new StringDecoder();
  let text = '';
  try {
    for await (const chunk of chunks) {
      text += decoder.write(Buffer.from(chunk));
      if (text.length < PIECE) continue;
      const end = text.lastIndexOf('\n') + 1 || text.length;
      yield text.slice(0, end);
      text = text.slice(end);
    }
  } catch (error) {
    unreadable(file, error);
  }
  yield text + decoder.end();
}

const HELP = `
Words, ids and addresses of the shared tape are replaced wherever they stand;
all else stays as it is. Ids of spans and traces are turned back by the key in
the map: 16 or 32 hexadecimal digits from elsewhere become others too.

Example:
  ktape unmask --map incident-shared.map.json answer.txt`;

import { createReadStream } from 'node:fs';
import { TextDecoder } from 'node:util';
import type { Command } from 'commander';
import { InvalidFileError, unreadable } from '../errors.js';
import { PrivateMap } from '../share/map_file.js';
import { unmaskedParts } from '../share/unmask.js';
import { fromFile } from './option_file.js';
import type { Terminal } from './terminal.js';

/** Text that is looked through at once: the map is read once for each such piece. */
const PIECE = 1 << 20;

/** `ktape unmask`. */
export function defineUnmask(command: Command, terminal: Terminal): void {
  command
    .argument('[file]', 'text, such as the answer of whom the tape was shared with (default: standard input)')
    .requiredOption('--map <file>', 'private map that ktape share wrote')
    .addHelpText('after', HELP)
    .action(async (file: string | undefined, { map }: { readonly map: string }) => {
      const originals = await fromFile('--map', map, async (path) => new PrivateMap(path));
      const chunks = file === undefined ? terminal.inputChunks() : createReadStream(file);
      for await (const piece of piecesOf(chunks, file ?? 'standard input')) {
        for (const part of unmaskedParts(piece, originals)) await terminal.stdout.write(part);
      }
    });
}

/** The text in pieces that end where no word goes on, if there is any such place in a piece. */
async function* piecesOf(chunks: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const decoded = (chunk?: Uint8Array): string => {
    const text = textOf(decoder, chunk);
    if (text !== undefined) return text;
    throw new InvalidFileError(file, 'not text in UTF-8; expected an answer in the words of a shared tape');
  };
  let text = '';
  try {
    for await (const chunk of chunks) {
      text += decoded(chunk);
      if (text.length < PIECE) continue;
      const end = 1 + Math.max(...['\n', ' ', '"'].map((character) => text.lastIndexOf(character)));
      yield text.slice(0, end || text.length);
      text = text.slice(end || text.length);
    }
  } catch (error) {
    if (error instanceof InvalidFileError) throw error;
    unreadable(file, error);
  }
  yield text + decoded();
}

/** More of a text; undefined where it is none. A zero is valid UTF-8, but nobody writes it. */
function textOf(decoder: TextDecoder, chunk?: Uint8Array): string | undefined {
  try {
    const text = decoder.decode(chunk, { stream: chunk !== undefined });
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

const HELP = `
Words, ids and addresses of the shared tape are replaced wherever they stand,
also within longer words and in capitals; names cut to the length of a port's or
label's, and numbers of persons and accounts, where they stand whole: a number
that somebody rounded or grouped (4.1e16, 40,938,475) is not known again. All
else stays as it is, also [secrets], which are in no map.
By the key in the map are turned back ids of spans and traces and, unless they
were shared with --addresses opaque, addresses and blocks that the tape does not
hold: 16 or 32 hexadecimal digits, or addresses, from elsewhere become others
too. One span id of two thousand has decimal digits only, and stays: it could be
any number.

Example:
  ktape unmask --map incident-shared.map.json answer.txt`;

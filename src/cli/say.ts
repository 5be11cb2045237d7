import { inert } from '../inert.js';
import type { Terminal } from './terminal.js';

/** Writes lines, of which each stays one, to standard error. */
export async function say({ stderr }: Pick<Terminal, 'stderr'>, lines: readonly string[]): Promise<void> {
  await stderr.write(lines.map((line) => `${inert(line)}\n`).join(''));
}

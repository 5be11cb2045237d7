import type { Command } from 'commander';
import { addDiff } from './policy/diff.js';
import { addExplain } from './policy/explain.js';
import { addMatrix } from './policy/matrix.js';
import { addSuggest } from './policy/suggest.js';
import type { Terminal } from './terminal.js';

/** `ktape policy` and what can be asked with it. */
export function definePolicy(command: Command, terminal: Terminal): void {
  command.addHelpText('after', EXAMPLES);
  addExplain(command, terminal);
  addMatrix(command, terminal);
  addDiff(command, terminal);
  addSuggest(command, terminal);
}

const EXAMPLES = `
Examples:
  ktape policy explain a.tape --from shop/web --to shop/db --port 5432
  ktape policy matrix manifests/ --namespace shop`;

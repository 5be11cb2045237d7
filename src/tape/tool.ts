import { readFileSync } from 'node:fs';

/** Name and version of this program as tapes and `--version` show them, such as `ktape 0.1.0`. */
export function toolName(): string {
  const file = new URL('../../../package.json', import.meta.url);
  const { name, version }: { name: string; version: string } = JSON.parse(readFileSync(file, 'utf8'));
  return `${name} ${version}`;
}

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Absolute path of a file that belongs to the package; this module runs as `dist/src/query/package_files.js`. */
export function packagePath(path: string): string {
  return fileURLToPath(new URL(`../../../${path}`, import.meta.url));
}

/** Name and version as tapes and `--version` show them, such as `ktape 0.1.0`. */
export function toolVersion(): string {
  const { name, version }: { name: string; version: string } = JSON.parse(
    readFileSync(packagePath('package.json'), 'utf8'),
  );
  return `${name} ${version}`;
}

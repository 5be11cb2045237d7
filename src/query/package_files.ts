import { fileURLToPath } from 'node:url';

/** Absolute path of a file that belongs to the package; this module runs as `dist/src/query/package_files.js`. */
export function packagePath(path: string): string {
  return fileURLToPath(new URL(`../../../${path}`, import.meta.url));
}

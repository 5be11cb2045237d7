import { readdirSync, readFileSync } from 'node:fs';
import { packagePath } from './package_files.js';

/** A .sql file of the package: its name within its folder, its path within the package, its text. */
export interface SqlFile {
  readonly name: string;
  readonly path: string;
  readonly text: string;
}

/** The .sql files directly in a folder of the package, by name. */
export function sqlFiles(folder: string): SqlFile[] {
  return readdirSync(packagePath(folder))
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => {
      const path = `${folder}/${file}`;
      return { name: file.slice(0, -'.sql'.length), path, text: readFileSync(packagePath(path), 'utf8') };
    });
}

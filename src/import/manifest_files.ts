import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidFileError, unreadable } from '../errors.js';
import { type ManifestEntry, readManifests } from '../kubernetes/manifests.js';

/** Larger manifests than any cluster writes are refused. */
const MAX_FILE_BYTES = 512 << 20;

const MANIFEST_FILE = /\.(ya?ml|json|jsonl|ndjson)$/i;

/** The files named, and those with a manifest's ending below the directories named, in order. */
export async function manifestFiles(paths: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const path of paths) {
    const found = await stat(path).catch((error) => unreadable(path, error));
    if (!found.isDirectory()) {
      if (found.size > MAX_FILE_BYTES) {
        throw new InvalidFileError(path, `${found.size} bytes long; expected at most ${MAX_FILE_BYTES}`);
      }
      files.push(path);
      continue;
    }
    const names = (await readdir(path, { recursive: true }))
      .filter((name) => MANIFEST_FILE.test(name))
      .sort();
    if (names.length === 0) throw new InvalidFileError(path, 'no .yaml, .yml or .json file in it');
    files.push(...(await manifestFiles(names.map((name) => join(path, name)))));
  }
  return files;
}

/** Every object of a manifest file, and every document that is none, with its place. */
export async function readManifestFile(
  file: string,
): Promise<{ readonly where: string; readonly entry: ManifestEntry }[]> {
  const text = await readFile(file, 'utf8').catch((error) => unreadable(file, error));
  return [...readManifests(text)].map((entry) => ({ where: `${file}: document ${entry.document}`, entry }));
}

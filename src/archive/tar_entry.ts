import { buffer } from 'node:stream/consumers';
import type { Header } from 'tar-stream';
import { KtapeError } from '../errors.js';
import { MANIFEST } from '../tape/manifest.js';
import { MAX_MANIFEST_BYTES } from '../tape/parse_manifest.js';
import { SIGNATURE, SIGNATURE_BYTES } from './signature.js';

/** A file or directory as it comes in a tar archive. */
export interface TarEntry extends AsyncIterable<Uint8Array> {
  readonly header: Header;
  /** Where in the archive its header begins, which is a block long. */
  readonly offset: number;
  resume(): unknown;
}

/** The path within the tape, without the `./` that tar puts before it. Throws a KtapeError for what no tape has. */
export function pathOf({ name, type }: Header): string {
  const shown = JSON.stringify(name.slice(0, 200));
  if (type !== 'file' && type !== 'directory')
    throw new KtapeError(`the archive has a ${type ?? 'thing of unknown type'}, ${shown}; expected files`);
  const parts = name.split('/');
  if (name.startsWith('/') || parts.includes('..')) {
    throw new KtapeError(`the archive has the path ${shown}, which leads out of the tape`);
  }
  return parts.filter((part) => part !== '.' && part !== '').join('/');
}

/** The manifest, which is what an archive begins with. */
export async function manifestOf(entry: TarEntry): Promise<Buffer> {
  const path = pathOf(entry.header);
  if (path !== MANIFEST) {
    throw new KtapeError(
      `the archive begins with ${JSON.stringify(path.slice(0, 200))}; expected ${MANIFEST}`,
    );
  }
  return contentOf(entry, MANIFEST, MAX_MANIFEST_BYTES);
}

export function signatureOf(entry: TarEntry): Promise<Buffer> {
  return contentOf(entry, SIGNATURE, SIGNATURE_BYTES);
}

async function contentOf(entry: TarEntry, path: string, most: number): Promise<Buffer> {
  const { size } = entry.header;
  if (size > most) throw new KtapeError(`${path}: ${size} bytes long; expected at most ${most}`);
  return buffer(entry);
}

import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { extract } from 'tar-stream';

/** A file of a shared tape. */
export interface TapeFile {
  /** Path within the tape. */
  readonly path: string;
  /** Its bytes, or the path on disk where they are. */
  readonly content: Uint8Array | string;
  /** What the archive says of it besides its name. */
  readonly header: readonly string[];
}

/** The files of a tape, of a directory or of a tar archive, one after the other. */
export async function* filesOf(tape: string): AsyncGenerator<TapeFile> {
  if ((await stat(tape)).isDirectory()) yield* filesOfDirectory(tape);
  else yield* filesOfArchive(tape);
}

async function* filesOfDirectory(directory: string): AsyncGenerator<TapeFile> {
  const entries = await readdir(directory, {
    recursive: true,
    withFileTypes: true,
  });
  for (const entry of entries.filter((each) => !each.isDirectory())) {
    const file = join(entry.parentPath, entry.name);
    yield {
      path: file.slice(join(directory, '/').length),
      content: file,
      header: [],
    };
  }
}

async function* filesOfArchive(archive: string): AsyncGenerator<TapeFile> {
  for await (const entry of createReadStream(archive).pipe(extract())) {
    const { name, uname, gname, linkname, pax } = entry.header;
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    const said = [uname, gname, linkname, ...Object.entries(pax ?? {}).flat()];
    yield {
      path: name,
      content: Buffer.concat(chunks),
      header: said.filter((text) => typeof text === 'string'),
    };
  }
}

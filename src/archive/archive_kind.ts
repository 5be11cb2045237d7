import { open } from 'node:fs/promises';
import { unreadable } from '../errors.js';
import { AGE_MAGIC } from './age.js';

/** Where a tar header has the word that tells it. */
const TAR_MAGIC_AT = 257;
const TAR_MAGIC = 'ustar';

/** What a file's first bytes tell that it is: an archive, an encrypted one, or neither. Its name does not matter. */
export async function archiveKind(file: string): Promise<'tar' | 'age' | undefined> {
  const handle = await open(file).catch((error) => unreadable(file, error));
  try {
    const start = Buffer.alloc(TAR_MAGIC_AT + TAR_MAGIC.length);
    await handle.read(start, 0, start.length, 0).catch((error) => unreadable(file, error));
    if (start.toString('latin1').startsWith(AGE_MAGIC)) return 'age';
    return start.toString('latin1', TAR_MAGIC_AT) === TAR_MAGIC ? 'tar' : undefined;
  } finally {
    await handle.close();
  }
}

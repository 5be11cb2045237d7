import { join } from 'node:path';
import { ShareKey } from '../../../src/share/key.js';
import { NO_RULES } from '../../../src/share/rules.js';
import { type ShareResult, shareToFile } from '../../../src/share/share_file.js';
import type { Tape } from '../../../src/tape/tape.js';

/** Shares all of a tape to `out.tape.tar` in a directory, told what is being done. */
export function shareOf(
  tape: Tape,
  directory: string,
  temporary: string,
  progress: (what: string) => void,
): Promise<ShareResult> {
  return shareToFile(tape, {
    out: join(directory, 'out.tape.tar'),
    map: join(directory, 'out.map.json'),
    wanted: undefined,
    key: ShareKey.fresh(),
    addresses: 'prefix',
    rules: NO_RULES,
    sign: undefined,
    encryptTo: [],
    dryRun: false,
    tool: 'ktape test',
    temporary,
    progress,
    onExit: () => undefined,
  });
}

import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from '../errors.js';
import { MANIFEST } from '../tape/manifest.js';

const PLAIN = '.tape.tar';
const ENCRYPTED = '.tape.tar.age';

export interface OutputOptions {
  readonly output?: string;
  readonly map?: string;
  readonly encryptTo?: readonly string[];
  readonly dryRun?: boolean;
}

/** The files that a share writes. */
export interface Outputs {
  readonly out: string;
  readonly map: string;
}

/** Where the archive and the private map go, if that makes sense; undefined where a dry run has none. */
export function shareOutputs(options: OutputOptions): Outputs | undefined {
  const { output, map, encryptTo = [], dryRun = false } = options;
  if (output === undefined) {
    if (dryRun) return undefined;
    throw new UsageError(`--output: missing; expected a file to write, OUT${PLAIN} or OUT${ENCRYPTED}`);
  }
  checkEnding(output, encryptTo.length > 0);
  const privateMap = map ?? `${output.replace(/\.tape\.tar(?:\.age)?$/, '')}.map.json`;
  if (privateMap === '' || privateMap === '-')
    throw new UsageError(`--map ${JSON.stringify(privateMap)}: expected the name of a file`);
  const [out, mapFile] = [placeOf('--output', output), placeOf('--map', privateMap)];
  if (out === mapFile)
    throw new UsageError(`--map ${privateMap}: the same file as --output; expected another`);
  return { out: output, map: privateMap };
}

function checkEnding(output: string, isEncrypted: boolean): void {
  const shown = `--output ${output === '' ? '""' : output}`;
  const name = basename(output);
  const ending = [ENCRYPTED, PLAIN].find((each) => name.endsWith(each) && name !== each);
  if (isEncrypted && ending !== ENCRYPTED)
    throw new UsageError(`${shown}: encrypted by --encrypt-to; expected a name that ends in ${ENCRYPTED}`);
  if (!isEncrypted && ending === ENCRYPTED)
    throw new UsageError(`${shown}: expected --encrypt-to too, or a name that ends in ${PLAIN}`);
  if (ending === undefined)
    throw new UsageError(
      `${shown}: expected a file whose name ends in ${PLAIN}, or with --encrypt-to in ${ENCRYPTED}`,
    );
}

/** The one name of a file that is to be made, in a directory that is there and not within a tape. */
function placeOf(option: string, file: string): string {
  const given = dirname(file);
  if (!existsSync(given)) throw new UsageError(`${option} ${file}: directory ${given} does not exist`);
  if (!statSync(given).isDirectory()) throw new UsageError(`${option} ${file}: ${given} is not a directory`);
  const directory = realpathSync(given);
  for (let above = directory; ; above = dirname(above)) {
    if (existsSync(join(above, MANIFEST)))
      throw new UsageError(`${option} ${file}: within the tape ${above}; expected a place outside of tapes`);
    if (above === dirname(above)) return join(directory, basename(resolve(file)));
  }
}

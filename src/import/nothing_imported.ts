import { InvalidFileError, KtapeError } from '../errors.js';

/** Why an import gave nothing: the first problem, which names its file, else what these files do not have. */
export function nothingImported(
  files: readonly string[],
  problems: readonly string[],
  lacking: string,
): KtapeError {
  const [problem] = problems;
  return problem === undefined ? new InvalidFileError(files.join(' '), lacking) : new KtapeError(problem);
}

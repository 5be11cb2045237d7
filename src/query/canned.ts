import { readdirSync } from 'node:fs';
import { closest } from '../closest.js';
import { UsageError } from '../errors.js';
import { packagePath } from './package_files.js';
import { sqlFiles } from './sql_files.js';
import { parseSqlHeader, type SqlHeader } from './sql_header.js';

/** A question with the header that describes it. */
export interface DescribedQuery extends SqlHeader {
  /** The whole text, as a person would read and copy it. */
  readonly text: string;
  /** The statement that answers. */
  readonly sql: string;
  /** A statement whose rows are sentences on what the answer leaves out, where there is one. */
  readonly coverageSql: string | undefined;
}

/** A question kept as a file: `queries/network/drops.sql` is `network/drops`. */
export interface CannedQuery extends DescribedQuery {
  readonly name: string;
}

/** The line after which a canned question gives its sentences on coverage. */
const COVERAGE = /^-- Coverage$/m;

/** All canned questions, by name. */
export function cannedQueries(): CannedQuery[] {
  return readdirSync(packagePath('queries'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'views')
    .map((entry) => entry.name)
    .sort()
    .flatMap((subject) =>
      sqlFiles(`queries/${subject}`).map(({ name, path, text }) => ({
        name: `${subject}/${name}`,
        ...describedQuery(path, text),
      })),
    );
}

/** The canned question of that name; throws a UsageError that names those there are. */
export function cannedQueryNamed(name: string): CannedQuery {
  const all = cannedQueries();
  const found = all.find((query) => query.name === name);
  if (found !== undefined) return found;
  const names = all.map((query) => query.name);
  throw new UsageError(`no report "${name}"${closest(name, names)}; there are: ${names.join(', ')}`);
}

/** Reads a question from its text; throws a KtapeError that names the file where the header is wrong. */
export function describedQuery(path: string, text: string): DescribedQuery {
  const [sql = '', coverageSql] = text.split(COVERAGE);
  return {
    text,
    sql: withoutSemicolon(sql),
    coverageSql: coverageSql && withoutSemicolon(coverageSql),
    ...parseSqlHeader(path, text),
  };
}

/** Without the semicolon that ends the statement, so that a comment after it is not taken for another. */
function withoutSemicolon(sql: string): string {
  return sql.trimEnd().replace(/;$/, '');
}

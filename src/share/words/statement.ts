/** What the words of a statement are judged and rewritten by. */
export interface StatementParts {
  readonly name: (text: string) => string;
  /** Whether an unquoted word is the language's and stays; `ORDER` before `BY` does so also where a table is called so. */
  readonly isKeyword: (word: string, beforeBy: boolean) => boolean;
}

/** Comments go: programs put trace contexts and the like there. `#>` is an operator of PostgreSQL. */
const COMMENT = /--[^\n]*|#(?![>-])[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/;
/** `'it''s'`, `E'\n'`, `$tag$…$tag$` of PostgreSQL; one that does not end reaches to the end. */
const LITERAL =
  /[a-z]{0,2}'(?:[^'\\]|''|\\(?:[\s\S]|$))*(?:'|$)|\$(?:[a-z_]\w*)?\$[\s\S]*?(?:\$(?:[a-z_]\w*)?\$|$)/;
const QUOTED_NAME = /"(?:[^"\\]|""|\\(?:[\s\S]|$))*(?:"|$)|`[^`]*(?:`|$)/;
const PLACEHOLDER = /[$?]\d{1,3}\b|(?<![\w:]):\d{1,3}\b|@p\d{1,3}\b/;
const LETTER = 'a-z0-9_\\u0080-\\uffff';
const NUMBER = new RegExp(
  `(?<![${LETTER}])(?:0x[0-9a-f]+|\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?|\\.\\d+)(?![${LETTER}])`,
);
const WORD = new RegExp(`[${LETTER}][${LETTER}$-]*(?<by>(?=\\s+by\\b))?`);

const TOKEN = new RegExp(
  [
    `(?<comment>${COMMENT.source})`,
    `(?<literal>${LITERAL.source}|${NUMBER.source})`,
    `(?<placeholder>${PLACEHOLDER.source})`,
    `(?<quoted>${QUOTED_NAME.source})`,
    WORD.source,
  ].join('|'),
  'gi',
);

/**
 * Rewrites a statement of SQL or of another command language: comments go, literals become `?`, words that are not the
 * language's become names. Double quotes hold names in standard SQL and values in MySQL's: here what they hold is a
 * name, so that it does not stay in either.
 */
export function rewriteStatement(statement: string, { name, isKeyword }: StatementParts): string {
  let rewritten = '';
  let done = 0;
  for (const { 0: token, index, groups } of statement.matchAll(TOKEN)) {
    const { comment, literal, placeholder, quoted, by } = groups ?? {};
    rewritten += statement.slice(done, index);
    done = index + token.length;
    if (comment !== undefined) continue;
    if (literal !== undefined) rewritten += '?';
    else if (placeholder !== undefined) rewritten += token;
    else rewritten += quoted === undefined && isKeyword(token, by !== undefined) ? token : name(token);
  }
  return rewritten + statement.slice(done);
}
